"""Figures that units state, the targets they are held against, and the catalogue of what is counted."""

from datetime import date

from ucli.cli import options
from ucli.cli import values as read
from ucli.cli.app import FigureCommand, WriteCommand, accept, ask, can_ask, command, confirm
from ucli.cli.session import tell, writing
from ucli.errors import UsageError
from ucli.i18n import _, marked
from ucli.ledger import catalogue, figures, targets, units
from ucli.ledger.verbs import RowStatus, only
from ucli.values import indicators as kinds
from ucli.values import quantities
from ucli.values.numbers import doubt_about_money
from ucli.values.statements import parse_statement

_SENTENCES = {
    quantities.STATED: marked("Figure {number}: {indicator} {value}, {unit}, {period}."),
    quantities.ESTIMATE: marked("Figure {number}, an estimate: {indicator} {value}, {unit}, {period}."),
    quantities.NOT_APPLICABLE: marked("Figure {number}: {indicator} does not apply to {unit}, {period}."),
}
_ADD, _LATEST = "add", "latest"


@command(FigureCommand)
def add_figure(
    about: options.Subject,
    value: str,
    source: str | None = None,
    stated_percent: str | None = None,
    weight: int | None = None,
    decision: str | None = None,
    with_predecessors: bool | None = None,
    replace: bool = False,
    reason: str | None = None,
    received: date | None = None,
) -> None:
    def write(*, for_them_too: bool | None) -> None:
        speaks_for = {True: quantities.PREDECESSORS, False: quantities.OWN, None: None}[for_them_too]
        with writing() as (op, say):
            found, subject, window = about.of(op.db)
            statement = parse_statement(value, found, percent=stated_percent, weight=weight)
            accept(doubt_about_money(statement.value or 0) if found.is_money else None)
            row = figures.Figure(found, subject, window, statement, source, decision, speaks_for, reason, received)
            status, number, doubts = only(figures.state(op, [row], replace=replace))
            statement, speaks = figures.stated(op.db, number)
            say.warnings += doubts
            if speaks_for and speaks is None:
                text = _("No other unit was merged into {unit} inside {period}: the figure speaks for itself alone.")
                say.warnings.append(text.format(unit=subject.name, period=window.code))
            say(
                _(_SENTENCES[statement.kind]),
                {"value": value},
                number=number,
                indicator=found,
                unit=subject,
                period=window,
                **statement._asdict(),
                speaks_for=speaks,
                reason=reason,
                received=received or (date.today() if status is RowStatus.NEW else None),  # noqa: DTZ011
                revised=status is RowStatus.CHANGED,
            )

    try:
        write(for_them_too=with_predecessors)
    except figures.PredecessorsError as error:
        if not can_ask():
            raise
        # Asked while no one waits for the ledger.
        tell(f"{error.what} {error.why}")
        write(for_them_too=confirm(_("Does it speak for them too?")))


@command(FigureCommand)
def set_target(
    about: options.Subject,
    value: str,
    issuer: str | None = None,
    profile: str | None = None,
    effective: date | None = None,
    decision: str | None = None,
) -> None:
    with writing() as (op, say):
        found, subject, window = about.of(op.db)
        if issuer is None and can_ask() and len(standing := targets.issuers_of(op.db, found, subject, window)) > 1:
            given = ", ".join(units.get_ever(op.db, it, column="code") for it in standing if it)
            issuer = read.name_text(ask(_("Whose target is revised ({issuers})?").format(issuers=given)))
        by = units.find(op.db, issuer, day=window.end) if issuer else None
        target = targets.Target(found, value, subject, window, by, profile, effective, decision)
        status, number, _doubts = only(targets.set_targets(op, [target]))
        goal = target.goal
        accept(doubt_about_money(goal.low or 0) if found.is_money else None)
        done = _("Target {number}: {indicator} {value}, {unit}, {period}.")
        if status is RowStatus.CHANGED:
            done = _("Target {number} revised: {indicator} {value}, {unit}, {period}.")
        say(
            done,
            {"value": goal.text()},
            number=number,
            indicator=found,
            unit=subject,
            period=window,
            issuer=by,
            effective=effective,
            target=goal.low,
            target_kind=goal.kind,
            target_upper=goal.high,
            target_percent=None if goal.percent is None else f"{goal.percent:f}",
        )


@command(WriteCommand)
def add_indicator(
    code: str,
    name: str,
    measure: str,
    kind: str | None = None,
    formula: str | None = None,
    direction: str = kinds.HIGHER,
    alias: str | None = None,
    over_time: str | None = None,
    name_en: str | None = None,
) -> None:
    """Of a ratio it is asked whether it adds up over time; in a script it does, unless --over-time says otherwise."""
    kind = kind or (kinds.RATIO if formula else kinds.FLOW)
    if formula and kind not in (kinds.RATIO, kinds.AVERAGE):
        raise UsageError(_("--formula is for ratios and averages."), instead=_("Leave --kind out."))
    if over_time and kind != kinds.RATIO:
        raise UsageError(_("--over-time is for ratios."), instead=_("Leave it out, or add --kind ratio."))
    if kind == kinds.RATIO and over_time is None and can_ask():
        asked = _("Does it add up over time (add), or does the latest statement count (latest)?")
        over_time = read.choice("way over time")(ask(asked, default=_ADD))
    with writing() as (op, say):
        written = catalogue.add_indicator(
            op,
            code,
            name,
            name_en or name,
            alias or "",
            measure,
            kind,
            direction,
            is_state=over_time == _LATEST,
            formula=formula,
        )
        created: dict[str, object] = {
            "code": code,
            "name": name,
            "measure": measure,
            "kind": kind,
            "direction": direction,
        }
        over_time = (over_time or _ADD) if kind == kinds.RATIO else None
        created |= {"over_time": over_time, "counts": written.counts}
        say(_("Indicator {code} was added."), {"code": written.code}, **created)


@command(WriteCommand)
def add_programme(code: str, name: str, name_en: str | None = None) -> None:
    with writing() as (op, say):
        written = catalogue.add_programme(op, code, name, name_en or name)
        say(_("Programme {code} was added."), {"code": written.code}, code=code, name=name)
