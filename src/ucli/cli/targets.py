"""Targets that figures are held against."""

from datetime import date

from ucli.cli import options
from ucli.cli import values as read
from ucli.cli.commands import FigureCommand, command
from ucli.cli.opening import writing
from ucli.cli.session import accept, ask, can_ask
from ucli.i18n import _
from ucli.ledger import targets, units
from ucli.ledger.verbs import RowStatus, only
from ucli.values.numbers import doubt_about_money


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
        target = targets.NewTarget(found, value, subject, window, by, profile, effective, decision)
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
