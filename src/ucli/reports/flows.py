"""Who came below a unit and who went elsewhere between two days: unions that moved, members who went over.

On a day, who leaves leaves first, then units move, then members are admitted.
"""

import sqlite3
from typing import NamedTuple

from ucli.reports.scope import Scope
from ucli.reports.tree import Tree, eve_of_leaving

_KNOWN = "{row}.from_op <= :known AND {row}.to_op > :known"


class Moved(NamedTuple):
    """Unions that moved, and the members they took along."""

    unions: int
    members: int


def entered(db: sqlite3.Connection, tree: Tree, scope: Scope, first: str, last: str) -> tuple[Moved, Moved]:
    """Return the living unions that came into a scope between two days, and those that went elsewhere.

    Those that come or go with a whole group, or on the day on which it goes, are none of them.
    """
    if tree.day:
        return Moved(0, 0), Moved(0, 0)  # in the structure of one day nobody moves
    among = ", ".join(str(root) for root in scope.roots)
    bound = {"first": first, "last": last, "known": tree.known}
    within = tree.within(scope.roots).sql
    moved = []
    for edge, lived, other_side in (
        ("from_day", "l.from_day < p.from_day", "date(p.from_day, '-1 day')"),
        ("to_day", "l.to_day > p.to_day", "p.to_day"),
    ):
        day = f"p.{edge}"
        passages = (
            f"SELECT DISTINCT p.unit, {day} AS day FROM ancestry p"
            f" JOIN ancestry l ON l.unit = p.unit AND l.ancestor = p.unit AND {lived} AND {_KNOWN.format(row='l')}"
            f" JOIN unit_name n ON n.unit = p.unit AND n.kind = 'union' AND n.from_day <= {day}"
            f" AND {day} < n.to_day AND {_KNOWN.format(row='n')}"
            f" WHERE p.ancestor IN ({among}) AND {day} BETWEEN :first AND :last AND {scope.on(day)}"
            f" AND {_KNOWN.format(row='p')}"
            f" AND NOT {within.format(unit='p.unit', day=other_side)}"
        )
        row = db.execute(
            f"SELECT count(*), coalesce(sum((SELECT sum(m.members) FROM membership m WHERE m.union_unit = x.unit"
            f' AND m.admitted < x.day AND (m."left" IS NULL OR m."left" > x.day) AND {_KNOWN.format(row="m")})), 0)'
            f" FROM ({passages}) x",
            bound,
        ).fetchone()
        moved.append(Moved(*row))
    return moved[0], moved[1]


def continued(db: sqlite3.Connection, tree: Tree, scope: Scope, first: str, last: str) -> tuple[int, int, int, int]:
    """Return the members who came from and went to unions elsewhere.

    Returns:
        Transferred in, come with a union that went up in one here, transferred out, gone with a union.

    """
    below, within = tree.below(scope.roots, scope.stays), tree.within(scope.roots)
    bound = {**below.bound, **within.bound, "first": first, "last": last}

    def is_here(unit: str, day: str) -> str:
        return f"({within.sql.format(unit=unit, day=day)} AND {scope.on(day)})"

    # A transfer inside moves nobody in or out; one whose other end is unknown does.
    came = db.execute(
        f"SELECT coalesce(sum(r.members * (coalesce(o.left_by, 'transfer') = 'transfer')), 0),"
        f" coalesce(sum(r.members * (o.left_by = 'merged')), 0) FROM {below.sql} a"
        " CROSS JOIN membership r ON r.union_unit = a.unit AND r.admitted BETWEEN :first AND :last"
        " AND a.from_day <= r.admitted AND r.admitted < a.to_day AND r.begun_by = 'transfer'"
        f" AND {_KNOWN.format(row='r')} LEFT JOIN membership o ON o.id = r.came_from AND {_KNOWN.format(row='o')}"
        f" WHERE o.id IS NULL OR NOT {is_here('o.union_unit', eve_of_leaving('o'))}",
        bound,
    ).fetchone()
    went = db.execute(
        f"SELECT coalesce(sum(r.members * (r.left_by = 'transfer')), 0),"
        f" coalesce(sum(r.members * (r.left_by = 'merged')), 0) FROM {below.sql} a"
        ' CROSS JOIN membership r ON r.union_unit = a.unit AND r."left" BETWEEN :first AND :last'
        f" AND a.from_day <= {eve_of_leaving('r')} AND {eve_of_leaving('r')} < a.to_day"
        f" AND r.left_by IN ('transfer', 'merged') AND {_KNOWN.format(row='r')}"
        # A group that went over may have been parted since: all its parts began in one union.
        f" WHERE NOT EXISTS (SELECT 1 FROM membership o WHERE o.came_from = r.id AND {_KNOWN.format(row='o')}"
        f" AND {is_here('o.union_unit', 'o.admitted')})",
        bound,
    ).fetchone()
    return int(came[0]), int(came[1]), int(went[0]), int(went[1])
