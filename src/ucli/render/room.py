"""How much a file holds."""

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.numbers import grouped


def require_room(rows: int, most: int, form: str) -> None:
    """Refuse more rows than a format holds, before any is written.

    Raises:
        RejectedError: there are more.

    """
    if rows > most:
        raise RejectedError(
            _("This has {rows} rows, and {form} holds at most {most}.").format(
                rows=grouped(rows), form=form, most=grouped(most)
            ),
            instead=_("Ask for less, such as one unit or one period, or write it as CSV."),
        )
