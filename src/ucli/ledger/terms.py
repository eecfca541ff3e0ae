"""Terms of office: each belongs to a unit, and is cut short when the unit's next congress comes early."""

import re
import sqlite3
from datetime import date, timedelta

from ucli.errors import NotFoundError, RefusedError, RejectedError, UcliError
from ucli.i18n import _
from ucli.ledger.lives import require_alive
from ucli.ledger.operations import Operation
from ucli.ledger.units import get
from ucli.values.names import fold, normalised
from ucli.values.periods import Window, between, built_in
from ucli.values.units import Unit

# The day on which a term really ended: before the next one of the unit, or with the unit itself.
_LASTED = """
    min(r.end_day,
        coalesce((SELECT date(min(n.start_day), '-1 day') FROM term n WHERE n.unit = r.unit
            AND n.start_day > r.start_day), r.end_day),
        coalesce((SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = r.unit AND l.ancestor = r.unit
           ), r.end_day)) AS lasted"""
_TERMS = f"SELECT r.*, {_LASTED} FROM term r"

# What everybody calls a term: 2023-2028.
_TWO_YEARS = re.compile(r"[0-9]{4}-[0-9]{4}")


def add_term(
    op: Operation, unit: Unit, code: str, first: date, last: date, name: str | None, due: date | None
) -> tuple[Window, Window | None]:
    """Write a unit's term; writing the same one again changes nothing.

    Returns:
        The term, and the one before it where that was cut short by it.

    Raises:
        RejectedError: upside down, or a code that means another window everywhere.
        RefusedError: the unit has another term of that code, or a later one, or did not live then.

    """
    code = _code(code)
    if not _TWO_YEARS.fullmatch(code):
        refuse_built_in(code)
    window = between(code, first, last)._replace(name=normalised(name) if name else "")
    require_alive(op.db, unit, first, last)
    values = {
        "name": window.name or None,
        "start_day": first.isoformat(),
        "end_day": last.isoformat(),
        "due": due.isoformat() if due else None,
    }
    if op.db.execute("SELECT 1 FROM period WHERE folded = ?", (fold(code),)).fetchone():
        raise RefusedError(
            _("The code {code} is a period of the whole office.").format(code=code), instead=_("Choose another.")
        )
    shortened = None
    for row in _rows(op.db, "r.unit = :unit", unit=unit.id):
        if row["folded"] == fold(code):
            if all(row[column] == value for column, value in values.items()):
                return window, None
            raise RefusedError(
                _("{unit} has a term {code} already: {period}.").format(
                    unit=unit.name, code=row["code"], period=_window(row).text()
                ),
                instead=_("Void it with “ucli void-period” first, or choose another code."),
            )
        there = _window(row).lasted
        if there.start >= first and there.meets(window):
            raise RefusedError(
                _("The term {period} of {unit} begins within these days.").format(period=there.text(), unit=unit.name),
                instead=_("Terms of one unit follow each other: record the earlier one first."),
            )
        if there.meets(window):
            shortened = there._replace(end=_window(row).end, cut=first - timedelta(days=1))
    op.add("term", unit=unit.id, folded=fold(code), code=code, **values)
    return window, shortened


def void_term(op: Operation, unit: Unit, code: str) -> None:
    """Take a unit's term back; what was recorded for it keeps its days, and what it cut short lasts again.

    Raises:
        NotFoundError: the unit has no term of that code.

    """
    if not op.end("term", unit=unit.id, folded=fold(_code(code))):
        raise NotFoundError(
            _("{unit} has no term “{text}”.").format(unit=unit.name, text=code[:60]),
            instead=_("“ucli periods” lists them."),
        )


def is_term(db: sqlite3.Connection, text: str) -> bool:
    """Tell whether a code is a term of any unit."""
    return bool(_rows(db, "r.folded = :folded", folded=fold(_code(text))))


def last_days(db: sqlite3.Connection) -> dict[tuple[int, str], str]:
    """Return by unit and folded code the last day of each term, where it was cut short."""
    return {(row["unit"], row["folded"]): row["lasted"] for row in _rows(db, "lasted < r.end_day")}


def term_of(db: sqlite3.Connection, text: str, unit: int | None) -> Window | None:
    """Return the term of a code that a unit, or the nearest unit above it, has; None where the code is no term's.

    Raises:
        NotFoundError: the code is the term of units that this one does not stand below, or of several.

    """
    rows = _rows(db, "r.folded = :folded", folded=fold(_code(text)))
    if not rows:
        return None
    if unit is not None:
        line = db.execute(
            "SELECT ancestor FROM ancestry WHERE unit = ? ORDER BY to_day DESC, depth",
            (unit,),
        ).fetchall()
        for (above,) in line:
            for row in rows:
                if row["unit"] == above:
                    return _window(row)
    elif len(rows) == 1:
        return _window(rows[0])
    raise NotFoundError(
        _("“{text}” is a term of {units}.").format(
            text=text[:60], units=", ".join(get(db, row["unit"]).name for row in rows)
        ),
        instead=_("Name one of them with --unit, or a unit below it."),
    )


def refuse_built_in(code: str) -> None:
    """Refuse a code that is read as a date or a calendar period everywhere.

    Raises:
        RejectedError: it is.

    """
    try:
        taken = built_in(code) is not None
    except UcliError:
        taken = True
    if taken or not any(character.isalpha() for character in code):
        raise RejectedError(
            _("“{code}” is read as a date or a calendar period, so it cannot be a code.").format(code=code[:60]),
            instead=_("Choose a code with a word in it, like dot1-2024."),
        )


def _code(text: str) -> str:
    return normalised(text).replace("–", "-").replace(" - ", "-")


def _rows(db: sqlite3.Connection, where: str, **bound: object) -> list[sqlite3.Row]:
    return db.execute(f"{_TERMS} WHERE {where} ORDER BY r.start_day, r.unit", bound).fetchall()


def _window(row: sqlite3.Row) -> Window:
    return Window(
        row["code"],
        date.fromisoformat(row["start_day"]),
        date.fromisoformat(row["end_day"]),
        row["name"] or "",
        date.fromisoformat(row["lasted"]) if row["lasted"] < row["end_day"] else None,
    )
