"""What the figures of a leaf add: each what it states, less what lies inside it and so is counted already.

Of one unit and one indicator two windows never half overlap, so its figures are boxes inside boxes, and

    value of the unit in any window = its records in the window + the nets of the figures inside the window

which holds as well for any number of leaves together. Statements of stocks do not add up and have no net.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from operator import add
from typing import NamedTuple

from ucli.domain.periods import BEGINNING
from ucli.tallies.series import EVENTS, Registers, among, listed

_ADDS_UP = "f.indicator NOT IN (SELECT indicator FROM indicator_entry WHERE kind = 'stock')"


class Net(NamedTuple):
    """What figures add up to: a value, or a part and a whole; and how many of them were hedged, and in which way."""

    stated: int = 0  # how many there are
    printed: int = 0  # of which only a percentage: nothing that could be added
    figures: int = 0  # that add something, less those inside them
    value: int = 0
    part: int = 0
    whole: int = 0
    at_least: int = 0
    below: int = 0
    about: int = 0

    def __add__(self, other: object) -> "Net":
        assert isinstance(other, Net)  # noqa: S101  tuples of other kinds do not add up to a net
        return Net._make(map(add, self, other))

    def times(self, sign: int) -> "Net":
        return self if sign == 1 else Net._make([-it for it in self])


class Cell(NamedTuple):
    """The figures of an indicator for one window; `day` is the last of it on which their units lived."""

    indicator: int
    start: str
    end: str
    day: str


Family = tuple[int, int]  # the figures of a unit and an indicator
Nets = dict[tuple[int, Cell], Net]  # by unit


class Holder(NamedTuple):
    """A figure of a leaf that has records or other figures inside.

    It stands apart where the leaf came under others within its window: what is inside then belongs elsewhere in part,
    and which part is taken off depends on whose table it is. Such a figure is looked at as those of upper units are.
    """

    figure: int
    unit: int
    cell: Cell
    apart: bool


class _Stated(NamedTuple):
    id: int
    unit: int
    cell: Cell
    net: Net

    def holds(self, other: "_Stated") -> bool:
        return self.cell.start <= other.cell.start and other.cell.end <= self.cell.end


def nets_of(
    db: sqlite3.Connection,
    units: Iterable[int],
    known: int,
    *,
    from_day: str = BEGINNING,
    counted: bool = False,
    only: Collection[Family] | None = None,
) -> tuple[Nets, list[Holder]]:
    """Return what the figures of some units add to their records, as known at an operation.

    Args:
        db: the ledger.
        units: whose figures.
        known: the last operation that counts.
        from_day: only those whose window ends on this day or later.
        counted: only those of indicators that a register counts.
        only: only those of some families.

    Returns:
        The nets, and the figures that have something inside. Of those the ones that stand apart are in no net.

    """
    bound: dict[str, object] = {"units": among(units), "known": known, "from_day": from_day}
    if from_day > BEGINNING:
        # What lies inside their windows may end before that day.
        bound["from_day"] = db.execute(
            "SELECT coalesce(min(f.start_day), :from_day) FROM json_each(:units) u"
            " CROSS JOIN figure f ON f.unit = u.value AND f.end_day >= :from_day",
            bound,
        ).fetchone()[0]
    of_registers = f"AND f.indicator IN ({among(counted_indicators(db))[1:-1]})" if counted else ""
    families: dict[Family, list[_Stated]] = defaultdict(list)
    for row in db.execute(
        "SELECT f.id, f.indicator, f.unit, f.start_day, f.end_day, f.value, f.part, f.whole, f.qualifier,"
        " min(f.end_day, (SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = f.unit AND l.ancestor = f.unit"
        " AND l.from_op <= :known AND l.to_op > :known)) AS day"
        " FROM json_each(:units) u CROSS JOIN figure f ON f.unit = u.value AND f.from_op <= :known AND f.to_op > :known"
        f" AND f.end_day >= :from_day {of_registers} AND {_ADDS_UP}",
        bound,
    ):
        if only is not None and (row["unit"], row["indicator"]) not in only:
            continue
        cell = Cell(row["indicator"], row["start_day"], row["end_day"], row["day"])
        families[row["unit"], row["indicator"]].append(_Stated(row["id"], row["unit"], cell, _stated(row)))
    nets: Nets = {}
    holders: list[Holder] = []
    registers = counted_indicators(db) if families else {}
    for (unit, indicator), family in families.items():
        series = registers.get(indicator, ())
        if not series and _side_by_side(family):
            for figure in family:
                key = (unit, figure.cell)
                nets[key] = nets[key] + figure.net if key in nets else figure.net
            continue
        for figure, inside in _nested(family):
            records = _recorded(db, unit, series, figure.cell, known)
            if inside or records:
                holders.append(Holder(figure.id, unit, figure.cell, _came_elsewhere(db, figure, known)))
                if holders[-1].apart:
                    continue
            uncovered = records - sum(_recorded(db, unit, series, it.cell, known) for it in inside)
            less = sum((it.net._replace(stated=0) for it in inside), start=Net(value=uncovered))
            nets[unit, figure.cell] = nets.get((unit, figure.cell), Net()) + figure.net + less.times(-1)
    return {key: net for key, net in nets.items() if key[1].end >= from_day}, holders


def tangled(db: sqlite3.Connection, units: Iterable[int], known: int) -> set[Family]:
    """Return the families that do not simply add up: windows inside each other, or registers that count the same."""
    counted = among(counted_indicators(db))[1:-1]
    rows = db.execute(
        "SELECT DISTINCT unit, indicator FROM (SELECT f.unit, f.indicator, f.start_day,"
        " lag(f.end_day) OVER (PARTITION BY f.unit, f.indicator ORDER BY f.start_day) AS before"
        " FROM json_each(:units) u CROSS JOIN figure f ON f.unit = u.value AND f.from_op <= :known AND f.to_op > :known"
        f" WHERE {_ADDS_UP}) WHERE before >= start_day OR indicator IN ({counted})",
        {"units": among(units), "known": known},
    )
    return {(row["unit"], row["indicator"]) for row in rows}


def plain_nets(
    db: sqlite3.Connection, placed: str, bound: dict[str, object], without: Collection[Family]
) -> Iterator[tuple[Cell, Net]]:
    """Yield what the figures of units that stand beside each other add up to.

    Args:
        db: the ledger.
        placed: in SQL, the units as rows of l: each with the day from which, and until which, it stood where it does.
        bound: what that takes; known, the last operation that counts.
        without: the families to leave out.

    """
    printed = "f.value IS NULL AND f.whole IS NULL"
    hedges = ", ".join(f"sum(f.qualifier IS '{it}')" for it in ("at-least", "below", "about"))
    left_out = ",".join(f"[{unit},{indicator}]" for unit, indicator in without)
    for row in db.execute(
        f"{placed}, lived AS MATERIALIZED (SELECT l.*, date(a.to_day, '-1 day') AS last FROM l CROSS JOIN ancestry a"
        " ON a.unit = l.unit AND a.ancestor = l.unit AND a.from_op <= :known AND a.to_op > :known)"
        " SELECT f.indicator, f.start_day, f.end_day, min(f.end_day, l.last) AS day,"
        f" count(*), sum({printed}), sum(NOT ({printed})),"
        f" coalesce(sum(f.value), 0), coalesce(sum(f.part), 0), coalesce(sum(f.whole), 0), {hedges}"
        " FROM lived l CROSS JOIN figure f ON f.unit = l.unit AND f.from_op <= :known AND f.to_op > :known"
        f" WHERE {_ADDS_UP} AND min(f.end_day, l.last) >= l.first AND min(f.end_day, l.last) < l.until"
        " AND (f.unit, f.indicator) NOT IN"
        " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:without))"
        " GROUP BY 1, 2, 3, 4",
        {**bound, "without": f"[{left_out}]"},
    ):
        yield Cell(*row[:4]), Net(*row[4:])


def _stated(row: sqlite3.Row) -> Net:
    if row["value"] is None and row["whole"] is None:
        return Net(stated=1, printed=1)
    hedge = row["qualifier"]
    return Net(
        stated=1,
        figures=1,
        value=row["value"] or 0,
        part=row["part"] or 0,
        whole=row["whole"] or 0,
        at_least=int(hedge == "at-least"),
        below=int(hedge == "below"),
        about=int(hedge == "about"),
    )


def _side_by_side(family: list[_Stated]) -> bool:
    """Tell whether no figure lies inside another, as is the rule."""
    family.sort(key=lambda it: it.cell.start)
    return all(one.cell.end < other.cell.start for one, other in pairwise(family))


def _nested(family: Sequence[_Stated]) -> Iterable[tuple[_Stated, list[_Stated]]]:
    """Yield each figure of a unit and an indicator with the largest that lie inside it."""
    with_value = [it for it in family if it.net.figures]
    for figure in family:
        if not figure.net.figures:
            yield figure, []
            continue
        inside = [it for it in with_value if it.id != figure.id and figure.holds(it)]
        yield figure, [it for it in inside if not any(it.id != one.id and one.holds(it) for one in inside)]


def _recorded(db: sqlite3.Connection, unit: int, series: Sequence[str], cell: Cell, known: int) -> int:
    """Return what the registers count of a unit itself within a figure's window."""
    total = 0
    for event in EVENTS:
        if event.may_be(series):
            row = db.execute(
                f"SELECT coalesce(sum({event.number}), 0) FROM {event.register} r WHERE {event.unit} = :unit"
                f" AND {event.day} BETWEEN :start AND :end AND {event.only} AND {event.series} IN ({listed(series)})"
                " AND r.from_op <= :known AND r.to_op > :known",
                {"unit": unit, "start": cell.start, "end": cell.end, "known": known},
            ).fetchone()
            total += row[0]
    return total


