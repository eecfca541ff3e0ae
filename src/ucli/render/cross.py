"""A grouped report as a cross table: units or pieces of time as rows, under each indicator its target and result."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from ucli.i18n import _
from ucli.render import Column, Record
from ucli.render.cells import Trend
from ucli.render.columns import PlacedRow, Writer
from ucli.render.data import unit_data
from ucli.render.tables import Span, Table
from ucli.reports.attainment import Report, Row
from ucli.reports.attainment import Table as Results
from ucli.values.quantities import Quantity, Share
from ucli.values.units import official_order

# What machines read of each indicator; of those an average and a share only have what is theirs.
_KEYS = ("target", "target_percent", "actual", "numerator", "denominator", "percent", "status")


class _Group(NamedTuple):
    """An indicator, and the one who set its target, where two did: its rows, in the order of the tables."""

    code: str
    rows: list[Row | None]

    @property
    def some(self) -> Row:
        return next(filter(None, self.rows))


def cross_table(
    report: Report, labels: Mapping[int, str], write: Writer, *, first: str, short: bool, trend: bool
) -> Table:
    """Return a report as one wide table, in which a column without a cell is left out.

    Args:
        report: what it shows: its groups in their official order, then the total, behind each its parts.
        labels: what each table of the report is called, by its identity.
        write: writes the numbers.
        first: the heading of the first column.
        short: indicators are called by their short names.
        trend: a last row draws how pieces of time follow each other.
    """
    tables = _tables_of(report)
    whole = len(tables) - len(report.total.with_parts)
    # Pieces of time seldom have targets: those of the whole then stand below the total.
    is_below = _is_by_time(report) and not any(row.target for it in tables[:whole] for row in it.rows)
    spans, headings = [Span("", 1)], [first]
    columns: list[list[object]] = [[labels.get(id(it), "") for it in tables]]
    below: list[list[object]] = [[_("Target")], [_("Attained")], [_("Trend")]]
    summaries = [it.summary for it in tables]
    if any(it.targets for it in summaries):
        spans.append(Span("", 1))
        headings.append(_("Met"))
        columns.append([f"{it.met}/{it.targets}" if it.targets else None for it in summaries])
        for line in below:
            line.append(None)
    for group in _groups_of(tables):
        part = [it for it in _columns_of(group.rows, write) if not is_below or it.is_of_result]
        issuer = f" ({group.some.issuer.name})" if group.some.issuer else ""
        spans.append(Span(write.name(group.some, short=short) + issuer, len(part)))
        headings += [it.heading for it in part]
        columns += [it.cells for it in part]
        row, drawn = group.rows[whole], Trend([_height(it) for it in group.rows[:whole]])
        for it in part:
            told = (row and write.target(row), row and write.percent(row), drawn) if it.heading == _("Actual") else ()
            for line, cell in zip_longest(below, told):
                line.append(cell)
    if all(it.columns <= 1 for it in spans):  # what they say is said by what stands above them
        headings = [first, *("" if it == _("Actual") else it for it in headings[1:])]
    told_below = [*(below[:2] if is_below else []), *(below[2:] if trend and whole > 1 else [])]
    rows = [*map(list, zip(*columns, strict=True)), *told_below]
    return Table(headings, rows, len(rows) - whole if whole else 0, [it for it in spans if it.columns])


def _is_by_time(report: Report) -> bool:
    return any(it.window != report.total.window for it in report.groups or [])


def _tables_of(report: Report) -> list[Results]:
    groups = report.groups or []
    if not _is_by_time(report):
        groups = sorted(groups, key=lambda it: official_order(it.unit))
    return [it for table in (*groups, report.total) for it in table.with_parts]


def _groups_of(tables: Sequence[Results]) -> Iterator[_Group]:
    found = [{(row.indicator.code, row.issuer and row.issuer.id): row for row in it.rows} for it in tables]
    # As the total has them, which stands last.
    for key in dict.fromkeys(key for rows in reversed(found) for key in rows):
        yield _Group(key[0], [it.get(key) for it in found])


class _Cells(NamedTuple):
    """A column below an indicator."""

    heading: str
    cells: list[object]
    is_of_result: bool


def _columns_of(rows: Sequence[Row | None], write: Writer) -> Iterator[_Cells]:
    for heading, cell, is_of_result in (
        (_("Target"), write.target, False),
        (_("Actual"), write.actual, True),
        (_("Estimate"), write.estimate, True),
        (_("Attained"), write.percent, False),
        (_("Estimate attains"), write.estimated_percent, False),
    ):
        cells: list[object] = [row and cell(row) for row in rows]
        if any(it is not None for it in cells):
            yield _Cells(heading, cells, is_of_result)


def _height(row: Row | None) -> float | None:
    match row and row.value:
        case Quantity(value):
            return value
        case Share(part, whole):
            return part / whole
    return None


def cross_records(report: Report, columns: Sequence[Column]) -> list[Record]:
    """Return the rows of the cross table as machines read them: `members-admitted.target` and the like."""
    tables = _tables_of(report)
    groups, kept = list(_groups_of(tables)), {it.key: it for it in columns if it.key in _KEYS}
    records: list[Record] = []
    for place, table in enumerate(tables):
        record: Record = {"unit_code": unit_data(table.unit)["code"], "unit": unit_data(table.unit)["name"]}
        record |= {"period": table.window.code, "group": table is not report.total}
        for group in groups:
            row = group.rows[place]
            for key, column in kept.items():
                name = f"{group.code}.{key}"
                value = (column.data or column.cell)(PlacedRow(row, table)) if row else None
                record[name] = value if record.get(name) is None else record[name]
        records.append(record)
    # What no unit has is no column.
    always = {"unit_code", "unit", "period", "group"}
    said = [key for key in records[0] if key in always or any(it[key] is not None for it in records)]
    return [{key: it[key] for key in said} for it in records]
