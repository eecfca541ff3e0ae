"""The options that mean the same everywhere, explained once."""

from datetime import date
from typing import Annotated

import typer

from ucli.cli.shared import remark, require_value
from ucli.cli.values import day, name_text, new_name, number, or_asked, past_day, structure
from ucli.i18n import marked

Name = Annotated[str, typer.Argument(parser=new_name, metavar="NAME", help=marked("The name."))]
UnitName = Annotated[
    str,
    typer.Option(
        "--unit", parser=name_text, metavar="UNIT", help=marked("A unit: its code, name or part of the name.")
    ),
]
MaybeUnit = Annotated[
    str | None,
    typer.Option(
        "--unit", parser=name_text, metavar="UNIT", help=marked("A unit: its code, name or part of the name.")
    ),
]
UnitArgument = Annotated[
    str,
    typer.Argument(parser=name_text, metavar="UNIT", help=marked("A unit: its code, name or part of the name.")),
]
ChangeDay = Annotated[
    date, typer.Option("--on", parser=past_day, metavar="DATE", help=marked("The first day on which it is so."))
]
MaybeUnion = Annotated[
    str | None, typer.Option("--union", parser=name_text, metavar="UNION", help=marked("A grassroots union."))
]
MaybeCluster = Annotated[
    str | None, typer.Option("--cluster", parser=name_text, metavar="CLUSTER", help=marked("An emulation cluster."))
]
Provinces = Annotated[
    list[str] | None,
    typer.Option(
        "--province",
        parser=name_text,
        metavar="[NAME]",
        help=marked("A province; may be repeated. Without a name: by province."),
    ),
]
PeriodCode = Annotated[
    str,
    typer.Option(
        "--period",
        parser=require_value,
        metavar="PERIOD",
        help=marked("2024, 2024-H1, 2024-9M, 2024-06, 2024u, 2024-07-01..2024-07-31, or a code of “ucli periods”."),
    ),
]
MaybePeriod = Annotated[
    str | None,
    typer.Option(
        "--period",
        parser=require_value,
        metavar="PERIOD",
        help=marked("2024, 2024-H1, 2024-9M, 2024-06, 2024u, 2024-07-01..2024-07-31, or a code of “ucli periods”."),
    ),
]
PeriodWords = Annotated[
    list[str] | None,
    typer.Argument(parser=require_value, metavar="[PERIOD]", help=marked("The period, instead of --period.")),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        parser=require_value,
        metavar="PERIOD",
        help=marked("Hold a part of a longer period against its targets: --period 2025-H1 --against 2025."),
    ),
]
AsOf = Annotated[
    date | None, typer.Option("--as-of", parser=day, metavar="DATE", help=marked("The last day that counts."))
]
On = Annotated[
    date | None, typer.Option("--on", parser=day, metavar="DATE", help=marked("As of this day; today when left out."))
]
MaybeIndicator = Annotated[
    str | None,
    typer.Option(
        "--indicator", parser=require_value, metavar="CODE", help=marked("An indicator: its code, alias or name.")
    ),
]
Indicators = Annotated[
    list[str] | None,
    typer.Option(
        "--indicator", parser=require_value, metavar="CODE", help=marked("Only this indicator; may be repeated.")
    ),
]
Decision = Annotated[
    str | None, typer.Option("--decision", parser=remark, metavar="NO", help=marked("Number of the decision."))
]
Source = Annotated[
    str | None,
    typer.Option("--source", parser=remark, metavar="TEXT", help=marked("The document it stands in.")),
]
Code = Annotated[
    str | None,
    typer.Option(
        "--code",
        parser=name_text,
        metavar="CODE",
        help=marked("A short code of your own; one is made from the name otherwise."),
    ),
]
Match = Annotated[
    str | None,
    typer.Option(
        "--match",
        parser=require_value,
        metavar="TEXT",
        help=marked("Only what holds this text, with or without tone marks."),
    ),
]
AsKnown = Annotated[
    str | None,
    typer.Option(
        "--as-known",
        parser=require_value,
        metavar="OPERATION|DATE",
        help=marked("As the ledger stood after an operation, or at the end of a day."),
    ),
]
Structure = Annotated[
    date | None,
    typer.Option(
        "--structure",
        parser=structure,
        metavar="then|now|DATE",
        help=marked("By the structure of each fact's own day (then), of today, or of a day."),
    ),
]
IndicatorName = Annotated[
    str,
    typer.Argument(parser=require_value, metavar="INDICATOR", help=marked("An indicator: its code, alias or name.")),
]
Member = Annotated[
    str,
    typer.Argument(
        parser=or_asked(name_text),
        metavar="MEMBER",
        help=marked(
            "A member: the card, the name or the number in the list; no:12 is surely that number; - asks for it."
        ),
    ),
]
RowNumber = Annotated[int, typer.Argument(parser=number, metavar="NUMBER", help=marked("Its number in the list."))]
