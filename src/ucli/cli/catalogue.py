"""The catalogue: indicators and welfare programmes."""

from collections.abc import Mapping
from typing import Annotated

import typer

from ucli.cli.app import ReadCommand, WriteCommand, ask, can_ask, command, require_value
from ucli.cli.options import Match, arg, opt
from ucli.cli.output import show
from ucli.cli.session import reading, recording, said
from ucli.cli.values import coded, new_name
from ucli.errors import UsageError
from ucli.i18n import _, chosen
from ucli.ledger import catalogue
from ucli.render.labels import listed, word
from ucli.reports import listings
from ucli.values import indicators as kinds

CodeOf = Annotated[
    str,
    arg(require_value, "CODE", "A code: lower-case letters, digits, hyphens."),
]
NameOf = Annotated[str, opt("--name", new_name, "TEXT", "Its name in Vietnamese.")]
EnglishName = Annotated[str | None, opt("--name-en", new_name, "TEXT", "Its name in English.")]


ADD, LATEST = "add", "latest"


def _kind(text: str) -> str:
    aliases = {"phat sinh": kinds.FLOW, "so cuoi ky": kinds.STOCK, "ty le": kinds.RATIO, "binh quan": kinds.AVERAGE}
    return coded(text, aliases, kinds.KINDS, _("kind of indicator"))


def _direction(text: str) -> str:
    aliases = {"cao hon": kinds.HIGHER, "thap hon": kinds.LOWER}
    return coded(text, aliases, (kinds.HIGHER, kinds.LOWER), _("direction"))


def _over_time(text: str) -> str:
    return coded(text, {"cong": ADD, "cong don": ADD, "moi nhat": LATEST}, (ADD, LATEST), _("way over time"))


@command(
    WriteCommand,
    'ucli add-indicator quy-khuyen-hoc --name "Học bổng trao cho con đoàn viên" --measure "suất"',
    'ucli add-indicator tl-dv-hoc --name "Tỷ lệ đoàn viên đang học" --measure % --kind ratio --over-time latest',
)
def add_indicator(
    ctx: typer.Context,
    code: CodeOf,
    name: NameOf,
    measure: Annotated[
        str,
        opt("--measure", new_name, "TEXT", "What is counted: người, suất, đồng, %."),
    ],
    kind: Annotated[str, opt("--kind", _kind, "KIND", "flow, stock, ratio or average.")] = kinds.FLOW,
    direction: Annotated[str, opt("--better", _direction, "higher|lower", "Which way is better.")] = kinds.HIGHER,
    alias: Annotated[str | None, opt("--alias", require_value, "CODE", "A second code.")] = None,
    over_time: Annotated[
        str | None,
        opt(
            "--over-time",
            _over_time,
            "add|latest",
            "Of a ratio: add, where parts and wholes add up (meetings held of meetings due); latest, where each"
            " statement says how things stand (members in training of all members).",
        ),
    ] = None,
    name_en: EnglishName = None,
) -> None:
    """Of a ratio it is asked whether it adds up over time; in a script it does, unless --over-time says otherwise."""
    if over_time and kind != kinds.RATIO:
        raise UsageError(_("--over-time is for ratios."), instead=_("Leave it out, or add --kind ratio."))
    if kind == kinds.RATIO and over_time is None and can_ask():
        asked = _("Does it add up over time (add), or does the latest statement count (latest)?")
        over_time = _over_time(ask(asked, default=ADD))
    with recording(ctx) as op:
        written = catalogue.add_indicator(
            op, code, name, name_en or name, alias or "", measure, kind, direction, is_state=over_time == LATEST
        )
        op.summary = _("Indicator {code} was added.").format(code=written.code)
    created = {"code": code, "name": name, "measure": measure, "kind": kind, "direction": direction}
    said(ctx, op, {**created, "over_time": (over_time or ADD) if kind == kinds.RATIO else None})


@command(ReadCommand, "ucli indicators", "ucli indicators --match 'mái ấm'")
def indicators(ctx: typer.Context, match: Match = None) -> None:
    with reading(ctx) as db:
        known = catalogue.indicators(db)
        programmes = {it.code: it.name for it in catalogue.programmes(db)}
    records = listings.indicators(known, match)
    named = {it.code: it.name(chosen()) for it in known}
    sources = {it.counts: _counted_from(it, named, programmes) for it in known}
    columns = ["code", "alias", "name_vi", "name_en", "measure", "kind", "direction", "over_time", "counts"]
    show(ctx, listed(records, columns, names={"counts": sources}))


def _counted_from(indicator: kinds.Indicator, indicators: Mapping[str, str], programmes: Mapping[str, str]) -> str:
    """Say where an indicator's value comes from: a register, two others, or only what units state."""
    if indicator.formula:
        left, sign, right = indicator.formula
        return f"{indicators.get(left, left)} {'−' if sign == '-' else '/'} {indicators.get(right, right)}"
    if not indicator.register:
        return _("figures stated") if indicator.counts == "figures" else _("the unit's own targets")
    register, _colon, programme = indicator.register.partition(":")
    return f"{word(register)} ({programmes.get(programme, programme)})" if programme else word(register)


@command(WriteCommand, 'ucli add-programme hoc-bong --name "Học bổng Nguyễn Đức Cảnh"')
def add_programme(ctx: typer.Context, code: CodeOf, name: NameOf, name_en: EnglishName = None) -> None:
    with recording(ctx) as op:
        written = catalogue.add_programme(op, code, name, name_en or name)
        op.summary = _("Programme {code} was added.").format(code=written.code)
    said(ctx, op, {"code": code, "name": name})


@command(ReadCommand, "ucli programmes")
def programmes(ctx: typer.Context) -> None:
    with reading(ctx) as db:
        records: list[dict[str, object]] = [
            {"code": it.code, "name_vi": it.name_vi, "name_en": it.name_en} for it in catalogue.programmes(db)
        ]
    show(ctx, listed(records, ["code", "name_vi", "name_en"]))
