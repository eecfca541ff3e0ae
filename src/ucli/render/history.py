"""What became of things as sheets: rows before and after operations, and the life of a unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ucli.i18n import _
from ucli.render import Record, Sheet
from ucli.render.cells import NOTHING, text_of
from ucli.render.data import unit_data
from ucli.render.labels import cell_of, heading, label, word
from ucli.reports.lives import UnitLife
from ucli.reports.rows import Change

_ALWAYS = ("indicator", "unit", "union", "period")  # said of a row also where they did not change


def changes_sheet(changes: Sequence[Change], title: str = "", notes: Sequence[str] = ()) -> Sheet:
    """Return rows before and after as a sheet."""
    return Sheet(
        headings=[_("Operation"), _("Register"), _("No."), _("Before"), _("After")],
        rows=[
            [
                ", ".join(map(str, it.operations)),
                label("register", it.register),
                it.row,
                _said(it.before, it.after),
                _said(it.after, it.before),
            ]
            for it in changes
        ],
        records=[
            {
                "operations": list(it.operations),
                "register": it.register,
                "number": it.row or None,
                "before": it.before,
                "after": it.after,
            }
            for it in changes
        ],
        columns=["operations", "register", "number", "before", "after"],
        title=title,
        notes=notes,
    )


def operation_sheet(operation: Mapping[str, object], changes: Iterable[Change]) -> Sheet:
    """Return one operation as a sheet: who did what and when, and its rows before and after."""
    sheet = changes_sheet(list(changes), f"{operation['operation']}: {operation['command']} — {operation['summary']}")
    notes = [f"{cell_of('at', operation['at'])}, {operation['actor']}"]
    notes += [f"{_('Note')}: {operation['note']}"] if operation["note"] else []
    notes += [_("It was undone.")] if operation["undone"] else []
    return replace(
        sheet,
        headings=sheet.headings[1:],
        rows=[row[1:] for row in sheet.rows],
        notes=notes,
        document={**operation, "rows": sheet.records},
    )


def _said(row: Mapping[str, object] | None, other: Mapping[str, object] | None) -> str:
    """Write what a row says; of one that is there before and after, whose it is and what differs."""
    told = [
        f"{heading(key)}: {text_of(cell_of(key, value))}"
        for key, value in (row or {}).items()
        if other is None or key in _ALWAYS or other.get(key) != value
    ]
    return "; ".join(told) or NOTHING


def life_sheet(life: UnitLife) -> Sheet:
    """Return the events of a unit's life, one a line; JSON also has its names and parents with their days."""
    records: list[Record] = [it._asdict() for it in life.events]
    return Sheet(
        headings=[_("Day"), _("Event"), _("Detail"), _("Decision")],
        rows=[
            [it.day, label("event", it.what), word(it.detail) if it.what == "ended" else it.detail, it.decision]
            for it in life.events
        ],
        records=records,
        columns=["day", "what", "detail", "decision"],
        title=f"{life.unit.name} ({life.unit.code}, {word(life.unit.kind)})",
        document={
            "schema": "ucli.unit/1",
            **unit_data(life.unit),
            "kind": life.unit.kind,
            **{key: getattr(life, key) for key in ("sector", "founded", "ended", "end_reason", "names", "parents")},
            "successors": [unit_data(it) for it in life.successors],
            "predecessors": [unit_data(it) for it in life.predecessors],
            "events": records,
        },
    )
