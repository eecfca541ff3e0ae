"""Text made safe for a terminal, and for a spreadsheet."""

import unicodedata

# What a spreadsheet takes for the start of a formula; in East Asian settings also the full-width forms.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_QUOTE = "'"


def sanitize(text: str) -> str:
    """Return a text in which no character moves the cursor, or hides or reverses what follows."""
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") else character
        for character in text
    )


def not_run(text: str) -> str:
    """Return a cell's text guarded so that no spreadsheet takes it for a formula."""
    return _QUOTE + text if text.lstrip(" \u00a0").startswith(_STARTS_A_FORMULA) else text


def as_meant(cell: str) -> str:
    """Return a cell's text without the guard that keeps it from being a formula, or its digits from being a number."""
    is_made_text = cell.startswith(_QUOTE) and (cell[1:2].isdigit() or not_run(cell[1:]) != cell[1:])
    return cell[1:] if is_made_text else cell
