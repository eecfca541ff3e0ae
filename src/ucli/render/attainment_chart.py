"""What a chart of a report shows: each target beside what was reached."""

from collections import Counter
from collections.abc import Sequence

from ucli.i18n import _, chosen
from ucli.render import Chart
from ucli.render.labels import word
from ucli.reports.attainment import Report, Row
from ucli.values.quantities import SIGNS, Quantity
from ucli.values.targets import AT_MOST, EACH_AT_LEAST, MORE_THAN

_MOST = 40  # pairs of bars that can still be read


def chart_of(report: Report, labels: dict[int, str]) -> Chart | None:
    """Return a chart of the groups, where they show one indicator, else of the total; None where nothing has a target.

    Args:
        report: the tables.
        labels: what each table is called, by its identity.

    """
    groups = report.groups or []
    if len({row.indicator.code for table in groups for row in table.rows}) == 1:
        return chart_of_units([(labels[id(table)], row) for table in groups for row in table.rows])
    return _chart([(row.indicator.name(chosen()), row) for row in report.total.rows], of_units=False)


def chart_of_units(rows: Sequence[tuple[str, Row]]) -> Chart | None:
    """Return a chart of one indicator by units, each row with the unit's name; None where nothing has a target."""
    return _chart(rows, of_units=True)


def _chart(rows: Sequence[tuple[str, Row]], *, of_units: bool) -> Chart | None:
    """Return a chart of rows, each with what it is called.

    Rows of one measure show their numbers; of rows that cannot stand beside each other only how much of the target
    was reached, and those without one are left out.
    """
    measures = {row.indicator.measure for _name, row in rows}
    in_percent = len(measures) > 1 or not all(_is_number(row) for _name, row in rows)
    pairs = [(name, row) for name, row in rows if not in_percent or row.attainment.percent]
    if not any(row.target for _name, row in pairs):
        return None
    shown = pairs[:_MOST]
    several = {name for name, times in Counter(name for name, _row in shown).items() if times > 1}
    return Chart(
        _title(shown[0][1], of_units=of_units, in_percent=in_percent)
        + ("" if len(pairs) <= _MOST else f" (1–{_MOST}/{len(pairs)})"),
        [_label(name, row, with_issuer=name in several) for name, row in shown],
        [100.0 if in_percent else _bound(row) for _name, row in shown],
        [_percent(row) if in_percent else _value(row) for _name, row in shown],
        in_percent,
    )


def _is_number(row: Row) -> bool:
    """Tell whether a row can be drawn by its own numbers: a count or an amount, and a target that is one."""
    return isinstance(row.counted.value, Quantity | None) and (row.target is None or row.target.goal.bound is not None)


def _title(first: Row, *, of_units: bool, in_percent: bool) -> str:
    what = _("Target and actual ({measure})").format(measure=first.indicator.measure)
    if in_percent:
        what = _("Actual, in % of the target")
    return f"{first.indicator.name(chosen())}: {what}" if of_units else what


def _label(name: str, row: Row, *, with_issuer: bool) -> str:
    """Return what stands beside a pair of bars: also that a number is hedged, and a target a ceiling."""
    target, value = row.target, row.counted.value
    notes = [target.issuer.name] if with_issuer and target and target.issuer else []
    notes += [word(target.goal.kind)] if target and target.goal.kind in (AT_MOST, MORE_THAN, EACH_AT_LEAST) else []
    notes += [SIGNS[value.qualifier].strip()] if value and value.qualifier else []
    return f"{name} ({', '.join(notes)})" if notes else name


def _bound(row: Row) -> float | None:
    return float(row.target.goal.bound) if row.target and row.target.goal.bound is not None else None


def _value(row: Row) -> float | None:
    return float(row.counted.value.value) if isinstance(row.counted.value, Quantity) else None


def _percent(row: Row) -> float | None:
    # Rounded as in a table, so that no bar of an unmet target reaches 100.
    qualifier = row.counted.value.qualifier if row.counted.value and not row.each else None
    return float(row.attainment.percent.rounded(1, qualifier)) if row.attainment.percent else None
