"""The title and notes of an attainment table: unit, targets met, who has reported, what was left out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from shlex import quote

from ucli.i18n import _, chosen, counted, marked
from ucli.render.cells import percent_text
from ucli.render.labels import (
    compared_period,
    first_of,
    is_calendar,
    naming,
    period_in_prose,
    period_in_title,
    structure_text,
    units_named,
    word,
)
from ucli.render.submissions import piece_notes, reporting_notes, timeliness_notes
from ucli.reports.attainment import (
    AFTER_ABOVE,
    ONLY_PRINTED,
    OTHER_DAYS,
    OVERLAPS,
    TOO_LATE,
    Report,
    Row,
    Table,
)
from ucli.reports.closings import Reopened
from ucli.reports.figures import Counted, Figure
from ucli.values import comparison
from ucli.values.attainment import Summary, summarised
from ucli.values.dates import date_text
from ucli.values.indicators import MONEY, Indicator
from ucli.values.numbers import grouped
from ucli.values.quantities import ABOUT, BELOW, OR_MORE, PREDECESSORS, Quantity, Value
from ucli.values.targets import AT_LEAST, AT_MOST, EACH_AT_LEAST
from ucli.values.units import Unit

_MOST_COVERED = 20  # figures with a note each
_STALE = "†"


def title_of(report: Report, *, in_words: bool = False) -> str:
    """Return the title: unit, window (by its code or in words), last day."""
    window = report.total.window
    if in_words and is_calendar(window):
        return titled(report, _("{unit}, {period}, figures to {day}"), period_in_title(window))
    if report.as_of < window.start:
        return f"{unit_name(report.total.unit)} — {window.text()}"
    return titled(report, _("{unit} — {period}, figures to {day}"), window.text())


def titled(report: Report, text: str, period: str) -> str:
    """Return the title in the caller's text, with the name of the period and what it is compared with."""
    title = text.format(unit=unit_name(report.total.unit), period=period, day=date_text(report.as_of))
    if report.against:
        title = _("{title}, against the targets of {whole}").format(title=title, whole=period_in_prose(report.against))
    for by, among in report.only.items():
        parts = ", ".join(name or word(code) for code, name in among.items())
        title = _("{title}, only {by}: {parts}").format(title=title, by=word(by), parts=parts)
    if report.compare:
        then, last = compared_period(report.total.window, report.compare[0]), date_text(report.compare[1])
        title = _("{title}, compared with {period} to {day}").format(title=title, period=then, day=last)
    return title


def unit_name(unit: Unit | None) -> str:
    return unit.name if unit else _("All units together")


def is_by_time(report: Report) -> bool:
    return any(it.window != report.total.window for it in report.groups or [])


def notes_of(report: Report, money: str | None, decimals: int = 1, *, with_groups: bool = True) -> list[str]:
    """Return the lines under a report.

    Args:
        report: what they are about.
        money: the unit in which amounts are read; each in one that fits it where left out.
        decimals: of a percentage.
        with_groups: also how many targets each group has met.
    """
    table, groups = report.total, report.groups or []
    notes = summary_note(table)
    if report.against:
        notes.append(_("Attained: % of the target of {whole}.").format(whole=period_in_prose(report.against)))
    for whole in report.around[:3]:
        text = _("There is no target for {period}; --against {code} compares it with those of {whole}.")
        notes.append(text.format(period=table.window.code, whole=period_in_prose(whole), code=quote(whole.code)))
    notes += [f"  {it.label}: {note}" for it in groups for note in summary_note(it)] if with_groups else []
    notes += spread_notes(report, decimals)
    if not any(it.rows for it in (*groups, *table.with_parts)):
        notes.append(_("There are no records and no targets for this period."))
    notes += reporting_notes(table)
    notes += piece_notes(report)
    notes += [note for row in table.rows for note in _row_notes(row, report, money)]
    notes += _allocation_notes(table, money)
    notes += _left_out_notes(report, money) + _compared_notes(report)
    notes += legend([row for it in report.tables for row in it.rows])
    if report.groups == []:
        notes.append(_("There is no such group here."))
    if report.only:
        notes.append(_("Only the registers are counted; targets and figures are for the whole unit."))
    by, left_out = report.not_broken_down
    text = _("Left out, because it cannot be broken down by {by}: {names}.")
    notes += naming(text, (it.name(chosen()) for it in left_out), by=word(by))
    text = _("Sums of whole months that this period cuts are left out: bundles of {names}. Sums by day are counted.")
    notes += naming(text, report.cut)
    notes += naming(_("No bundle up to the end of the period yet: {names}."), report.unsent)
    notes += award_notes(report)
    notes += timeliness_notes(report.timeliness) if report.timeliness else []
    notes += [*_rest_notes(report, money), *structure_notes(report), *reopened_notes(report.reopened)]
    # With two issuers an indicator has two rows, but one note.
    return list(dict.fromkeys(notes))


