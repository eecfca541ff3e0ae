"""Text made harmless to a terminal."""

import unicodedata


def harmless(text: str) -> str:
    """Return text in which no character moves the cursor, hides or turns round what follows."""
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") else character
        for character in text
    )