def _came_elsewhere(db: sqlite3.Connection, figure: _Stated, known: int) -> bool:
    """Tell whether a leaf came under others, or left them, within a figure's window, but for its founding and end."""
    row = db.execute(
        "SELECT 1 FROM ancestry a JOIN ancestry l ON l.unit = a.unit AND l.depth = 0"
        " AND l.from_op <= :known AND l.to_op > :known"
        " WHERE a.unit = :unit AND a.depth > 0 AND a.from_op <= :known AND a.to_op > :known"
        " AND (a.from_day BETWEEN :start AND :end AND a.from_day > l.from_day"
        " OR a.to_day BETWEEN :start AND :end AND a.to_day < l.to_day)",
        {"unit": figure.unit, "start": figure.cell.start, "end": figure.cell.end, "known": known},
    ).fetchone()
    return row is not None


def counted_indicators(db: sqlite3.Connection) -> dict[int, tuple[str, ...]]:
    """Return the series of the indicators that a register counts; an indicator never changes what it counts."""
    registers = Registers(db)
    names = registers.names()
    rows = db.execute("SELECT DISTINCT indicator, counts FROM indicator_entry WHERE kind <> 'stock'")
    return {row["indicator"]: registers.series(row["counts"]) for row in rows if row["counts"] in names}
