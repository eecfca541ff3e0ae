"""A grouped report as a cross table: a row for each unit or piece of time, under each indicator target and result."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from ucli.i18n import _
from ucli.render import Column, Record
from ucli.render.cells import trend
from ucli.render.columns import PlacedRow
from ucli.render.data import flat_data, unit_data
from ucli.render.notes import is_by_time
from ucli.reports.attainment import Report, Row, Table
from ucli.values.quantities import Quantity, Share
from ucli.values.units import Unit

# What machines read of each indicator.
_KEYS = ("target", "target_percent", "actual", "numerator", "denominator", "percent",
         "compare_actual", "compare_numerator", "compare_denominator", "change", "change_percent")  # fmt: skip
TREND = "trend"
LONG, MATRIX = "long", "matrix"
LAYOUTS = (LONG, MATRIX)

_Key = tuple[str, Unit | None]


def is_crossed(report: Report, layout: str | None) -> bool:
    """Tell whether people read a report as a cross table: as asked for, else if it has several tables."""
    return layout == MATRIX or (layout is None and bool(report.groups or report.total.parts))


def tables_across(report: Report, *, every: bool = False) -> list[Table]:
    """Return the tables that become rows, in order, without parts that are empty."""
    return [
        it
        for table in report.tables
        for it in table.with_parts
        if every
        or it is table
        or any(row.value or row.target or row.is_only_printed or row.estimate for row in it.rows)
    ]


class CrossLine(NamedTuple):
    """A row of a cross table: a group, the whole, a part of one, or an extra line below the whole."""

    label: str
    table: Table
    rows: Mapping[_Key, Row]  # by indicator and issuer
    below: str = ""  # of an extra line: the column it shows in place of the actual value, or TREND


def cross_lines(report: Report, tables: Sequence[Table], below: Mapping[str, str]) -> tuple[list[CrossLine], int]:
    """Return a row for each table, units in the order of official lists, and the number of totals at the end.

    Pieces of time seldom have targets, so the whole's target and attainment follow as extra lines: `below` has their
    keys and names.
    """
    totals = next(place for place, it in enumerate(reversed(tables), start=1) if it is report.total)
    below = _said_below(report, below)
    # A table with an indicator twice has targets of two issuers; otherwise the issuer does not matter.
    counted = [Counter(row.indicator.code for row in it.rows) for it in tables]
    twice = {code for it in counted for code, times in it.items() if times > 1}

    def key(row: Row) -> _Key:
        return row.indicator.code, row.issuer if row.indicator.code in twice else None

    lines = [CrossLine(it.label, it, {key(row): row for row in it.rows}) for it in tables]
    lines += [lines[-totals]._replace(label=label, below=key) for key, label in below.items()]
    return lines, totals + len(below) if report.groups else 0


def _said_below(report: Report, below: Mapping[str, str]) -> dict[str, str]:
    """Return the extra lines below the whole, if they have content: its targets, and sparklines."""
    pieces = report.groups or ()
    if not is_by_time(report) or any(row.target for it in pieces for row in it.rows):
        return {}
    points = Counter(row.indicator.code for it in pieces for row in it.rows if _height(row) is not None)
    has_trend, has_target = max(points.values(), default=0) > 1, any(row.target for row in report.total.rows)
    return {key: label for key, label in below.items() if (has_trend if key == TREND else has_target)}


def _keys_of(lines: Sequence[CrossLine]) -> list[_Key]:
    """Return what some rows are about, in the order of the total, which stands last."""
    return [*dict.fromkeys(key for line in reversed(lines) for key in line.rows)]


def cross_columns(
    lines: Sequence[CrossLine], columns: Sequence[Column], first: str, places: Mapping[int, object]
) -> list[Column]:
    """Return the columns of a cross table that have a cell, over its lines by their numbers.

    Args:
        lines: its rows.
        columns: the report's columns, from which name and numbers are taken.
        first: the heading of the first column.
        places: ranks of units by id, if asked for.
    """
    known = {it.key: it for it in columns}
    # What has no key stands between those that have: an estimate.
    shown = [it for it in columns if it.key in _KEYS or not (it.key or it.is_spare)]
    summaries = [None if it.below else it.table.summary for it in lines]
    met = [f"{it.met}/{it.targets}" if it and it.targets else None for it in summaries]
    found = [
        Column(first, lambda it: lines[it].label),
        Column(_("Targets met") if met.count(None) < len(met) - 1 else "", met.__getitem__),
        Column(_("Place") if places else "", lambda it: _place(lines[it], places)),
    ]
    has_below = any(it.below for it in lines)
    for code, issuer in _keys_of(lines):
        rows = [it.rows.get((code, issuer)) for it in lines]
        placed = [row and PlacedRow(row, it.table) for row, it in zip(rows, lines, strict=True)]
        name = known["name"].cell(next(filter(None, placed)))
        for column in shown:
            cells = [_cell(it, line, column, known) for it, line in zip(placed, lines, strict=True)]
            if lines[-1].below == TREND and column.key == "actual":
                pieces = [line.table.window != lines[-1].table.window for line in lines]
                cells[-1] = trend([_height(row) for row in compress(rows, pieces)])
            is_of_whole = has_below and column.key in ("target", "percent")
            if any(it is not None for it in cells) and not is_of_whole:
                heading = _("Target") if column.key == "target" else column.heading
                over = f"{name} ({issuer.name})" if issuer else str(name)
                key = column.key and f"{_code(code, issuer)}.{column.key}"
                found.append(Column(heading, cells.__getitem__, key, over=over))
    return found


def cross_data(
    lines: Sequence[CrossLine], report: Report, decimals: int, places: Mapping[int, object]
) -> tuple[list[str], list[Record]]:
    """Return the keys that machines read of a cross table, where any of its rows has something there, and its rows."""
    records: list[Record] = []
    for line in lines:
        unit = unit_data(line.table.unit)
        record: Record = {"unit_code": unit["code"], "unit": unit["name"], "period": line.table.window.code}
        record |= {"place": _place(line, places)} if places else {}
        first = [*record]
        for key, row in line.rows.items():
            found = flat_data(row, line.table, report, decimals)
            record |= {f"{_code(*key)}.{name}": found[name] for name in _KEYS}
        records.append(record)
    every = [f"{_code(*key)}.{name}" for key in _keys_of(lines) for name in _KEYS]
    known = [*first, *(key for key in every if any(it.get(key) is not None for it in records))]
    return known, [{key: it.get(key) for key in known} for it in records]


def _code(code: str, issuer: Unit | None) -> str:
    return f"{code}.{issuer.code}" if issuer else code


def _place(line: CrossLine, places: Mapping[int, object]) -> object:
    return places.get(line.table.unit.id) if line.table.unit else None


def _cell(placed: PlacedRow | None, line: CrossLine, column: Column, known: Mapping[str, Column]) -> object:
    if placed is None or (line.below and column.key != "actual") or line.below == TREND:
        return None
    return (known[line.below] if line.below else column).cell(placed)


def _height(row: Row | None) -> float | None:
    match row and row.value:
        case Quantity(value):
            return value
        case Share(part, whole):
            return part / whole
    return None
