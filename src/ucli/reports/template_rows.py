"""What a blank table of figures is filled with: the units to report, and what they said last."""

import json
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ucli.reports.figures import COLUMNS, Figure, figure_of
from ucli.reports.scope import Tree
from ucli.reports.structure import children_of, span_of, unit_at
from ucli.values.indicators import MONEY, Indicator
from ucli.values.numbers import decimal_text, grouped
from ucli.values.periods import Window
from ucli.values.quantities import SIGNS, Share
from ucli.values.units import Unit


class Grid(NamedTuple):
    """Units × indicators for a window."""

    units: list[Unit]
    indicators: list[Indicator]
    last: dict[tuple[int, int], Figure]  # by unit and indicator: what was stated last before the window


def grid_of(
    db: sqlite3.Connection, tree: Tree, unit: int, window: Window, catalogue: Sequence[Indicator], asked: Sequence[str]
) -> Grid:
    """Return the units directly below another, or itself where there are none, and the indicators they report.

    Args:
        db: the ledger.
        tree: the organisation.
        unit: whose units.
        window: for which window.
        catalogue: every indicator.
        asked: codes of indicators; none for those with a target in the window or a figure of the year before it.

    """
    span = span_of(tree, window)
    top = unit_at(db, unit, window.end)
    units = children_of(db, top, span) or [top]
    rows = db.execute(
        f"SELECT {COLUMNS}, f.end_day AS day FROM json_each(:units) u CROSS JOIN figure f ON f.unit = u.value"
        " AND f.kind = 'stated' AND f.end_day < :start ORDER BY f.end_day, f.start_day DESC",
        {"units": json.dumps([it.id for it in units]), "start": window.start.isoformat()},
    )
    last = {(figure.unit, figure.indicator): figure for figure in (figure_of(row) for row in rows)}
    targeted = db.execute(
        "SELECT DISTINCT t.indicator FROM json_each(:units) u CROSS JOIN target t ON t.unit = u.value"
        " AND t.start_day <= :end AND t.end_day >= :start",
        {
            "units": json.dumps([unit, *(it.id for it in units)]),
            "start": window.start.isoformat(),
            "end": window.end.isoformat(),
        },
    )
    wanted = {row["indicator"] for row in targeted} | {indicator for _unit, indicator in last}
    chosen = [it for it in catalogue if (it.code in asked if asked else it.id in wanted)]
    stated = [it for it in chosen if asked or (it.formula is None and it.counts != "targets")]
    return Grid(units, stated or [it for it in catalogue if it.counts == "figures"], last)


def standing(db: sqlite3.Connection, kinds: Sequence[str], day: str) -> list[tuple[str, str]]:
    """Return the units of some kinds that stand on a day, as (code, name), by code."""
    marks = ", ".join(f"'{kind}'" for kind in kinds)
    rows = db.execute(
        f"SELECT code, name FROM unit_name WHERE kind IN ({marks}) AND from_day <= :day AND :day < to_day"
        f" ORDER BY code",
        {"day": day},
    )
    return [(row["code"], row["name"]) for row in rows]


def typed(figure: Figure, indicator: Indicator) -> str:
    """Return a figure's value as it can be typed again: ≥ 7.000, 350.000.000 đồng, 56/56, 87,5%."""
    value = figure.value
    if value is None:
        return f"{SIGNS[figure.stated_qualifier]}{decimal_text(Decimal(figure.stated_percent or 0))}%"
    sign = SIGNS[value.qualifier]
    if isinstance(value, Share):
        return f"{sign}{grouped(value.part)}/{grouped(value.whole)}"
    return f"{sign}{grouped(value.value)} {MONEY}" if indicator.is_money else f"{sign}{grouped(value.value)}"
