"""The movement of members and unions as a table, with a line for each kind of gain and loss."""

from collections.abc import Iterator, Sequence

from ucli.i18n import _, chosen
from ucli.render import Column, Record, Sheet
from ucli.render.cells import text_of
from ucli.render.data import reopened_data, structure_data, unit_data, window_data
from ucli.render.labels import is_calendar, label, period_in_table, period_in_title, structure_text, word
from ucli.render.notes import reopened_notes, unit_name
from ucli.render.tables import LaidOut
from ucli.reports.closings import Reopened
from ucli.reports.counting import Question
from ucli.reports.movement import REASONS, Movement, MovementTable
from ucli.values.dates import date_text

_LINES = ("opening", "admitted", "transferred_in", "units_in", "left", "transferred_out", "units_out", "merged",
          "dissolved", "stated", "closing", "difference")  # fmt: skip
_SELDOM = ("merged", "stated", "difference")  # shown only if not zero
_REASONS = {reason.replace("-", "_"): reason for reason in REASONS}


def movement_sheet(
    total: MovementTable, groups: list[MovementTable] | None, question: Question, reopened: Sequence[Reopened]
) -> Sheet:
    """Return the movement of a unit, and of its groups, as a sheet."""
    tables, day, window = [*(groups or []), total], date_text(question.as_of), total.window
    by_time = any(it.window != window for it in tables)
    # By codes, and as a table that is laid out says it.
    labels = names = [it.unit.name if it.unit else _("In none of these") for it in groups or []]
    if by_time:
        labels = [it.window.code for it in groups or []]
        names = [period_in_table(it.window) for it in groups or []]
    title = _("{unit} — {period}, movement to {day}").format(unit=unit_name(total.unit), period=window.text(), day=day)
    heading = _("{unit}, {period}, movement to {day}")
    heading = heading.format(unit=unit_name(total.unit), period=period_in_title(window), day=day)
    first = [] if groups is None else [_("Period") if by_time else _("Unit")]
    labelled = list(zip([*labels, _("Total")], tables, strict=True))
    return Sheet(
        [Column(it) for it in (*first, _("Line"), _("Grassroots unions"), _("Members"))],
        rows=[[name, *line] if first else line for name, it in labelled for line in _lines(it)],
        records=[_record(table, what, it) for table in tables for what, it in _both(table).items()],
        keys=[*_record(total, "", total.members)],
        title=title,
        heading=heading if is_calendar(window) else "",
        notes=[*_notes(labelled), structure_text(question.tree.day), *reopened_notes(reopened)],
        document={
            "schema": "ucli.movement/1",
            **_document(total),
            "as_of": question.as_of,
            "structure": structure_data(question.tree.day),
            "reopened": reopened_data(reopened),
            **({"groups": [_document(table) for table in groups]} if groups is not None else {}),
        },
        totals=len(list(_lines(total))) if groups else 0,
        day=question.as_of,
        tables=(lambda _form: [_across(tables, [*names, _("Total")], first[0])]) if groups else None,
    )


def _across(tables: Sequence[MovementTable], names: Sequence[str], first: str) -> LaidOut:
    """Return a cross table: a row for each unit or piece of time, a column for each line that occurs."""
    columns, absent = [Column(first)], []
    cells: list[Sequence[object]] = [names]
    for what, title in {"unions": _("Grassroots unions"), "members": _("Members")}.items():
        lines = [_both(it)[what] for it in tables]
        for key in _LINES:
            if any(it.numbers[key] for it in lines) or key in ("opening", "closing"):
                columns.append(Column(label("movement", key), over=title))
                cells.append([_number(it, key) for it in lines])
            elif key not in _SELDOM:
                absent.append(label("movement", key))
    twice = [it for it in dict.fromkeys(absent) if absent.count(it) > 1]
    above = [_("None: {names}.").format(names="; ".join(twice))] if twice else []
    return LaidOut(columns, list(zip(*cells, strict=True)), totals=1, above=above, shared=1)


def _both(table: MovementTable) -> dict[str, Movement]:
    return {"unions": table.unions, "members": table.members}


def _number(it: Movement, key: str) -> object:
    """Return what people read on a line."""
    return it.lines.get(key, it.numbers[key])


def _lines(table: MovementTable) -> Iterator[Sequence[object]]:
    both, left = _both(table).values(), table.members.left
    for key in _LINES:
        if key not in _SELDOM or any(it.numbers[key] for it in both):
            yield [label("movement", key), *(_number(it, key) for it in both)]
        if key == "left":
            yield from ([f"· {word(reason)}", None, left[reason]] for reason in REASONS if reason in left)


def _notes(labelled: Sequence[tuple[str, MovementTable]]) -> list[str]:
    notes, whats = [], {"members": _("members"), "unions": _("grassroots unions")}
    tables = [it for _name, it in labelled]
    text = _("{label}, {what}: the closing differs by {difference} from opening plus gains less losses.")
    for name, table in labelled:
        for what, it in _both(table).items():
            if difference := it.numbers["difference"]:
                notes.append(text.format(label=name, what=whats[what], difference=text_of(difference)))
    text, stated = (
        _("Figure {number} stated {value} on {day}."),
        [it for table in tables for it in table.statements],
    )
    for figure in dict.fromkeys(stated if notes else ()):
        notes += [text.format(number=figure.id, value=text_of(figure.value), day=date_text(figure.window.end))]
    text = _("{name}: {value} in a report, which includes stated figures; a movement counts the registers only.")
    if any(it.numbers["stated"] for it in _both(tables[-1]).values()):
        text = _("{name}: {value} in a report; stated figures beyond the registers have a line of their own here.")
    return notes + [text.format(name=it.name(chosen()), value=text_of(value)) for it, value in tables[-1].stated]


def _document(table: MovementTable) -> Record:
    numbers = {what: {**_numbers(it), "left_by": it.left} for what, it in _both(table).items()}
    return {"unit": unit_data(table.unit), "period": window_data(table.window), **numbers}


def _record(table: MovementTable, what: str, it: Movement) -> Record:
    unit, reasons = unit_data(table.unit), {key: it.left.get(reason, 0) for key, reason in _REASONS.items()}
    of = {"unit_code": unit["code"], "unit": unit["name"], "period": table.window.code, "what": what}
    return {**of, **_numbers(it), **reasons}


def _numbers(it: Movement) -> dict[str, int]:
    return {key: it.numbers[key] for key in _LINES}
