"""A report read out: its title, and its paragraphs."""

from ucli.errors import UsageError
from ucli.language import _
from ucli.render import Sheet


def render(sheet: Sheet, _form: str) -> str:
    """Return the paragraphs, a blank line between them.

    Raises:
        UsageError: what was asked is no report.

    """
    told = list(sheet.prose)
    if not told:
        raise UsageError(
            _("Only a report can be written as prose."),
            instead=_("Ask “ucli report -f prose”, or choose another format."),
        )
    return "\n\n".join([sheet.title, *told, *sheet.caveats]) + "\n"
