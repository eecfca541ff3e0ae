"""History as sheets: rows before and after operations, and the life of a unit."""

from collections.abc import Mapping, Sequence

from ucli.i18n import _
from ucli.render import Column, Sheet, sheet_of
from ucli.render.cells import NOTHING, text_of
from ucli.render.data import unit_data
from ucli.render.labels import cell_of, heading, label, word
from ucli.reports.history import Event, UnitLife
from ucli.reports.rows import RowChange

_ALWAYS = ("indicator", "unit", "union", "period")  # shown even if they did not change


Names = Mapping[str, Mapping[str, str]]  # kinds of words for codes, by key


def changes_sheet(
    changes: Sequence[RowChange], names: Names, title: str = "", notes: Sequence[str] = (), **about: object
) -> Sheet:
    """Return rows before and after as a sheet; for a single operation without its number."""
    several = "" if about else _("Operation")
    columns = [
        Column(several, lambda it: ", ".join(map(str, it.operations)), "operations", lambda it: list(it.operations)),
        Column(_("Register"), lambda it: label("register", it.register), "register", lambda it: it.register),
        Column(_("No."), lambda it: it.row, "number", lambda it: it.row or None),
        Column(_("Before"), lambda it: _said(it.before, it.after, names), "before", lambda it: it.before),
        Column(_("After"), lambda it: _said(it.after, it.before, names), "after", lambda it: it.after),
    ]
    sheet = sheet_of(columns, changes, title=title, notes=notes)
    sheet.document = (lambda: {**about, "rows": list(sheet.records)}) if about else None
    return sheet


def operation_sheet(operation: Mapping[str, object], changes: Sequence[RowChange], names: Names) -> Sheet:
    """Return one operation as a sheet: who did what and when, and its rows before and after."""
    notes = [f"{cell_of('at', operation['at'])}, {operation['actor']}"]
    notes += [f"{_('Note')}: {operation['note']}"] if operation["note"] else []
    notes += [_("It was undone.")] if operation["undone"] else []
    title = f"{operation['operation']}: {operation['command']} — {operation['summary']}"
    return changes_sheet(changes, names, title, notes, **operation)


def _said(row: Mapping[str, object] | None, other: Mapping[str, object] | None, names: Names) -> str:
    """Write the content of a row; of one that was changed, what it is about and what differs."""
    told = [
        f"{heading(key)}: {text_of(names.get(key, {}).get(str(value), cell_of(key, value)))}"
        for key, value in (row or {}).items()
        if other is None or key in _ALWAYS or other.get(key) != value
    ]
    return "; ".join(told) or NOTHING


def life_sheet(life: UnitLife) -> Sheet:
    """Return a unit's history as a sheet, an event a line; JSON also has its names and parents with their days."""

    def detail(it: Event) -> str:
        return word(it.detail) if it.what == "ended" else it.detail

    columns = [
        Column(_("Day"), lambda it: it.day, "day"),
        Column(_("Event"), lambda it: label("event", it.what), "what", lambda it: it.what),
        Column(_("Detail"), detail, "detail", lambda it: it.detail),
        Column(_("Decision"), lambda it: it.decision, "decision"),
    ]
    sheet = sheet_of(columns, life.events, title=f"{life.unit.name} ({life.unit.code}, {word(life.unit.kind)})")
    kept = ("sector", "founded", "ended", "end_reason", "names", "parents")
    sheet.document = lambda: {
        "schema": "ucli.unit/1",
        **unit_data(life.unit),
        "kind": life.unit.kind,
        **{key: getattr(life, key) for key in kept},
        "successors": list(map(unit_data, life.successors)),
        "predecessors": list(map(unit_data, life.predecessors)),
        "events": list(sheet.records),
    }
    return sheet
