"""A report read out: its title, and its paragraphs."""

from ucli.render import Sheet


def render(sheet: Sheet, _form: str) -> str:
    """Return the paragraphs, a blank line between them."""
    return "\n\n".join([sheet.title, *sheet.prose, *sheet.caveats]) + "\n"