def summary_note(table: Table) -> list[str]:
    """Return how many targets of a table were met, if it has any."""
    return [f"{summary_text(table.summary)}."] if table.summary.targets else []


def spread_notes(report: Report, decimals: int) -> list[str]:
    """Yield for each target of several groups how many reached it, and the range of attainment."""
    given: dict[tuple[Indicator, Unit | None], list[Row]] = {}
    for table in report.groups or []:
        for row in table.rows if table.window == report.total.window else []:
            if row.target:
                given.setdefault((row.indicator, row.issuer), []).append(row)
    notes = []
    for (indicator, issuer), rows in given.items():
        if len(rows) < 2:
            continue
        is_one_of_several = any(other == indicator and it != issuer for other, it in given)
        name = f"{indicator.name(chosen())} ({issuer.name})" if issuer and is_one_of_several else rows[0].name
        text = _("{name}: {met}/{units} units reached the target.")
        known = [(it.attainment.percent, it.hedge) for it in rows if it.attainment.percent]
        known.sort(key=lambda it: Fraction(it[0].numerator, it[0].denominator))
        ends = {}
        if len(known) > 1 and not any(it.goal and it.goal.kind in (AT_MOST, EACH_AT_LEAST) for it in rows):
            text = _("{name}: {met}/{units} units reached the target, from {least} to {most}.")
            pairs = {"least": known[0], "most": known[-1]}
            ends = {end: percent_text(it.rounded(decimals, hedge), hedge) for end, (it, hedge) in pairs.items()}
        met = summarised(it.attainment.status for it in rows).met
        notes.append(text.format(name=name, met=met, units=len(rows), **ends))
    return notes


def summary_text(summary: Summary, *, with_outcome: bool = True) -> str:
    """Return how many targets were met, and what the others are; or only those that are open."""
    details = {_("{n} exceeded"): summary.exceeded, _("{n} not met"): summary.unmet} if with_outcome else {}
    details |= {
        _("{n} undecided"): summary.undecided,
        _("{n} known only by a printed percentage"): summary.printed,
        _("{n} without data"): summary.unknown,
    }
    text = counted(_("{met}/{targets:target|targets} met or exceeded"), met=summary.met, targets=summary.targets)
    told = ", ".join(sentence.format(n=grouped(number)) for sentence, number in details.items() if number)
    return f"{text} ({told})" if told else text


def legend(rows: Sequence[Row]) -> list[str]:
    """Yield the meaning of the signs that occur in the table."""
    rows = [*rows, *(row.compared.then for row in rows if row.compared)]
    hedges = {row.counted.value.qualifier for row in rows if row.counted.value}
    meanings = {
        OR_MORE: _("≥: a source says “more than”; sums and percentages that include it are at least what is shown.")
        if not any(row.counted.left_out for row in rows)
        else _(
            "≥: a source says “more than”, or figures are left out; sums and percentages are at least what is shown."
        ),
        BELOW: _("<: a source says “nearly” or “under”; sums and percentages that include it are less than shown."),
        ABOUT: _("~: a source says “about”, or a sum mixes “more than” and “under”."),
    }
    found = [meaning for hedge, meaning in meanings.items() if hedge in hedges]
    if any(row.missing for row in rows):
        found.append(_("*: the sum lacks units that have not reported this indicator."))
    if days := [row.stated_on for row in rows if row.stated_on and stale_mark(row) == _STALE]:
        text = _("{mark}: includes statements from before the period, the oldest of {day}.")
        found.append(text.format(mark=_STALE, day=date_text(date.fromisoformat(min(days)))))
    return found


