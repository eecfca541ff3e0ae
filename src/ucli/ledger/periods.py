"""The ledger's own windows: the office's campaigns and phases, and its units' terms of office.

A term belongs to one unit, and is cut short if the unit's next congress comes early or the unit ends.
"""

import re
import sqlite3
from datetime import date, timedelta

from ucli.errors import NotFoundError, RefusedError, RejectedError, UcliError, UsageError
from ucli.i18n import _
from ucli.ledger.operations import Operation
from ucli.ledger.units import get
from ucli.values.dates import date_text
from ucli.values.names import fold, normalised
from ucli.values.periods import Window, between, built_in, day_text
from ucli.values.units import Unit

# With the day on which each really ended.
PERIODS = """
    SELECT r.*, min(r.end_day,
        coalesce((SELECT date(min(n.start_day), '-1 day') FROM period n WHERE n.unit = r.unit
            AND n.start_day > r.start_day), r.end_day),
        coalesce((SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = r.unit AND l.ancestor = r.unit
            ), r.end_day)) AS lasted
    FROM period r"""
# The usual name of a term: 2023-2028.
_TWO_YEARS = re.compile(r"[0-9]{4}-[0-9]{4}")


def find_window(db: sqlite3.Connection, text: str, *, unit: int | None = None) -> Window:
    """Find a window: a unit's term, a code of `add-period`, a built-in period, a range, or a single day.

    A term is that of the unit, or of the nearest one above that has it.
    """
    if window := known_window(db, text, unit=unit):
        return window
    # A text that begins like a year was meant as a calendar period; any other as a code.
    kind = RejectedError if text.strip()[:1].isdigit() else NotFoundError
    raise kind(
        _("There is no period “{text}”.").format(text=text[:60]),
        why=with_year_meant(text),
        instead=_(
            "Type 2024, 2024-H1, 2024-Q3, 2024-9M, 2024-06, 2024u, two days like 2024-07-01..2024-07-31,"
            " or a code of “ucli periods”; “ucli add-period” adds one."
        ),
    )


def with_year_meant(text: str) -> str | None:
    """Return a suggestion for a period without a year: tháng 6, quý 2."""
    meant = f"{text.strip()}/{date.today().year}"  # noqa: DTZ011
    return _("Did you mean {names}?").format(names=f"“{meant}”") if built_in(meant) else None


def known_window(db: sqlite3.Connection, text: str, *, unit: int | None) -> Window | None:
    """Find a window as `find_window` does; None if there is no such code."""
    rows = _rows(db, "r.folded = ?", _folded(text))
    if not rows:
        return built_in(text) or _family_window(db, text)
    if rows[0]["unit"] is None:
        return _window(rows[0])
    if unit is not None:
        above = db.execute("SELECT ancestor FROM ancestry WHERE unit = ? ORDER BY to_day DESC, depth", (unit,))
        owners = {row["unit"]: row for row in reversed(rows)}
        nearest = next((owners[it] for (it,) in above if it in owners), None)
    else:
        nearest = rows[0] if len(rows) == 1 else None
    if nearest is None:
        raise NotFoundError(
            _("“{text}” is a term of {units}.").format(
                text=text[:60], units=", ".join(get(db, row["unit"]).name for row in rows)
            ),
            instead=_("Name one of them with --unit, or a unit below it."),
        )
    return _window(nearest)


def add_period(
    op: Operation,
    unit: Unit | None,
    code: str,
    first: date,
    last: date,
    name: str | None,
    due: date | None,
    family: str | None = None,
) -> tuple[Window, Window | None]:
    """Add a window, or a unit's term; return it, and the earlier term that it cut short.

    Adding the same one again changes nothing.
    """
    code = _code(code)
    if not (unit and _TWO_YEARS.fullmatch(code)):
        _refuse_built_in(code)
    window = between(code, first, last)._replace(name=normalised(name) if name else "")
    if due and due < last:
        raise RejectedError(
            _("The due date {due} comes before the period ends on {end}.").format(
                due=date_text(due), end=date_text(last)
            ),
            instead=_("Give the day by which units must report, after the period."),
        )
    values = {"name": window.name or None, "start_day": first.isoformat(), "end_day": last.isoformat()}
    values |= {"due": due.isoformat() if due else None, "family": family}
    owner = unit.id if unit else None
    for row in _rows(op.db, "r.folded = ?", _folded(code)):
        if row["unit"] == owner and all(row[column] == value for column, value in values.items()):
            return window, None
        if None in (owner, row["unit"]) or row["unit"] == owner:
            raise RefusedError(
                _("The period {code} already exists: {start}–{end}.").format(
                    code=row["code"], start=day_text(row["start_day"]), end=day_text(row["end_day"])
                ),
                instead=_("Choose another code, or void the old one first with “ucli void-period {code}”.").format(
                    code=row["code"]
                ),
            )
    _require_apart(op.db, window, family)
    shortened = None
    for row in _rows(op.db, "r.unit = ?", owner):
        there = _window(row).lasted
        if unit and there.start >= first and there.meets(window):
            raise RefusedError(
                _("The term {period} of {unit} begins within these days.").format(period=there.text(), unit=unit.name),
                instead=_("Terms of one unit follow each other: record the earlier one first."),
            )
        if there.meets(window):
            shortened = there._replace(end=_window(row).end, cut=first - timedelta(days=1))
    op.add("period", id=op.next_id("period"), unit=owner, folded=_folded(code), code=code, **values)
    return window, shortened


