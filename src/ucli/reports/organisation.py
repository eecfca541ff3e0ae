"""The organisation on a day: its units as a list or as a tree."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ucli.reports.listings import Filter, Listing, below_asked, bound_of
from ucli.reports.structure import units_at
from ucli.values.names import fold, sort_key
from ucli.values.periods import known_day
from ucli.values.units import Unit


def units(db: sqlite3.Connection, asked: Filter, kinds: Sequence[str], *, as_tree: bool = False) -> Listing:
    """Return the units that stood on a day, each under its parent: by kind and name, or as a tree from the top."""
    marks = ", ".join(f"'{kind}'" for kind in kinds)
    rows = db.execute(
        f"SELECT DISTINCT r.unit FROM unit_name r WHERE kind IN ({marks}) AND from_day <= :day AND :day < to_day"
        f" {below_asked('r.unit', ':day', asked)}",
        bound_of(asked),
    )
    numbers = [row["unit"] for row in rows]
    asked.tree.learn(numbers)
    found = units_at(db, numbers, asked.day)
    kept = [it for it in found if not asked.match or fold(asked.match) in fold(f"{it.code} {it.name}")]
    parents = {it.id: _above(asked, it.id) for it in kept}
    uppers = {parent for parent in parents.values() if parent is not None}
    names = {it.id: it.name for it in units_at(db, uppers, asked.tree.day or asked.day)}
    lives = {row["unit"]: row for row in db.execute("SELECT unit, founded, sector, ended FROM unit_life")}
    if as_tree:
        ordered = list(_from_the_top(kept, parents))
    else:
        ordered = [(it, 0) for it in sorted(kept, key=lambda it: (kinds.index(it.kind), sort_key(it.name)))]
    return [_row(it, names.get(parents[it.id] or 0), lives[it.id], depth) for it, depth in ordered]


def _above(asked: Filter, unit: int) -> int | None:
    above = [it for it in asked.tree.line(unit, asked.day.isoformat()) if it != unit]
    return above[-1] if above else None


def _from_the_top(found: Sequence[Unit], parents: dict[int, int | None]) -> Iterator[tuple[Unit, int]]:
    """Yield each unit before those below it, with how deep it stands among the units shown."""
    children: dict[int | None, list[Unit]] = defaultdict(list)
    for it in found:
        parent = parents[it.id]
        children[parent if parent in parents else None].append(it)

    def walk(parent: int | None, depth: int) -> Iterator[tuple[Unit, int]]:
        for child in children[parent]:
            yield child, depth
            yield from walk(child.id, depth + 1)

    yield from walk(None, 0)


def _row(it: Unit, parent: str | None, life: sqlite3.Row, depth: int) -> dict[str, object]:
    return {
        "code": it.code,
        "name": it.name,
        "kind": it.kind,
        "parent": parent,
        "founded": known_day(life["founded"]),
        "sector": life["sector"],
        "ended": known_day(life["ended"]),
        "depth": depth,
    }
