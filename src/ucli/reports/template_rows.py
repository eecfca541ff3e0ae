"""The content of a template: the units to report, and their last figures."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ucli.ledger.units import unit_at
from ucli.reports.figures import COLUMNS, Figure, figure_of
from ucli.reports.scope import Tree
from ucli.reports.structure import children_of, span_of
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.units import Unit


class Grid(NamedTuple):
    """Units × indicators for a window."""

    units: list[Unit]
    indicators: list[Indicator]
    last: dict[tuple[int, int], Figure]  # by unit and indicator the last figure before the window


def grid_of(
    db: sqlite3.Connection, tree: Tree, unit: int, window: Window, catalogue: Sequence[Indicator], asked: Sequence[str]
) -> Grid:
    """Return the units directly below another, or itself if there are none, and the indicators they report.

    These are the ones asked for, else those with a target in the window or an earlier figure.
    """
    top = unit_at(db, unit, window.end)
    units = children_of(db, top, span_of(tree, window)) or [top]
    of = {
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "units": json.dumps([it.id for it in units]),
    }
    rows = db.execute(
        f"SELECT {COLUMNS}, f.end_day AS day FROM json_each(:units) u CROSS JOIN figure f ON f.unit = u.value"
        " AND f.kind = 'stated' AND f.end_day < :start ORDER BY f.end_day, f.start_day DESC",
        of,
    )
    last = {(figure.unit, figure.indicator): figure for figure in map(figure_of, rows)}
    targeted = db.execute(
        "SELECT DISTINCT t.indicator FROM target t WHERE t.start_day <= :end AND t.end_day >= :start"
        " AND (t.unit = :top OR t.unit IN (SELECT value FROM json_each(:units)))",
        {**of, "top": unit},
    )
    wanted = {row["indicator"] for row in targeted} | {indicator for _unit, indicator in last}
    if asked:
        chosen = [it for it in catalogue if it.code in asked]
    else:
        chosen = [it for it in catalogue if it.id in wanted and it.formula is None and it.counts != "targets"]
    return Grid(units, chosen or [it for it in catalogue if it.counts == "figures"], last)


def left_empty(db: sqlite3.Connection, grid: Grid, window: Window) -> dict[str, int]:
    """Return by unit how many indicators neither it nor a unit below it has stated inside the window."""
    rows = db.execute(
        "SELECT DISTINCT a.ancestor, f.indicator FROM json_each(:units) u CROSS JOIN ancestry a ON a.ancestor = u.value"
        " JOIN figure f ON f.unit = a.unit AND f.kind <> 'estimate' AND f.start_day >= :start AND f.end_day <= :end",
        {
            "units": json.dumps([it.id for it in grid.units]),
            "start": window.start.isoformat(),
            "end": window.end.isoformat(),
        },
    )
    stated = {(unit, indicator) for unit, indicator in rows}
    empty = {it.name: sum((it.id, asked.id) not in stated for asked in grid.indicators) for it in grid.units}
    return {name: number for name, number in empty.items() if number}


def standing(db: sqlite3.Connection, kinds: Sequence[str], day: str) -> list[tuple[str, str]]:
    """Return (code, name) of the units of some kinds on a day, by code."""
    rows = db.execute(
        "SELECT code, name FROM unit_name WHERE kind IN (SELECT value FROM json_each(:kinds))"
        " AND from_day <= :day AND :day < to_day ORDER BY code",
        {"kinds": json.dumps(kinds), "day": day},
    )
    return [(row["code"], row["name"]) for row in rows]
