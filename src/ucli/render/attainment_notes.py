"""What stands under an attainment table: targets met, who has reported, what was left out and why."""

from collections.abc import Sequence
from datetime import date
from shlex import quote

from ucli.i18n import _, chosen
from ucli.render.cells import NOTHING, measure_text, money_cell, percent_text, value_text
from ucli.render.labels import period_in_prose, structure_text
from ucli.reports.attainment import Report, Row, Table
from ucli.reports.figures import Figure
from ucli.reports.reopened import Reopened
from ucli.sanitize import sanitize
from ucli.values.attainment import Summary
from ucli.values.dates import date_text
from ucli.values.indicators import MONEY
from ucli.values.periods import Window
from ucli.values.quantities import ABOUT, AT_LEAST, BELOW, PREDECESSORS, Quantity, Share
from ucli.values.targets import AT_LEAST as AT_LEAST_SO_MUCH

_NAMES_SHOWN = 20
STALE = "†"


def notes_of(report: Report, labels: dict[int, str], money: str) -> list[str]:
    """Return the lines under a report: targets met, who has reported, what was left out and why.

    Args:
        report: the tables.
        labels: what each table is called in the first column, by its identity.
        money: the unit in which amounts are read.

    """
    table = report.total
    notes = [_summary_text(table.summary)] if table.summary.targets else []
    if report.against:
        notes.append(_("Attained: % of the target of {whole}.").format(whole=period_in_prose(report.against)))
    notes += [
        _("There is no target for {period}; --against {code} holds it against those of {whole}.").format(
            period=table.window.code, whole=period_in_prose(whole), code=quote(whole.code)
        )
        for whole in report.around[:3]
    ]
    notes += [
        f"  {sanitize(labels[id(other)])}: {_summary_text(other.summary)}"
        for other in report.groups or []
        if other.summary.targets
    ]
    if not any(it.rows for it in (table, *(part.table for part in table.parts), *(report.groups or []))):
        notes.append(_("Nothing is recorded and no target is set for this period."))
    notes += reporting_notes(table)
    notes += [
        f"  {sanitize(labels[id(piece)])}: {note}"
        for piece in report.groups or []
        if piece.window != table.window and piece.missing
        for note in reporting_notes(piece)
    ]
    for row in table.rows:
        notes += _row_notes(row, report, money)
    notes += _left_out_notes(report, money)
    notes += legend([row for it in (table, *(report.groups or [])) for row in it.rows])
    if report.groups == []:
        notes.append(_("There is no such group here."))
    notes += _rest_notes(report, money)
    notes += [*structure_notes(report), *reopened_notes(report.reopened)]
    # Two issuers give an indicator two rows, and one note.
    return list(dict.fromkeys(notes))


def legend(rows: Sequence[Row]) -> list[str]:
    """Say what the signs at the numbers mean, of those that stand there."""
    hedges = {row.counted.value.qualifier for row in rows if row.counted.value}
    meanings = {
        AT_LEAST: _("≥: a source says “more than”; the sums and percentages that hold it are at least that much."),
        BELOW: _("<: a source says “nearly” or “under”; the sums and percentages that hold it are less than that."),
        ABOUT: _("~: a source says “about”, or hedges of both directions are in one sum."),
    }
    legend = [meaning for hedge, meaning in meanings.items() if hedge in hedges]
    if any(row.missing for row in rows):
        legend.append(_("*: the sum lacks units that have not reported this indicator."))
    if days := [row.stated_on for row in rows if row.stated_on and stale_mark(row) == STALE]:
        oldest = date_text(date.fromisoformat(min(days)))
        legend.append(
            _("{mark}: holds statements older than the period, the oldest of {day}.").format(mark=STALE, day=oldest)
        )
    return legend


def stale_mark(row: Row) -> str:
    """Return what stands behind a stock that rests on a statement older than the window: its day, in a sum a mark."""
    if not row.is_stale or row.stated_on is None:
        return ""
    is_single = row.counted.is_own and len(row.counted.stated) == 1
    return f" ({date_text(date.fromisoformat(row.stated_on))})" if is_single else STALE


def _rest_notes(report: Report, money: str) -> list[str]:
    """Say what of the total stands in none of its groups: recorded above them, or for a longer period than theirs."""
    groups = report.groups or []
    by_time = any(group.window != report.total.window for group in groups)
    rest = []
    for row in report.total.rows:
        whole = row.counted.value
        if not isinstance(whole, Quantity) or (by_time and row.indicator.is_stock):
            continue
        # Two issuers give an indicator two rows of one value.
        found = {
            index: other.counted.value
            for index, group in enumerate(groups)
            for other in group.rows
            if other.indicator == row.indicator and isinstance(other.counted.value, Quantity)
        }
        inside = sum(found.values(), Quantity(0))
        if whole.value > inside.value:
            rest.append(f"{row.indicator.name(chosen())} {value_text(whole - inside, row.indicator, money)}")
    if not groups or not rest:
        return []
    shown = "; ".join(dict.fromkeys(rest[:_NAMES_SHOWN])) + (" …" if len(rest) > _NAMES_SHOWN else "")
    return [_("In none of these groups: {rest}.").format(rest=shown)]