def stale_mark(row: Row) -> str:
    """Return the note behind a stock that rests on a statement older than the window: its day; for a sum a mark."""
    if not row.is_stale or row.stated_on is None:
        return ""
    is_single = row.counted.is_own and len(row.counted.stated) == 1
    return f" ({date_text(date.fromisoformat(row.stated_on))})" if is_single else _STALE


def structure_notes(report: Report) -> list[str]:
    """Yield the organisation used, and what it means for the units of the table."""
    notes = []
    if report.ended:
        day, followed = report.ended
        text = (
            _("This unit was closed on {day}; succeeded by: {units}.")
            if followed
            else _("This unit was closed on {day}.")
        )
        notes.append(text.format(day=date_text(day), units=", ".join(it.name for it in followed)))
    if any(table.apart for table in report.tables):
        notes.append(
            _(
                "Targets stay with the units they were set for; set one for all with set-target, or add them with "
                "--sum-predecessors."
            )
        )
    if report.total.parts and report.structure is None:
        notes.append(_("Results of a unit before its merger are counted as its own; --structure now includes them."))
    if report.unplaced:
        text = _("Not counted, because they belong to no unit that existed that day: {names}.")
        notes.append(text.format(names=units_named(report.unplaced)))
    return [*notes, structure_text(report.structure)]


def award_notes(report: Report) -> list[str]:
    """Yield the awards with their recipients, units by name and members by number, and a cluster's next leader."""
    given: dict[str, list[str | None]] = {}
    for it in report.awards:
        given.setdefault(it["title"], []).append(None if it["personal"] else it["unit"])
    notes = []
    for title, whose in given.items():
        names, members = [it for it in whose if it], whose.count(None)
        names += [counted(_("{count:member|members}"), count=members)] if members else []
        notes.append(_("{title}: {names}.").format(title=title, names=first_of(names)))
    if report.next_heads:
        year, lead, deputy = report.next_heads
        notes.append(_("Leader in {year}: {lead}; deputy: {deputy}.").format(year=year, lead=lead, deputy=deputy))
    return notes


def reopened_notes(reopened: Sequence[Reopened]) -> list[str]:
    """Yield the windows that were submitted and reopened since."""
    notes = []
    for it in reopened:
        period, until = it.window.text(), date_text(it.until) if it.until else ""
        if it.unit:
            period = _("{period} of {unit}").format(period=period, unit=it.unit.name)
        text = _("{period} was submitted, and reopened on {day}: {reason}")
        if it.until:
            text = _("{period} was submitted, and reopened on {day} until {until}: {reason}")
        notes.append(text.format(period=period, day=date_text(it.on), until=until, reason=it.reason))
    return notes


def _rest_notes(report: Report, money: str | None) -> list[str]:
    """Yield what the total holds beyond its groups: recorded for units above them, or for longer periods."""
    groups = report.groups or []
    by_time = is_by_time(report)
    rest = []
    # With two issuers an indicator has two rows of the same value.
    inside: dict[str, dict[int, Quantity]] = defaultdict(dict)
    for place, group in enumerate(groups):
        for row in group.rows:
            if isinstance(row.counted.value, Quantity):
                inside[row.indicator.code][place] = row.counted.value
    for row in report.total.rows:
        whole = row.counted.value
        if not isinstance(whole, Quantity) or (by_time and row.indicator.is_stock):
            continue
        found = sum(inside[row.indicator.code].values(), Quantity(0))
        if whole.value > found.value:
            rest.append(f"{row.name} {row.indicator.text(whole - found, money)}")
    text = _("Within none of these periods: {names}.") if by_time else _("In none of these groups: {names}.")
    return naming(text, rest if groups else ())


