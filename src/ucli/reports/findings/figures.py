"""Figures and targets beside each other: out of range, larger than the whole, overlapping, suddenly different."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain, groupby

from ucli.i18n import _, chosen
from ucli.reports.findings import (
    ABOVE_WHOLE,
    OLD_STATEMENT,
    OUT_OF_RANGE,
    OVERLAP,
    PART_LARGER,
    PRINTED_PERCENT,
    SUDDEN,
    TARGETS_SUM,
    Finding,
    apart,
)
from ucli.reports.findings.counts import number_text
from ucli.reports.structure import Span, children_of, unit_at
from ucli.reports.targets import allocated_below, rows_in_effect
from ucli.values.dates import date_text
from ucli.values.indicators import RATIO
from ucli.values.numbers import decimal_text, grouped
from ucli.values.periods import Window
from ucli.values.quantities import STATED
from ucli.values.targets import EACH_AT_LEAST

# A change is sudden from this factor on, where the larger of the two is not small: in numbers, and in đồng.
_FACTOR, _SMALL, _SMALL_MONEY = 5, 20, 10_000_000
# Windows of one length, as months and half-years are.
_DAYS_APART = 3

_OF_KIND = "JOIN indicator_entry e ON e.indicator = a.indicator AND e.kind IN ({kinds})"


def figures(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what is wrong with figures, and what is worth a look."""
    yield from _out_of_range(db)
    yield from _printed_percents(db)
    yield from _larger_than_the_whole(db)
    yield from _overlapping(db)
    yield from _sudden(db)
    yield from _old_statements(db)
    yield from _targets(db)


def _said() -> str:
    """Return the columns of an indicator as people read it."""
    return f"e.name_{chosen()} AS indicator, e.measure"


def _out_of_range(db: sqlite3.Connection) -> Iterator[Finding]:
    for row in db.execute(
        f"SELECT a.id, a.unit, {_said()}, a.part, a.whole FROM figure a"
        f" {_OF_KIND.format(kinds=repr('ratio'))} AND NOT e.may_exceed"
        " WHERE a.part > a.whole ORDER BY a.id"
    ):
        stated = f"{grouped(row['part'])}/{grouped(row['whole'])}"
        what = _("Figure {number}: {stated} for {indicator}, which cannot be more than 100%.").format(
            number=row["id"], stated=stated, indicator=row["indicator"]
        )
        by = apart([row["part"]], [row["whole"]])
        yield Finding(OUT_OF_RANGE, str(row["id"]), what, row["unit"], indicator=row["indicator"], apart=by)
    for row in db.execute(
        f"SELECT a.id, a.unit, {_said()}, a.stated_percent FROM figure a"
        f" {_OF_KIND.format(kinds=repr('ratio'))} AND NOT e.may_exceed"
        " WHERE CAST(a.stated_percent AS REAL) > 100 AND coalesce(a.part <= a.whole, 1) ORDER BY a.id"
    ):
        percent = Decimal(row["stated_percent"])
        what = _("Figure {number}: {stated} as printed for {indicator}, a share: is it meant of the plan?").format(
            number=row["id"], stated=f"{decimal_text(percent)}%", indicator=row["indicator"]
        )
        numbers, by = (row["stated_percent"],), apart([float(percent)], [100])
        yield Finding(ABOVE_WHOLE, str(row["id"]), what, row["unit"], numbers, row["indicator"], by)


