"""The cross-checks between figures, those shipped and the office's own."""

import sqlite3

from ucli.errors import NotFoundError, RefusedError
from ucli.i18n import _
from ucli.ledger.catalogue import find_indicator, require_form
from ucli.ledger.operations import Operation
from ucli.values.cross_checks import CrossCheck, parse_cross_check


def every(db: sqlite3.Connection) -> list[CrossCheck]:
    """Return what is checked between figures, shipped and of the office's own."""
    rows = db.execute("SELECT code, expression, if_missing FROM cross_check ORDER BY op, code")
    return [parse_cross_check(code, text, if_missing, str) for code, text, if_missing in rows]


def add(op: Operation, code: str, text: str, if_missing: str) -> CrossCheck:
    """Write what is to hold between figures; the same again changes nothing."""
    check = parse_cross_check(code, text, if_missing, lambda it: find_indicator(op.db, it).code)
    there = next((it for it in every(op.db) if it.code == code), None)
    if there != check:
        if there:
            raise RefusedError(
                _("The code {code} is already in use.").format(code=code),
                why=there.text(),
                instead=_("Choose another, or void the old one first with “ucli void-check {code}”.").format(code=code),
            )
        require_form(code)
        op.add("cross_check", code=code, expression=check.text(), if_missing=if_missing)
    return check


def void(op: Operation, code: str) -> None:
    """Take a cross-check back; one that ships too."""
    if not op.end("cross_check", code=code):
        raise NotFoundError(
            _("There is no cross-check “{text}”.").format(text=code[:60]), instead=_("“ucli checks” lists them.")
        )
