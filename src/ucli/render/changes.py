"""Rows before and after, as people read them and as machines do."""

from collections.abc import Iterable, Mapping

from ucli.i18n import _, marked
from ucli.render import Sheet
from ucli.render.cells import NOTHING, text_of
from ucli.render.labels import HEADINGS, cell_of
from ucli.reports.rows import Change

_REGISTERS = {
    "setting": marked("setting"),
    "unit_name": marked("name of a unit"),
    "unit_life": marked("founding and end of a unit"),
    "ancestry": marked("whom a unit stands under"),
    "unit_change": marked("decision on a unit"),
    "succession": marked("who followed a unit"),
    "cluster_year": marked("cluster of a year"),
    "cluster_member": marked("unit of a cluster"),
    "indicator_entry": marked("indicator"),
    "programme_entry": marked("programme"),
    "period": marked("period"),
    "term": marked("term of office"),
    "membership": marked("member"),
    "payout": marked("payout"),
    "figure": marked("figure"),
    "target": marked("target"),
    "closing": marked("closed period"),
    "reopening": marked("reopened period"),
    "accepted_finding": marked("accepted finding"),
    "control_total": marked("control total"),
    "report": marked("line of the report"),
}
_COLUMNS = ("operations", "register", "number", "before", "after")


def changes_sheet(changes: Iterable[Change], title: str = "", notes: Iterable[str] = ()) -> Sheet:
    """Return rows before and after as a sheet."""
    found = list(changes)
    return Sheet(
        headings=[_("Operation"), _("Register"), _("No."), _("Before"), _("After")],
        rows=[
            [
                ", ".join(map(str, it.operations)),
                _(_REGISTERS[it.register]),
                it.row,
                _said(it.before, it.after),
                _said(it.after, it.before),
            ]
            for it in found
        ],
        records=[
            {
                "operations": list(it.operations),
                "register": it.register,
                "number": it.row or None,
                "before": it.before,
                "after": it.after,
            }
            for it in found
        ],
        columns=list(_COLUMNS),
        title=title,
        notes=list(notes),
    )


def operation_sheet(operation: Mapping[str, object], changes: Iterable[Change]) -> Sheet:
    """Return one operation as a sheet: who did what and when, and its rows before and after."""
    sheet = changes_sheet(changes, f"{operation['operation']}: {operation['command']} — {operation['summary']}")
    sheet.notes = [f"{cell_of('at', operation['at'])}, {operation['actor']}"]
    sheet.notes += [f"{_('Note')}: {operation['note']}"] if operation["note"] else []
    sheet.notes += [_("It was undone.")] if operation["undone"] else []
    del sheet.headings[0]
    sheet.rows = [row[1:] for row in sheet.rows]
    sheet.document = {**operation, "rows": sheet.records}
    return sheet


def _said(row: Mapping[str, object] | None, other: Mapping[str, object] | None) -> str:
    """Write what a row says; of one that is there before and after, whose it is and what differs."""
    if row is None:
        return NOTHING
    told = [
        f"{_(HEADINGS[key])}: {text_of(cell_of(key, value))}"
        for key, value in row.items()
        if other is None or key in _ALWAYS or other.get(key) != value
    ]
    return "; ".join(told) or NOTHING


_ALWAYS = ("indicator", "unit", "union", "period")