def structure_notes(report: Report) -> list[str]:
    """Say by whose structure was counted, and what that does to the units named here."""
    notes = []
    if report.ended:
        day, followed = report.ended
        notes.append(
            _("This unit ended on {day}; followed by: {units}.").format(
                day=date_text(day), units=", ".join(sanitize(it.name) for it in followed)
            )
            if followed
            else _("This unit ended on {day}.").format(day=date_text(day))
        )
    tables = [*(report.groups or []), report.total]
    if any(table.apart for table in tables):
        notes.append(
            _("Targets stay with the units they were given to; set-target sets one for all, --sum-predecessors adds.")
        )
    if report.total.parts and report.structure is None:
        notes.append(_("What a unit did before it was merged here counts as its own; --structure now adds it."))
    if report.unplaced:
        names = ", ".join(sanitize(it.name) for it in report.unplaced[:_NAMES_SHOWN])
        notes.append(_("Belong to no unit of that day, and are not counted: {names}.").format(names=names))
    return [*notes, structure_text(report.structure)]


def reopened_notes(reopened: Sequence[Reopened]) -> list[str]:
    """Say which windows were handed in and reopened since."""
    notes = []
    for it in reopened:
        period = it.window.text()
        if it.unit:
            period = _("{period} of {unit}").format(period=period, unit=it.unit.name)
        sentence = (
            _("{period} was handed in, and reopened on {day} until {until}: {reason}")
            if it.until
            else _("{period} was handed in, and reopened on {day}: {reason}")
        )
        until = date_text(it.until) if it.until else ""
        notes.append(sanitize(sentence.format(period=period, day=date_text(it.on), until=until, reason=it.reason)))
    return notes


def _summary_text(summary: Summary) -> str:
    text = _("{met}/{targets} targets met or exceeded").format(met=summary.met, targets=summary.targets)
    details = [
        (_("{n} exceeded"), summary.exceeded),
        (_("{n} not met"), summary.unmet),
        (_("{n} undecided"), summary.undecided),
        (_("{n} known only by a printed percentage"), summary.printed),
        (_("{n} without data"), summary.unknown),
    ]
    told = ", ".join(sentence.format(n=number) for sentence, number in details if number)
    return f"{text} ({told})." if told else f"{text}."


def reporting_notes(table: Table) -> list[str]:
    """Say how many of the units that are waited for have reported what, and which have not."""
    notes = []
    for it in table.reporting:
        reported = it.expected - len(it.missing)
        note = _("{reported}/{expected} units have reported.").format(reported=reported, expected=it.expected)
        if it.missing:
            note += " " + _("Not yet: {names}.").format(names=_first([sanitize(unit.name) for unit in it.missing]))
        if it.indicators:
            note = _("{name}: {what}").format(
                name=_first([indicator.name(chosen()) for indicator in it.indicators]), what=note
            )
        notes.append(note)
    return notes


def _first(names: Sequence[str]) -> str:
    """Name the first of many, and say how many more there are."""
    more = f" … (+{len(names) - _NAMES_SHOWN})" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(names[:_NAMES_SHOWN]) + more


def _row_notes(row: Row, report: Report, money: str) -> list[str]:
    name = row.indicator.name(chosen())
    notes = []
    for figure in row.counted.stated:
        below = row.counted.collected.get(figure.id)
        if below is not None and (below.__class__, _plain(below)) != (figure.value.__class__, _plain(figure.value)):
            notes.append(
                _("{name}: stated {stated}, collected from below {below} ({figure}).").format(
                    name=name,
                    stated=value_text(figure.value, row.indicator, money) if figure.value else NOTHING,
                    below=value_text(below, row.indicator, money),
                    figure=_figure_text(figure, report),
                )
            )
    for figure in row.counted.printed:
        percent = percent_text(figure.stated_percent or "0", figure.stated_qualifier)
        where = "; ".join(filter(None, (_figure_text(figure, report), figure.source)))
        notes.append(_("{name}: {percent} as stated ({figure}).").format(name=name, percent=percent, figure=where))
    for figure in row.counted.stated:
        if figure.speaks_for == PREDECESSORS:
            text = _("{name}: {figure} speaks for the units merged into its own in {period} too.")
            notes.append(text.format(name=name, figure=_figure_text(figure, report), period=figure.window.text()))
    if row.counted.value is None and row.counted.covered:
        notes += [
            _("{name}: {stated} ({figure}) is in what another unit has stated, and counts there.").format(
                name=name, stated=_stated_text(it, row, money), figure=_figure_text(it, report)
            )
            for it in row.counted.covered[:_NAMES_SHOWN]
        ]
    estimated = row.estimate.figures if row.estimate else ()
    notes += [
        _("{name}: reason given: {reason} ({figure}).").format(
            name=name, reason=figure.reason, figure=_figure_text(figure, report)
        )
        for figure in (*row.counted.stated, *row.counted.printed, *estimated)
        if figure.reason
    ]
    if row.each:
        notes += each_notes(row)
    elif row.allocated is not None and row.target and row.target.goal.low is not None:
        notes.append(_allocation_text(row, row.target.goal.low, row.allocated, money))
    return notes