def _printed_percents(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the percentages that a source printed beside numbers which come to another one: as a share, or of a target.

    Beyond rounding, and a source may have cut: less than one unit of the last digit printed.
    """
    rows = db.execute(
        f"SELECT a.id, a.unit, {_said()}, a.stated_percent, a.value, a.part, a.whole, e.kind, t.low, t.percent"
        " FROM figure a JOIN indicator_entry e ON e.indicator = a.indicator"
        " LEFT JOIN target t ON t.unit = a.unit AND t.indicator = a.indicator AND t.start_day = a.start_day"
        f" AND t.end_day = a.end_day AND t.kind <> '{EACH_AT_LEAST}'"
        f" WHERE a.kind = '{STATED}' AND a.stated_percent NOTNULL AND a.stated_qualifier IS NULL"
        " AND a.qualifier IS NULL AND coalesce(a.value, a.whole) NOTNULL ORDER BY a.id, t.id"
    )
    for _number, targets in groupby(rows, key=lambda row: row["id"]):
        row, *_others = found = [*targets]
        printed = Decimal(row["stated_percent"])
        step = Fraction(Decimal(1).scaleb(int(printed.as_tuple().exponent)))
        goals = [Fraction(it["percent"]) / 100 if it["percent"] else Fraction(it["low"] or 0) for it in found]
        value = Fraction(row["part"], row["whole"]) if row["whole"] else Fraction(row["value"])
        computed = [value * 100] if row["kind"] == RATIO else []
        computed += [value / goal * 100 for goal in goals if goal > 0]
        if computed and all(abs(it - Fraction(printed)) >= step for it in computed):
            nearest = min(computed, key=lambda it: abs(it - Fraction(printed)))
            what = _("Figure {number}: {stated} as printed for {indicator}, but its numbers come to {percent}.").format(
                number=row["id"],
                stated=f"{decimal_text(printed)}%",
                indicator=row["indicator"],
                percent=f"{decimal_text(round(Decimal(nearest.numerator) / nearest.denominator, 1))}%",
            )
            numbers, by = (row["stated_percent"], str(nearest)), apart([float(printed)], [float(nearest)])
            yield Finding(PRINTED_PERCENT, str(row["id"]), what, row["unit"], numbers, row["indicator"], by)


def _larger_than_the_whole(db: sqlite3.Connection) -> Iterator[Finding]:
    for row in db.execute(
        f"SELECT a.id, b.id AS whole_id, a.unit, {_said()}, a.value, b.value AS whole, a.period, b.period AS longer"
        f" FROM figure a {_OF_KIND.format(kinds=repr('flow'))} JOIN figure b ON b.unit = a.unit"
        f" AND b.indicator = a.indicator AND b.id <> a.id AND b.kind = '{STATED}'"
        " AND a.start_day BETWEEN b.start_day AND b.end_day AND a.end_day <= b.end_day"
        # A growth may be less than nothing, and then all of a year comes to less than a half of it.
        f" WHERE a.kind = '{STATED}' AND a.value > b.value AND e.counts NOT LIKE '% - %'"
        " AND coalesce(a.qualifier, 'at-least') = 'at-least' AND coalesce(b.qualifier, 'below') = 'below'"
        " ORDER BY a.id, b.id"
    ):
        what = _("{indicator}: {value} in {period} (figure {number}), but {whole} in all of {longer} (figure {other}).")
        said = what.format(
            indicator=row["indicator"],
            value=number_text(row["value"], row["measure"]),
            period=row["period"],
            number=row["id"],
            whole=number_text(row["whole"], row["measure"]),
            longer=row["longer"],
            other=row["whole_id"],
        )
        ref, by = f"{row['id']}-{row['whole_id']}", apart([row["value"]], [row["whole"]])
        yield Finding(PART_LARGER, ref, said, row["unit"], indicator=row["indicator"], apart=by)


def _overlapping(db: sqlite3.Connection) -> Iterator[Finding]:
    # The pluses keep SQLite from looking through all figures of a unit, by their last days, for those of one indicator.
    for row in db.execute(
        f"SELECT a.id, b.id AS upper, a.unit, {_said()}, a.period, b.period AS other FROM figure a"
        f" {_OF_KIND.format(kinds=repr('flow') + ', ' + repr('ratio') + ', ' + repr('average'))}"
        f" JOIN ancestry r ON r.unit = a.unit AND r.depth > 0"
        " AND r.from_day <= +a.end_day AND +a.end_day < r.to_day"
        f" JOIN figure b ON b.unit = r.ancestor AND b.indicator = a.indicator"
        " AND b.start_day <= +a.end_day AND a.start_day <= b.end_day"
        " AND NOT (b.start_day <= a.start_day AND a.end_day <= b.end_day)"
        f" WHERE a.kind = '{STATED}' AND b.kind = '{STATED}'"
        " AND coalesce(a.value, a.whole) NOTNULL AND coalesce(b.value, b.whole) NOTNULL"
        " ORDER BY a.id, b.id"
    ):
        what = _(
            "{indicator}: figure {number} for {period} overlaps only in part"
            " with figure {upper} of a unit above for {other}."
        )
        said = what.format(
            indicator=row["indicator"], number=row["id"], period=row["period"], upper=row["upper"], other=row["other"]
        )
        yield Finding(OVERLAP, f"{row['id']}-{row['upper']}", said, row["unit"], indicator=row["indicator"])


# What a figure is held against, by kind: of a flow the window of the same length before it, of a stock the statement
# before. Each is its own query, so that both look up a unit's figures and never meet all of an indicator.
_LENGTH = "julianday({0}.end_day) - julianday({0}.start_day)"
_BEFORE = {
    "flow": "b.unit = a.unit AND b.indicator = a.indicator AND b.end_day = date(a.start_day, '-1 day')"
    f" AND abs(({_LENGTH.format('a')}) - ({_LENGTH.format('b')})) <= {_DAYS_APART}",
    "stock": "b.id = (SELECT c.id FROM figure c WHERE c.unit = a.unit AND c.indicator = a.indicator"
    f" AND c.end_day < a.end_day AND c.kind = '{STATED}' AND c.value NOTNULL"
    " ORDER BY c.end_day DESC, c.id DESC LIMIT 1)",
}


def _sudden(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield figures far from the one before."""
    small = f"CASE WHEN e.measure LIKE 'đồng%' THEN {_SMALL_MONEY} ELSE {_SMALL} END"
    far = f"max(a.value, b.value) >= {small} AND (a.value > {_FACTOR} * b.value OR a.value * {_FACTOR} < b.value)"
    for row in chain.from_iterable(
        db.execute(
            f"SELECT a.id, a.unit, {_said()}, a.value, a.period, b.id AS other, b.value AS before, b.period AS earlier"
            f" FROM figure a {_OF_KIND.format(kinds=repr(kind))} JOIN figure b"
            f" ON b.kind = '{STATED}' AND {before}"
            f" WHERE a.kind = '{STATED}' AND {far} ORDER BY a.id, b.id"
        )
        for kind, before in _BEFORE.items()
    ):
        what = _(
            "{indicator}: {value} in {period}, {before} in {earlier},"
            " more than 5 times apart (figures {number} and {other})."
        )
        said = what.format(
            indicator=row["indicator"],
            value=number_text(row["value"], row["measure"]),
            period=row["period"],
            before=number_text(row["before"], row["measure"]),
            earlier=row["earlier"],
            number=row["id"],
            other=row["other"],
        )
        numbers = (row["before"], row["value"])
        ref, by = f"{row['other']}-{row['id']}", apart(numbers[:1], numbers[1:])
        yield Finding(SUDDEN, ref, said, row["unit"], numbers, row["indicator"], by)


def _old_statements(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the stocks whose last statement is older than a year, of units that are still there."""
    for row in db.execute(
        f"SELECT a.id, a.unit, {_said()}, a.value, a.end_day FROM figure a {_OF_KIND.format(kinds=repr('stock'))}"
        f" WHERE a.kind = '{STATED}' AND a.end_day < date('now', 'localtime', '-1 year')"
        f" AND NOT EXISTS (SELECT 1 FROM figure b WHERE b.unit = a.unit AND b.indicator = a.indicator"
        f" AND b.kind = '{STATED}' AND b.end_day > a.end_day)"
        f" AND NOT EXISTS (SELECT 1 FROM unit_life l WHERE l.unit = a.unit AND l.ended NOTNULL)"
        " ORDER BY a.id"
    ):
        what = _("{indicator}: {value} was stated for {day}, more than a year ago, and not since (figure {number}).")
        said = what.format(
            indicator=row["indicator"],
            value=number_text(row["value"], row["measure"]),
            day=date_text(date.fromisoformat(row["end_day"])),
            number=row["id"],
        )
        yield Finding(OLD_STATEMENT, str(row["id"]), said, row["unit"], indicator=row["indicator"])


def _targets(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the targets that differ from what was handed on below, both as the unit's report says them."""
    names = {
        row["number"]: row for row in db.execute(f"SELECT e.indicator AS number, {_said()} FROM indicator_entry e")
    }
    for unit, start, end in db.execute(
        "SELECT DISTINCT t.unit, t.start_day, t.end_day FROM target t"
        " WHERE (t.unit IN (SELECT ancestor FROM ancestry WHERE depth = 1)"
        " OR t.unit IN (SELECT cluster FROM cluster_member)) ORDER BY 1, 2, 3"
    ).fetchall():
        window = Window("", date.fromisoformat(start), date.fromisoformat(end))
        as_of = min(date.today(), window.end)  # noqa: DTZ011
        children = children_of(db, unit_at(db, unit, window.end), Span(window.start, window.end))
        allocated = allocated_below(db, unit, children, window, as_of)
        for row in rows_in_effect(db, [unit], window, as_of):
            assigned, below = row["low"], allocated.get(row["indicator"])
            if assigned is None or below is None or below == assigned or row["kind"] == EACH_AT_LEAST:
                continue
            name, measure = names[row["indicator"]]["indicator"], names[row["indicator"]]["measure"]
            what = _(
                "Target {number}, {indicator} in {period}: assigned {assigned}, allocated below {allocated}."
            ).format(
                number=row["id"],
                indicator=name,
                period=row["period"],
                assigned=number_text(assigned, measure),
                allocated=number_text(below, measure),
            )
            by = apart([assigned], [below])
            yield Finding(TARGETS_SUM, str(row["id"]), what, unit, (assigned, below), name, by)
