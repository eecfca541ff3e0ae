"""Reports: the attainment table, ranking, movement, timeliness, and the explanation of a cell."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from ucli.cli.commands import ReportCommand, command, is_typed
from ucli.cli.opening import reading
from ucli.cli.options import LetterRequest
from ucli.cli.output import form_asked, show, show_text
from ucli.cli.session import context, warn
from ucli.cli.values import choice
from ucli.errors import ConditionError, UsageError
from ucli.i18n import _
from ucli.ledger import units
from ucli.render.attainment import attainment_sheet
from ucli.render.cross import LONG, MATRIX
from ucli.render.data import receipt_data
from ucli.render.labels import listed
from ucli.render.submissions import timeliness_notes
from ucli.reports.attainment import Report
from ucli.reports.closings import reopened_within
from ucli.reports.registers import BREAKDOWNS
from ucli.reports.report import groups_of, whole_of
from ucli.reports.request import Request, question_about, report_asked
from ucli.reports.timeliness import Timeliness, due_day, timeliness_of
from ucli.sanitize import sanitize
from ucli.values.choices import spoken
from ucli.values.dates import date_text
from ucli.values.numbers import decimal_text, parse_percent
from ucli.values.units import BY_CHILDREN, BY_MONTH, BY_PERIOD, BY_QUARTER, BY_YEAR, GROUPING_ALIASES, GROUPINGS

# The default of --timeout, in seconds.
_SECONDS = 600
_by_or_part = choice("grouping", (*GROUPINGS, *BREAKDOWNS), GROUPING_ALIASES | spoken("breakdown"))


@command(ReportCommand)
def report(
    asked: Request,
    letter: LetterRequest,
    decimals: int = 1,
    money: str | None = None,
    layout: str | None = None,
    rank: bool = False,
    brief: bool = False,
    submitted: str | None = None,
    fail_incomplete: bool = False,
    fail_late: bool = False,
    fail_under: str | None = None,
    lake: Path | None = None,
    engine: str | None = None,
    timeout: int | None = None,
) -> None:
    """Default scope: the office; default period: the current year to today."""
    if submitted:
        from ucli.cli.closing import show_submitted  # noqa: PLC0415  it asks for reports itself

        _refuse_beside_submitted()
        show_submitted(submitted, asked.unit, asked.as_known)
        return
    if asked.sum_predecessors and asked.structure is None and asked.is_structure_given:
        raise UsageError(
            _("With the structure of each day, a unit does not get what units did before they were merged into it."),
            instead=_("Leave --structure out, or --sum-predecessors."),
        )
    if brief and form_asked() not in ("plain", "table", "prose"):
        raise UsageError(
            _("--brief is plain text."), instead=_("Leave --format out, or name a file that ends in .txt.")
        )
    if rank and (layout == LONG or asked.by is None or asked.by in (BY_YEAR, BY_QUARTER, BY_MONTH)):
        raise UsageError(
            _("--rank is a column of a table by units."), instead=_("Add --by unit, and leave --layout out.")
        )
    asked = _in_a_row(asked)
    floor = parse_percent(fail_under) if fail_under else None
    answer, foot = _answered(asked, lake, engine, timeout or _SECONDS)
    warn_of_future(asked, answer.as_of)
    standings = None
    if rank:
        from ucli.reports.ranking import compared_in, ranked  # noqa: PLC0415

        standings, layout = ranked(answer, compared_in(answer, asked.indicators), None), MATRIX
    sheet = attainment_sheet(answer, decimals=decimals, money=money, layout=layout, standings=standings, foot=foot)
    if brief:
        from ucli.render.prose import brief as brief_lines  # noqa: PLC0415  only here

        show_text("".join(f"{sanitize(line)}\n" for line in brief_lines(answer, decimals)))
    else:
        show(sheet, about=answer.total.unit, day=answer.structure or answer.total.window.end, letter=letter)
    if fail_incomplete and answer.has_gaps:
        raise ConditionError(
            _("The report is not complete."), instead=_("The last lines of the report say what is missing.")
        )
    if fail_late:
        _require_in_time(answer.timeliness)
    if floor is not None:
        _require_reached(answer, floor)


def _answered(asked: Request, lake: Path | None, engine: str | None, seconds: int) -> tuple[Report, list[str]]:
    """Return the report, and what its foot says of where it was counted, where that is a lake."""
    if lake is None:
        with reading() as db:
            return report_asked(db, asked), []
    from ucli.cli.lake import reported  # noqa: PLC0415  seldom asked for

    return reported(asked, lake, engine, seconds)


def _refuse_beside_submitted() -> None:
    """Refuse options that would change a submitted report."""
    typed = [
        _("the period") if it.name == "words" else max(it.opts, key=len)
        for it in context().command.params
        if it.expose_value and it.name not in ("submitted", "unit", "as_known") and is_typed(it.name, context())
    ]
    if typed:
        raise UsageError(
            _("A submitted report is printed as it was: {options} cannot change it.").format(options=", ".join(typed)),
            instead=_("With --submitted use only --unit, --as-known, --format and --output."),
        )


def _require_reached(answer: Report, floor: Decimal) -> None:
    tables = [answer.total, *(part.table for part in answer.total.parts if answer.total.apart)]
    short = [row.indicator.code for table in tables for row in table.rows if row.is_under(floor)]
    if short:
        raise ConditionError(
            _("Below {floor}% of the target: {indicators}.").format(
                floor=decimal_text(floor), indicators=", ".join(dict.fromkeys(short))
            )
        )


def _require_in_time(found: Timeliness | None) -> None:
    if found is None:
        raise UsageError(
            _("There is no due date for this period."),
            instead=_(
                "Set one for these days: ucli add-period CODE --from DATE --to DATE --due DATE; “timeliness” "
                "also accepts --due."
            ),
        )
    if found.is_late:
        raise ConditionError(_("Not all units reported in time."), instead=_("“ucli timeliness” lists them."))


# Options that have no meaning for a report in these formats.


@command(ReportCommand)
def timeliness(asked: Request, due: date | None = None, fail_late: bool = False) -> None:
    """Covers the units directly below. A report came in with its last figure, on the day received or else recorded."""
    with reading() as db:
        question, subjects = question_about(db, asked)
        by = due or due_day(db, question.window)
        whole = groups_of(db, question, subjects, None)[0]
        found = timeliness_of(db, question.tree, whole, by) if by else None
    if found is None:
        _require_in_time(found)
    else:
        records = [receipt_data(it) for it in found.receipts]
        show(listed(records, [*records[0]] if records else ["unit"], timeliness_notes(found)))
    if fail_late:
        _require_in_time(found)


@command(ReportCommand)
def rank(
    asked: Request,
    issuer: str | None = None,
    worst_first: bool = False,
    decimals: int = 1,
) -> None:
    """With one --indicator units are ranked by attainment of its target; by its value where no unit has a target.

    Without one, or with several, by the share of targets met. Exact shares are compared, equals share a place, and
    units without a target or data stand at the end without a place.
    """
    from ucli.render.ranking import ranking_sheet  # noqa: PLC0415
    from ucli.reports.ranking import compared_in, ranked  # noqa: PLC0415

    asked = by_units(asked)
    with reading() as db:
        answer = report_asked(db, asked)
        given_by = units.find(db, issuer).id if issuer else None
    warn_of_future(asked, answer.as_of)
    compared = compared_in(answer, asked.indicators)
    standings = ranked(answer, compared, given_by)
    if worst_first:
        standings.sort(key=lambda it: -it.place if it.place else 1)
    show(ranking_sheet(answer, standings, compared, decimals))


@command(ReportCommand)
def movement(asked: Request) -> None:
    from ucli.render.movement import movement_sheet  # noqa: PLC0415
    from ucli.reports.movement import movements_of  # noqa: PLC0415

    asked = _in_a_row(asked)
    with reading() as db:
        question, subjects = question_about(db, asked)
        total, groups = movements_of(db, question, subjects, asked.by)
        reopened = reopened_within(db, question.window, whole_of(db, question, subjects)[2])
    warn_of_future(asked, question.as_of)
    sheet = movement_sheet(total, groups, question, reopened)
    show(sheet, about=total.unit, day=asked.structure or total.window.end)


@command(ReportCommand)
def explain(indicator: str, asked: Request) -> None:
    from ucli.render.explanation import explanation_sheet  # noqa: PLC0415
    from ucli.reports.explain import explained  # noqa: PLC0415

    with reading() as db:
        answer, explanations = explained(db, asked._replace(indicators=[indicator]))
    warn_of_future(asked, answer.as_of)
    sheet = explanation_sheet(explanations, answer)
    show(sheet, about=answer.total.unit, day=asked.structure or answer.total.window.end)


# What is asked where it was not typed


def _in_a_row(asked: Request) -> Request:
    """Return what is asked, by period where a family of them is named."""
    return asked._replace(by=asked.by or (BY_PERIOD if asked.family else None))


def by_units(asked: Request) -> Request:
    """Return what is asked, by the units directly below; several provinces are the groups themselves."""
    return asked._replace(by=asked.by or (None if len(asked.province) > 1 else BY_CHILDREN))


def warn_of_future(asked: Request, counted_to: date) -> None:
    """Warn that the last day asked for is in the future."""
    if asked.as_of and counted_to > date.today():  # noqa: DTZ011
        warn(_("{day} is in the future; only what is recorded so far is counted.").format(day=date_text(asked.as_of)))