def each_notes(row: Row) -> list[str]:
    """Say which of the units that are each to reach a target did not."""
    if row.each is None or row.target is None:
        return []
    note = _("{name}: {reached}/{units} units reached {target} each.").format(
        name=row.indicator.name(chosen()),
        reached=row.each.reached,
        units=len(row.each.units),
        target=row.target.goal._replace(kind=AT_LEAST_SO_MUCH, as_floor=True).text(),
    )
    for sentence, units in ((_("Not reached: {names}."), row.each.short), (_("No data: {names}."), row.each.unknown)):
        if units:
            names = ", ".join(sanitize(it.name) for it in units[:_NAMES_SHOWN])
            more = f" … (+{len(units) - _NAMES_SHOWN})" if len(units) > _NAMES_SHOWN else ""
            note += " " + sentence.format(names=names + more)
    return [note]


def _allocation_text(row: Row, assigned: int, allocated: int, money: str) -> str:
    """Say how much of what a unit was assigned it has handed on."""
    numbers = {"assigned": assigned, "allocated": allocated, "difference": assigned - allocated}
    unit = money if row.indicator.is_money else MONEY
    texts = {key: f"{money_cell(it, unit)} {measure_text(row.indicator, money)}" for key, it in numbers.items()}
    sentence = (
        _("{name}: assigned {assigned}, allocated {allocated}, difference {difference}.")
        if assigned != allocated
        else _("{name}: assigned {assigned}, all of it allocated.")
    )
    return sentence.format(name=row.indicator.name(chosen()), **texts)


def _figure_text(figure: Figure, report: Report) -> str:
    """Name a figure by its number, and by its unit where the table is not that unit's own."""
    own = report.total.unit and report.total.unit.id == figure.unit
    if own or figure.unit not in report.names:
        return _("figure {number}").format(number=figure.id)
    return _("{unit}, figure {number}").format(unit=sanitize(report.names[figure.unit]), number=figure.id)


def _left_out_notes(report: Report, money: str) -> list[str]:
    """Name the figures that were not counted, one line for each window they were stated for."""
    groups: dict[tuple[Window, str], list[str]] = {}
    for row in report.total.rows:
        for figure in row.counted.left_out:
            text = _("{name} {stated} ({figure})").format(
                name=row.indicator.name(chosen()),
                stated=_stated_text(figure, row, money),
                figure=_figure_text(figure, report),
            )
            groups.setdefault((figure.window, _why_left_out(report, row, figure)), []).append(text)
    notes = []
    for (window, why), found in groups.items():
        figures = list(dict.fromkeys(found))
        shown = "; ".join(figures[:_NAMES_SHOWN]) + (" …" if len(figures) > _NAMES_SHOWN else "")
        notes.append(why.format(period=window.text(), day=date_text(report.as_of), figures=shown))
    return notes


def _stated_text(figure: Figure, row: Row, money: str) -> str:
    if figure.value:
        return value_text(figure.value, row.indicator, money)
    return percent_text(figure.stated_percent or "0", figure.stated_qualifier)


def _why_left_out(report: Report, row: Row, figure: Figure) -> str:
    if not report.total.window.holds(figure.window):
        return _("Left out, because {period} is not inside this period: {figures}.")
    if figure.window.end > report.as_of:
        return _("Left out, because {period} ends after {day}: {figures}.")
    if figure.value is None:
        return _("Left out, because printed percentages do not add up: {figures}.")
    if row.indicator.is_stock or row.indicator.is_state:
        return _("Left out, because {period} is later than what a unit above stated for all: {figures}.")
    return _("Left out, because {period} half overlaps another figure that counts: {figures}.")


def _plain(value: Quantity | Share | None) -> tuple[int, ...]:
    if isinstance(value, Quantity):
        return (value.value,)
    return (value.part, value.whole) if value else ()
