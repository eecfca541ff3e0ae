"""Figures that units state."""

from datetime import date

from ucli.cli import options
from ucli.cli.commands import FigureCommand, command
from ucli.cli.opening import writing
from ucli.cli.session import accept, can_ask, confirm, tell
from ucli.i18n import _, marked
from ucli.ledger import figures
from ucli.ledger.verbs import RowStatus, only
from ucli.values import quantities
from ucli.values.numbers import doubt_about_money
from ucli.values.statements import parse_statement

_SENTENCES = {
    quantities.STATED: marked("Figure {number}: {indicator} {value}, {unit}, {period}."),
    quantities.ESTIMATE: marked("Figure {number}, an estimate: {indicator} {value}, {unit}, {period}."),
    quantities.NOT_APPLICABLE: marked("Figure {number}: {indicator} does not apply to {unit}, {period}."),
}


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
            row = figures.NewFigure(found, subject, window, statement, source, decision, speaks_for, reason, received)
            status, number, doubts = only(figures.state(op, [row], replace=replace))
            statement, speaks = figures.stated(op.db, number)
            say.warnings += doubts
            if speaks_for and speaks is None:
                text = _("No other unit was merged into {unit} within {period}: the figure is for this unit alone.")
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
        # Asked before the ledger is locked.
        tell(f"{error.what} {error.why}")
        write(for_them_too=confirm(_("Does it include them?")))