def _row_notes(row: Row, report: Report, money: str | None) -> list[str]:
    counted = row.counted
    estimated = row.estimate.figures if row.estimate else ()
    told: list[tuple[str, Iterable[Figure]]] = [
        (
            _("{name}: stated {stated}, collected from below {below} ({figure})."),
            [it for it in counted.stated if not _are_alike(it.value, counted.collected.get(it.id))],
        ),
        (_("{name}: {stated} as stated ({where})."), counted.printed),
        (
            _("{name}: {figure} includes the units merged in {period}."),
            [it for it in counted.stated if it.speaks_for == PREDECESSORS],
        ),
        (
            _("{name}: {stated} ({figure}) is included in what another unit stated, and counts there."),
            counted.covered[:_MOST_COVERED] if counted.value is None else (),
        ),
        (
            _("{name}: reason given: {reason} ({figure})."),
            [it for it in (*counted.stated, *counted.printed, *estimated) if it.reason],
        ),
    ]
    notes = [text.format(**_told_of(it, row, report, money)) for text, figures in told for it in figures]
    recorded = _("{name}: {number} recorded here are included in what another unit stated ({figure}), and count there.")
    for it, number in counted.elsewhere:
        about = {**_told_of(it, row, report, money), "number": row.indicator.text(Quantity(number), money)}
        notes.append(recorded.format(**about))
    notes += unvalued_notes(row.indicator, counted)
    return [*notes, *each_notes(row)]


def unvalued_notes(indicator: Indicator, counted: Counted) -> list[str]:
    """Yield how many payouts of unknown value, or members of unknown sex, there are."""
    text = _("{name}: payouts of unknown value: {n}; the sum is at least this.")
    if not indicator.is_money:
        text = _("{name}: members of unknown sex: {n}; the sum is at least this.")
    return [text.format(name=indicator.name(chosen()), n=counted.unvalued)] if counted.unvalued else []


def _are_alike(stated: Value | None, below: Value | None) -> bool:
    """Tell whether nothing was collected from below, or just what was stated."""
    return below is None or (stated is not None and stated.numbers == below.numbers)


def _told_of(figure: Figure, row: Row, report: Report, money: str | None) -> dict[str, object]:
    """Return the notes on a figure, given its name in a sentence."""
    number, below = _("figure {number}").format(number=figure.id), row.counted.collected.get(figure.id)
    if (report.total.unit is None or report.total.unit.id != figure.unit) and figure.unit in report.names:
        # Its unit is named where the table is not that unit's own.
        number = _("{unit}, figure {number}").format(unit=report.names[figure.unit], number=figure.id)
    stated: str = percent_text(figure.stated_percent or "0", figure.stated_qualifier)
    return {
        "name": row.name,
        "stated": row.indicator.text(figure.value, money) if figure.value else stated,
        "below": below and row.indicator.text(below, money),
        "figure": number,
        "where": "; ".join(filter(None, (number, figure.source))),
        "period": figure.window.text(),
        "reason": figure.reason,
    }


def each_notes(row: Row) -> list[str]:
    """Return which units did not reach a target for each."""
    if row.each is None or row.target is None:
        return []
    note = _("{name}: {reached}/{units} units reached {target} each.").format(
        name=row.name,
        reached=row.each.reached,
        units=len(row.each.units),
        target=row.target.goal._replace(kind=AT_LEAST, as_floor=True).text(),
    )
    for sentence, units in ((_("Not reached: {names}."), row.each.short), (_("No data: {names}."), row.each.unknown)):
        if units:
            note += " " + sentence.format(names=units_named(units))
    return [note]


