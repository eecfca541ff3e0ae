"""The catalogue of what is counted and paid: indicators and programmes of an office's own."""

from ucli.cli import values as read
from ucli.cli.commands import WriteCommand, command
from ucli.cli.opening import writing
from ucli.cli.session import ask, can_ask
from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import catalogue
from ucli.values import indicators as kinds

_ADD, _LATEST = "add", "latest"


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
    """For a ratio you are asked whether it adds up over time; in a script it does, unless --over-time says not."""
    kind = kind or (kinds.RATIO if formula else kinds.FLOW)
    if formula and kind not in (kinds.RATIO, kinds.AVERAGE):
        raise UsageError(_("--formula is only for ratios and averages."), instead=_("Leave --kind out."))
    if over_time and kind != kinds.RATIO:
        raise UsageError(_("--over-time is only for ratios."), instead=_("Leave it out, or add --kind ratio."))
    if kind == kinds.RATIO and over_time is None and can_ask():
        asked = _("Does it add up over time (add), or does the latest statement count (latest)?")
        over_time = read.choice("behaviour over time")(ask(asked, default=_ADD))
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
