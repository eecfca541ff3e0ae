"""The movement of members and unions as a table: a line for each way to come and to go."""

from collections.abc import Sequence

from ucli.i18n import _, chosen, marked
from ucli.render import Sheet
from ucli.render.attainment_data import reopened_data
from ucli.render.attainment_notes import reopened_notes
from ucli.render.cells import text_of
from ucli.render.labels import structure_text, word
from ucli.reports.attainment import Question
from ucli.reports.movement import REASONS, Movement, MovementTable
from ucli.reports.reopened import Reopened
from ucli.sanitize import sanitize
from ucli.values.dates import date_text
from ucli.values.quantities import Quantity

_LINES = {
    "opening": marked("Opening"),
    "admitted": marked("Founded; newly admitted"),
    "transferred_in": marked("Transferred in"),
    "units_in": marked("Units in"),
    "left": marked("Left"),
    "transferred_out": marked("Transferred out"),
    "units_out": marked("Units out"),
    "merged": marked("Merged or split"),
    "dissolved": marked("Dissolved"),
    "stated": marked("Stated beyond the registers"),
    "closing": marked("Closing"),
    "difference": marked("Does not balance by"),
}
_COLUMNS = ("unit_code", "unit", "period", "what", *_LINES, *(reason.replace("-", "_") for reason in REASONS))


def movement_sheet(
    total: MovementTable, groups: list[MovementTable] | None, question: Question, reopened: Sequence[Reopened]
) -> Sheet:
    """Return the movement of a unit, and of its groups, as a sheet."""
    tables = [*(groups or []), total]
    by_time = any(table.window != total.window for table in tables)
    heading = [_("Period") if by_time else _("Unit")] if groups is not None else []
    name = sanitize(total.unit.name) if total.unit else _("All units together")
    return Sheet(
        headings=[*heading, _("Line"), _("Grassroots unions"), _("Members")],
        rows=[
            ([_label(table, total, by_time=by_time)] if groups is not None else []) + line
            for table in tables
            for line in _lines(table)
        ],
        records=[_record(table, what, it) for table in tables for what, it in _both(table)],
        columns=list(_COLUMNS),
        title=_("{unit} — {period}, movement to {day}").format(
            unit=name, period=total.window.text(), day=date_text(question.as_of)
        ),
        notes=[*_notes(tables, total, by_time=by_time), structure_text(question.tree.day), *reopened_notes(reopened)],
        document={
            "schema": "ucli.movement/1",
            **_document(total),
            "as_of": question.as_of,
            "structure": question.tree.day.isoformat() if question.tree.day else "then",
            "reopened": reopened_data(reopened),
            **({"groups": [_document(table) for table in groups]} if groups is not None else {}),
        },
        totals=len(_lines(total)) if groups else 0,
        day=question.as_of,
    )


def _both(table: MovementTable) -> tuple[tuple[str, Movement], tuple[str, Movement]]:
    return ("unions", table.unions), ("members", table.members)


def _label(table: MovementTable, total: MovementTable, *, by_time: bool) -> str:
    if table is total:
        return _("Total")
    if by_time:
        return table.window.code
    return table.unit.name if table.unit else _("In none of these")


def _lines(table: MovementTable) -> list[list[object]]:
    lines: list[list[object]] = []
    for key, heading in _LINES.items():
        cells = [_cell(getattr(it, key)) for _what, it in _both(table)]
        if key in ("merged", "stated", "difference") and not any(map(_raw, cells)):
            continue
        lines.append([_(heading), *cells])
        if key == "left":
            lines += [
                [f"· {word(reason)}", None, table.members.left[reason]]
                for reason in REASONS
                if reason in table.members.left
            ]
    return lines


def _cell(value: object) -> object:
    return sum(value.values()) if isinstance(value, dict) else value


def _notes(tables: list[MovementTable], total: MovementTable, *, by_time: bool) -> list[str]:
    notes = []
    for table in tables:
        for what, it in _both(table):
            if it.difference:
                notes.append(
                    _("{label}, {what}: the closing is {difference} off what came and went.").format(
                        label=sanitize(_label(table, total, by_time=by_time)),
                        what=_("members") if what == "members" else _("grassroots unions"),
                        difference=text_of(it.difference),
                    )
                )
    if notes:
        notes += [
            _("Figure {number} stated {value} on {day}.").format(
                number=figure.id, value=text_of(figure.value), day=date_text(figure.window.end)
            )
            for figure in dict.fromkeys(figure for table in tables for figure in table.statements)
        ]
    notes += [
        _("{name}: {value} in a report, with what figures state; a movement counts the registers only.").format(
            name=indicator.name(chosen()), value=text_of(value)
        )
        for indicator, value in total.stated
    ]
    return notes


def _raw(value: object) -> object:
    return value.value if isinstance(value, Quantity) else value


def _document(table: MovementTable) -> dict[str, object]:
    return {
        "unit": {"code": table.unit.code, "name": table.unit.name} if table.unit else {"code": None, "name": None},
        "period": {
            "code": table.window.code,
            "start": table.window.start.isoformat(),
            "end": table.window.end.isoformat(),
        },
        **{
            what: {**{key: _raw(getattr(it, key)) for key in _LINES}, "left": sum(it.left.values()), "left_by": it.left}
            for what, it in _both(table)
        },
    }


def _record(table: MovementTable, what: str, it: Movement) -> dict[str, object]:
    return {
        "unit_code": table.unit.code if table.unit else None,
        "unit": table.unit.name if table.unit else None,
        "period": table.window.code,
        "what": what,
        **{key: _raw(_cell(getattr(it, key))) for key in _LINES},
        **{reason.replace("-", "_"): it.left.get(reason, 0) for reason in REASONS},
    }
