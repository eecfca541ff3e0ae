"""A grouped report as a cross table: units or pieces of time as rows, under each indicator its target and result."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from ucli.i18n import _
from ucli.render import SPARE, Column
from ucli.render.cells import Trend
from ucli.render.columns import PlacedRow
from ucli.render.data import unit_data
from ucli.render.notes import is_by_time
from ucli.reports.attainment import Report, Row, Table
from ucli.values.quantities import Quantity, Share
from ucli.values.units import Unit

# Of each indicator, by the keys of a report's own columns.
_KEYS = ("target", "target_percent", "actual", "numerator", "denominator", "percent")
_COMPARED = ("compare_actual", "compare_numerator", "compare_denominator", "change", "change_percent")
TREND = "trend"
LONG, MATRIX = "long", "matrix"
LAYOUTS = (LONG, MATRIX)

_Key = tuple[str, Unit | None]


def is_crossed(report: Report, layout: str | None) -> bool:
    """Tell whether people read a report as a cross table: as was asked, else where it has several tables."""
    return layout == MATRIX or (layout is None and bool(report.groups or report.total.parts))


def tables_across(report: Report, *, every: bool = False) -> list[Table]:
    """Return what the rows of a cross table are of, in order; people do without parts that have nothing to say."""
    return [
        it
        for table in (*(report.groups or ()), report.total)
        for it in table.with_parts
        if every
        or it is table
        or any(row.value or row.target or row.is_only_printed or row.estimate for row in it.rows)
    ]


class CrossLine(NamedTuple):
    """A row of a cross table: a group, the whole, or a part of one, or what is said of the whole below it."""

    label: str
    table: Table
    rows: Mapping[_Key, Row]  # by indicator and by the unit that set the target
    below: str = ""  # the key of the column that it shows in place of the actual value, or TREND
    is_part: bool = False


def cross_lines(
    report: Report, tables: Sequence[Table], labels: Mapping[int, str], below: Mapping[str, str]
) -> tuple[list[CrossLine], int]:
    """Return a row for each of some tables, units in the order of official lists, and how many of the last are totals.

    Pieces of time seldom have targets: what is to be shown `below` them, by its key and what it is called, is then that
    of the whole.
    """
    groups = report.groups or ()
    whole = {id(it) for it in (*groups, report.total)}
    totals = next(place for place, it in enumerate(reversed(tables), start=1) if it is report.total)
    below = _said_below(report, below)
    # Where one table has an indicator twice, two have set its target; who did is of no matter else.
    counted = [Counter(row.indicator.code for row in it.rows) for it in tables]
    twice = {code for it in counted for code, times in it.items() if times > 1}

    def key(row: Row) -> _Key:
        return row.indicator.code, row.issuer if row.indicator.code in twice else None

    lines = [
        CrossLine(labels.get(id(it), ""), it, {key(row): row for row in it.rows}, is_part=id(it) not in whole)
        for it in tables
    ]
    lines += [lines[-totals]._replace(label=label, below=key) for key, label in below.items()]
    return lines, totals + len(below) if groups else 0


def _said_below(report: Report, below: Mapping[str, str]) -> dict[str, str]:
    """Return what is said of the whole below its row, of what there is: its targets, and how a number went."""
    pieces = report.groups or ()
    if not is_by_time(report) or any(row.target for it in pieces for row in it.rows):
        return {}
    points = Counter(row.indicator.code for it in pieces for row in it.rows if _height(row) is not None)
    has_trend, has_target = max(points.values(), default=0) > 1, any(row.target for row in report.total.rows)
    return {key: label for key, label in below.items() if (has_trend if key == TREND else has_target)}


def cross_columns(
    lines: Sequence[CrossLine], columns: Sequence[Column], first: str, places: Mapping[int, object]
) -> list[Column]:
    """Return the columns of a cross table, over its lines by their numbers; one without a cell has no heading or key.

    Args:
        lines: its rows.
        columns: those of the report, of which the name and the numbers are taken.
        first: the heading of the first column.
        places: of units by their ids, where asked for.
    """
    known = {it.key: it for it in columns}
    # What has a heading and no key stands between those: an estimate.
    shown = [it for it in columns if it.key in (*_KEYS, *_COMPARED) or (it.heading and not it.key and it.only != SPARE)]
    summaries = [None if it.below else it.table.summary for it in lines]
    met = [f"{it.met}/{it.targets}" if it and it.targets else None for it in summaries]
    found = [
        Column(first, lambda it: lines[it].label),
        Column("", lambda it: unit_data(lines[it].table.unit)["code"], "unit_code"),
        Column("", lambda it: unit_data(lines[it].table.unit)["name"], "unit"),
        Column("", lambda it: lines[it].table.window.code, "period"),
        Column(_("Targets met") if met.count(None) < len(met) - 1 else "", met.__getitem__),
        Column(_("Place") if places else "", lambda it: _place(lines[it], places), "place" if places else ""),
    ]
    has_below = any(it.below for it in lines)
    # As the total has them, which stands last.
    for key in dict.fromkeys(key for line in reversed(lines) for key in line.rows):
        placed = [PlacedRow(it.rows[key], it.table) if key in it.rows else None for it in lines]
        some = next(filter(None, placed))
        (code, issuer), name = key, known["name"].cell(some)
        over, code = (f"{name} ({issuer.name})", f"{code}.{issuer.code}") if issuer else (str(name), code)
        for column in shown:
            cells = [_cell(it, line, column, known) for it, line in zip(placed, lines, strict=True)]
            if lines[-1].below == TREND and column.key == "actual":
                pieces = [line.table.window != lines[-1].table.window for line in lines]
                cells[-1] = Trend([_height(it and it.row) for it in compress(placed, pieces)])
            data = [column.data(it) if it and column.data else None for it in placed]
            is_read = _is_known(cells) and not (has_below and column.key in _KEYS and column.key != "actual")
            heading = _("Target") if column.key == "target" else column.heading
            found.append(
                Column(
                    heading if is_read else "",
                    cells.__getitem__,
                    f"{code}.{column.key}" if column.key and _is_known(data) else "",
                    data.__getitem__,
                    over=over,
                )
            )
    return found


def _place(line: CrossLine, places: Mapping[int, object]) -> object:
    return places.get(line.table.unit.id) if line.table.unit else None


def _is_known(cells: Sequence[object]) -> bool:
    return any(it is not None for it in cells)


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