def _allocation_notes(table: Table, money: str | None) -> list[str]:
    """Yield how much of each target was allocated; targets allocated in full share one note."""
    parted: dict[str, None] = {}
    whole: dict[str, str] = {}
    for row in table.rows:
        if row.each or row.allocated is None or row.target is None or row.target.goal.low is None:
            continue
        assigned, name = row.target.goal.low, row.indicator.name(chosen())
        text = allocation_text(row.indicator, assigned, row.allocated, money)
        if assigned == row.allocated:
            whole[f"{name} {_measured(row.indicator, assigned, money)}"] = text
        else:
            parted[text] = None
    if len(whole) > 1:
        return [*naming(_("Allocated in full: {names}."), whole), *parted]
    return [*whole.values(), *parted]


def allocation_text(indicator: Indicator, assigned: int, allocated: int, money: str | None = MONEY) -> str:
    """Return how much of a target was allocated to the units below."""
    numbers = {"assigned": assigned, "allocated": allocated, "difference": assigned - allocated}
    text = _("{name}: assigned {assigned}, all of it allocated.")
    if assigned != allocated:
        text = _("{name}: assigned {assigned}, allocated {allocated}, difference {difference}.")
    told = {key: _measured(indicator, number, money) for key, number in numbers.items()}
    return text.format(name=indicator.name(chosen()), **told)


def _measured(indicator: Indicator, number: int, money: str | None) -> str:
    text = indicator.text(Quantity(number), money)
    return text if indicator.is_money else f"{text} {indicator.measure}"


def broken_text(reason: str, report: Report) -> str:
    """Return why the comparison of a value has no percentage, or no difference."""
    assert report.compare is not None  # noqa: S101  asked only where there is one
    texts = {
        comparison.ZERO: _("{period} had none"),
        comparison.NEGATIVE: _("a number is below zero"),
        comparison.UNITS: _("not the same units were counted"),
        comparison.SAME_STATEMENT: _("both rest on the same statement"),
        comparison.LENGTHS: _("the periods are not equally long"),
        comparison.KINDS: _("the statements are of different kinds"),
        comparison.HEDGED: _("the numbers are not exact enough"),
        comparison.PARTS: _("units have not reported its parts"),
        comparison.NO_DATA: _("no data for this period"),
        comparison.NO_DATA_THEN: _("no data for {period}"),
    }
    return texts[reason].format(period=compared_period(report.total.window, report.compare[0]))


def _compared_notes(report: Report) -> list[str]:
    """Yield which rows have no percentage of change, or no change, and why."""
    found: dict[str, list[str]] = defaultdict(list)
    for table in report.tables:
        name = table.label if table is not report.total else ""
        for row in table.rows:
            reason = row.compared and row.compared.change.reason
            # The cells of a group without data say so.
            if reason and not (name and reason in (comparison.NO_DATA, comparison.NO_DATA_THEN)):
                found[reason].append(f"{name}: {row.name}" if name else row.name)
    notes = []
    for reason, names in found.items():
        text = _("No percentage of change, because {reason}: {names}.")
        if reason in comparison.NOT_COMPARED:
            text = _("Not compared, because {reason}: {names}.")
        notes += naming(text, names, reason=broken_text(reason, report))
    return notes


def _left_out_notes(report: Report, money: str | None) -> list[str]:
    """Yield the figures that were not counted, a line for each of their windows."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in report.total.rows:
        for it in row.counted.left_out:
            text = _("{name} {stated} ({figure})").format(**_told_of(it, row, report, money))
            found[it.window.text(), report.why_left_out(row.indicator, it)].append(text)
    day = date_text(report.as_of)
    return [
        note for (period, why), names in found.items() for note in naming(_(_WHY[why]), names, period=period, day=day)
    ]


_WHY = {
    OTHER_DAYS: marked("Left out, because {period} is not inside this period: {names}."),
    TOO_LATE: marked("Left out, because {period} ends after {day}: {names}."),
    ONLY_PRINTED: marked("Left out, because printed percentages do not add up: {names}."),
    AFTER_ABOVE: marked("Left out, because {period} is after what a unit above stated for all of them: {names}."),
    OVERLAPS: marked("Left out, because {period} half overlaps another figure that counts: {names}."),
}
