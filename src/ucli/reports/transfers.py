"""Who came below a unit and who went elsewhere between two days: unions that moved, members who went over.

On a day, who leaves leaves first, then units move, then members are admitted.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ucli.reports.scope import Group, Tree

_IS_HERE = (
    "EXISTS (SELECT 1 FROM temp.scope h WHERE h.grp = s.grp AND h.unit = o.union_unit AND h.since <= {day}"
    " AND {day} < h.until)"
)


def eve_of_leaving(row: str) -> str:
    """Return, in SQL, the last day of a membership: who leaves was a member until the day before."""
    return f"""max({row}.admitted, date({row}."left", '-1 day'))"""


class Transfers(NamedTuple):
    """What came into a scope and what went elsewhere, without anybody founded, admitted or lost."""

    transferred_in: int = 0
    transferred_out: int = 0
    unions_in: int = 0
    unions_out: int = 0
    members_in: int = 0  # with unions that came, or that were merged into one here
    members_out: int = 0


def transfers_of(db: sqlite3.Connection, tree: Tree, groups: Sequence[Group]) -> list[Transfers]:
    """Return what came into some scopes and what went elsewhere, in their windows.

    Those that come or go with a whole group, or on the day on which it goes, are none of them.
    """
    tree.fill(groups)
    # A transfer inside moves no one in or out; one whose other end is unknown does.
    came = _continued(
        db,
        "r.members, coalesce(o.left_by, 'transfer') AS how",
        "r.admitted BETWEEN s.first AND s.last AND r.begun_by = 'transfer'"
        " LEFT JOIN membership o ON o.id = r.came_from"
        f" WHERE o.id IS NULL OR NOT {_IS_HERE.format(day=eve_of_leaving('o'))}",
    )
    # A group that went over may have been parted since: all its parts began in one union.
    went = _continued(
        db,
        "r.members, r.left_by AS how",
        """r."left" BETWEEN min(s.first, s.eve_first) AND max(s.last, s.eve_last)"""
        f" AND {eve_of_leaving('r')} >= s.since AND {eve_of_leaving('r')} < s.until"
        " AND r.left_by IN ('transfer', 'merged') WHERE NOT EXISTS (SELECT 1 FROM membership o"
        f" WHERE o.came_from = r.id AND {_IS_HERE.format(day='o.admitted')})",
    )
    # In the structure of one day no one moves.
    entered, left = ({}, {}) if tree.day else (_moved(db, is_entering=True), _moved(db, is_entering=False))
    found = []
    for number in range(len(groups)):
        (unions_in, with_in), (unions_out, with_out) = (it.get(number, (0, 0)) for it in (entered, left))
        found.append(
            Transfers(
                came[number]["transfer"],
                went[number]["transfer"],
                unions_in,
                unions_out,
                with_in + came[number]["merged"],
                with_out + went[number]["merged"],
            )
        )
    return found


def _continued(db: sqlite3.Connection, columns: str, condition: str) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(lambda: {"transfer": 0, "merged": 0})
    for group, how, members in db.execute(
        f"SELECT grp, how, sum(members) FROM (SELECT s.grp, {columns} FROM temp.scope s CROSS JOIN membership r"
        f" ON r.union_unit = s.unit AND {condition}) WHERE how IN ('transfer', 'merged') GROUP BY 1, 2"
    ):
        found[group][how] = members
    return found


def _moved(db: sqlite3.Connection, *, is_entering: bool) -> dict[int, tuple[int, int]]:
    """Return by group the living unions that came into it, or left it, and the members they took along."""
    if is_entering:
        day, edge, other_side, lived = "s.since", "p.from_day", "date(s.since, '-1 day')", "l.from_day < s.since"
    else:
        day, edge, other_side, lived = "s.until", "p.to_day", "s.until", "l.to_day > s.until"
    stood = "SELECT 1 FROM temp.root r CROSS JOIN ancestry p ON p.ancestor = r.unit AND p.unit = s.unit"
    rows = db.execute(
        "SELECT grp, count(*), coalesce(sum((SELECT sum(m.members) FROM membership m WHERE m.union_unit = x.unit"
        ' AND m.admitted < x.day AND (m."left" IS NULL OR m."left" > x.day))), 0)'
        f" FROM (SELECT DISTINCT s.grp, s.unit, {day} AS day FROM temp.span g CROSS JOIN temp.scope s ON s.grp = g.grp"
        f" AND {day} BETWEEN g.first AND g.last"
        f" WHERE EXISTS (SELECT 1 FROM ancestry l WHERE l.unit = s.unit AND l.ancestor = s.unit AND {lived})"
        " AND EXISTS (SELECT 1 FROM unit_name n WHERE n.unit = s.unit AND n.kind = 'union'"
        f" AND n.from_day <= {day} AND {day} < n.to_day)"
        f" AND EXISTS ({stood} AND {edge} = {day} WHERE r.grp = s.grp AND r.since <= {day} AND {day} < r.until)"
        f" AND NOT EXISTS ({stood} AND p.from_day <= {other_side} AND {other_side} < p.to_day WHERE r.grp = s.grp)) x"
        " GROUP BY grp"
    )
    return {group: (unions, members) for group, unions, members in rows}
