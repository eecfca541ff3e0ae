"""The order in which rows of units are written: each after the one that it stands under."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

from ucli.i18n import _
from ucli.importing.cells import Row
from ucli.values.names import fold, own_name


def parents_first(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows of units, each after those that its parent may be: by code, by name, or by name without its title.

    Rows that stand under each other in a circle come last, each with that fault.
    """
    table = [*rows]
    of_key: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(table):
        for key in _keys(row.values.get("code", ""), row.values.get("name", "")):
            of_key[key].append(place)
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for place, row in enumerate(table):
        parent = row.values.get("parent", "")
        found = next((of_key[key] for key in _keys(parent, parent) if key in of_key), []) if parent else []
        # “CĐCS Hưng Hà” stands under “LĐLĐ huyện Hưng Hà”, and not under itself.
        is_itself = fold(parent) in (fold(row.values.get("code", "")), fold(row.values.get("name", "")))
        sorter.add(place, *(it for it in found if it != place or is_itself))
    with suppress(CycleError):
        sorter.prepare()
    left = dict.fromkeys(range(len(table)))
    while ready := sorter.get_ready():
        for place in ready:
            del left[place]
            yield table[place]
        sorter.done(*ready)
    for place in left:
        told = _("The units above this one stand under each other in a circle, so that none of them is at the top.")
        yield table[place]._replace(fault=table[place].fault or told)


def _keys(code: str, name: str) -> list[tuple[str, str]]:
    """Return what a unit is found by, the surest first."""
    return [(way, it) for way, it in (("code", fold(code)), ("name", fold(name)), ("own", own_name(name))) if it]