def _require_apart(db: sqlite3.Connection, window: Window, family: str | None) -> None:
    for other in families_in(db).get(fold(family or ""), []):
        if other.meets(window):
            raise RefusedError(
                _("{period} of the same family has days in common with it.").format(period=other.text()),
                instead=_("Periods of a family follow each other: change the days, or leave --family out."),
            )


def families_in(db: sqlite3.Connection, window: Window | None = None) -> dict[str, list[Window]]:
    """Return the office's periods by folded family, all or those inside a window, in the order of their days."""
    found: dict[str, list[Window]] = {}
    for row in _rows(db, "r.family NOTNULL"):
        if window is None or window.holds(_window(row)):
            found.setdefault(fold(row["family"]), []).append(_window(row))
    return found


def in_a_row(db: sqlite3.Connection, window: Window, family: str | None) -> list[Window]:
    """Return the periods of a family inside a window; of the only family there, if none is named."""
    found = families_in(db, window)
    if family:
        found = {it: pieces for it, pieces in found.items() if it == fold(family)}
    if len(found) > 1:
        raise UsageError(
            _("Periods of several families lie inside {period}: {names}.").format(
                period=window.text(), names=", ".join(found)
            ),
            instead=_("Name one of them with --family."),
        )
    if not found:
        raise NotFoundError(
            _("No periods of a family lie inside {period}.").format(period=window.text()),
            instead=_("“ucli add-period … --family NAME” makes a family of periods; “ucli periods” lists them."),
        )
    return next(iter(found.values()))


def _family_window(db: sqlite3.Connection, text: str) -> Window | None:
    """Return the window from the first to the last day of a family's periods."""
    pieces = families_in(db).get(fold(text))
    return Window(text.strip(), pieces[0].start, max(it.end for it in pieces)) if pieces else None


def void_period(op: Operation, unit: Unit | None, code: str) -> None:
    """Void a window; what was recorded for it keeps its days, and a term that it cut short is restored."""
    bound = {"unit": unit.id if unit else None, "folded": _folded(code)}
    if not op.end_where("period", "unit IS :unit AND folded = :folded", bound):
        raise NotFoundError(
            _("There is no period “{text}”.").format(text=code[:60]), instead=_("“ucli periods” lists them.")
        )


def is_term(db: sqlite3.Connection, text: str) -> bool:
    """Tell whether a code is a term of any unit."""
    return bool(_rows(db, "r.unit NOTNULL AND r.folded = ?", _folded(text)))


def _refuse_built_in(code: str) -> None:
    """Refuse a code that would be read as a date or a calendar period."""
    try:
        taken = built_in(code) is not None
    except UcliError:
        taken = True
    if taken or not any(character.isalpha() for character in code):
        raise RejectedError(
            _("“{code}” reads as a date or a calendar period, so it cannot be a code.").format(code=code[:60]),
            instead=_("Choose a code with a word in it, like dot1-2024."),
        )


def _code(text: str) -> str:
    return normalised(text).replace("–", "-").replace(" - ", "-")


def _folded(text: str) -> str:
    return fold(_code(text))


def _rows(db: sqlite3.Connection, where: str, *bound: object) -> list[sqlite3.Row]:
    return db.execute(f"{PERIODS} WHERE {where} ORDER BY r.start_day, r.unit", bound).fetchall()


def _window(row: sqlite3.Row) -> Window:
    first, last, lasted = (date.fromisoformat(row[it]) for it in ("start_day", "end_day", "lasted"))
    return Window(row["code"], first, last, row["name"] or "", lasted if lasted < last else None)
