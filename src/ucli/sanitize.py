"""Text sanitized for a terminal, and for a spreadsheet."""

import unicodedata

# What a spreadsheet takes for the beginning of a formula; one set to an East Asian language in full width too.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_QUOTE = "'"


def sanitize(text: str) -> str:
    """Return text in which no character moves the cursor, hides or turns round what follows."""
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") else character
        for character in text
    )


def not_run(text: str) -> str:
    """Return the text of a cell that no spreadsheet takes for a formula."""
    return _QUOTE + text if text.lstrip(" \u00a0").startswith(_STARTS_A_FORMULA) else text


def as_meant(cell: str) -> str:
    """Return what a cell said before it was made one that is not run, or digits that are text."""
    is_made_text = cell.startswith(_QUOTE) and (cell[1:2].isdigit() or not_run(cell[1:]) != cell[1:])
    return cell[1:] if is_made_text else cell
