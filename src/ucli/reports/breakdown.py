"""Breaking totals down by what the registers know of each row: sector, sex, form, fund, programme.

What only figures state, and rows without the attribute, form a group of their own, so that groups add up to the total.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence

from ucli.ledger import catalogue
from ucli.reports.attainment import Report, Row, summary_of
from ucli.reports.comparison import compared, groups_then
from ucli.reports.counting import Counter, Question, count
from ucli.reports.figures import Counted
from ucli.reports.registers import NOT_KNOWN, PROGRAMME, can_break_down
from ucli.reports.report import groups_of, report_of
from ucli.reports.scope import Group
from ucli.values.attainment import attain
from ucli.values.indicators import Indicator
from ucli.values.quantities import OR_MORE, Quantity
from ucli.values.units import FORMS, SECTORS, Unit

_GROUP = "group"  # the kind of a group that is not a unit
_IN_ORDER = (*SECTORS, "female", "male", *FORMS)


def broken_down(db: sqlite3.Connection, question: Question, units: Sequence[Unit], by: str) -> Report:
    """Return the report of some units together, broken down by one of `registers.BREAKDOWNS`.

    Indicators that cannot be broken down by it are left out and named.
    """
    report = report_of(db, question, units, None)
    rows = [row for row in report.total.rows if can_break_down(row.indicator.register, by)]
    left_out = {row.indicator: None for row in report.total.rows if row not in rows}
    whole, then = groups_of(db, question, units, None)[0], question.then
    found = _by_part(db, question, whole, rows, by)
    whole_then = groups_then(db, then, [whole], None)[0] if then else whole
    rows_then = [row.compared.then for row in rows if row.compared]
    found_then = _by_part(db, then, whole_then, rows_then, by) if then else {}
    kept = {row.indicator: None for row in rows}
    reporting = (
        it._replace(indicators=tuple(one for one in it.indicators if one in kept))
        for it in report.total.reporting
        if not it.indicators or any(one in kept for one in it.indicators)
    )
    total = report.total._replace(rows=rows, summary=summary_of(rows), reporting=tuple(reporting))
    names = {it.code: it.name for it in catalogue.programmes(db)} if by == PROGRAMME else {}
    met = {*found, *found_then}
    order = [*_IN_ORDER, *names, *sorted(met - {NOT_KNOWN}), NOT_KNOWN]
    tables = []
    for place, code in enumerate(it for it in dict.fromkeys(order) if it in met):
        now, before = found.get(code, {}), found_then.get(code, {})
        of = [now.get(row.indicator) or _row(row, Quantity(0)) for row in rows if row.indicator in {*now, *before}]
        unit = Unit(place - len(order), code, names.get(code, code), _GROUP)
        table = total._replace(unit=unit, rows=of, summary=summary_of(of), expected=0, missing=())
        table = table._replace(reporting=(), parts=())
        if then:
            of_then = [before.get(it.indicator) or _row(it, Quantity(0)) for it in rows_then]
            table_then = table._replace(window=then.window, rows=of_then)
            own_days = question.tree.day is None
            table = compared(db, table, table_then, whole, whole_then, by_its_own_days=own_days)
        tables.append(table)
    return report._replace(total=total, groups=tables, not_broken_down=(by, tuple(left_out)))


def _by_part(
    db: sqlite3.Connection, question: Question, whole: Group, rows: Sequence[Row], by: str
) -> dict[str, dict[Indicator, Row]]:
    """Return the parts of rows, by code."""
    [counter] = count(db, question, [whole], one_by_one=True)
    found: dict[str, dict[Indicator, Row]] = defaultdict(dict)
    for row in rows:
        for code, value in _parts(counter, row, by).items():
            found[code][row.indicator] = _row(row, value)
    return found


def _row(row: Row, value: Quantity) -> Row:
    return Row(row.indicator, None, Counted(value=value), attain(value, None), first=row.first)


def _parts(counter: Counter, row: Row, by: str) -> dict[str, Quantity]:
    """Return the parts of a row by code: what the registers hold outside of figures, and the rest."""
    counted, whole = row.counted, row.counted.value
    if not isinstance(whole, Quantity):
        return {}
    is_stated = row.indicator.is_stock and (counted.stated or counted.added or counted.moved or counted.passed)
    parts = {} if is_stated else counter.by_part(row.indicator, by)
    parts.pop(NOT_KNOWN, None)  # a fund of that name
    values = {code: Quantity(n, OR_MORE if unvalued else None) for code, (n, unvalued) in parts.items()}
    unvalued = counted.unvalued - sum(n for _value, n in parts.values())
    # If only gifts of unknown value make a sum “at least”, a part without such gifts is exact.
    is_only_so = counted.unvalued and not (counted.stated or counted.added)
    hedge = (OR_MORE if unvalued else None) if is_only_so else whole.qualifier
    rest = whole.value - sum(it.value for it in values.values())
    if rest or hedge:
        values[NOT_KNOWN] = Quantity(rest, hedge)
    return values
