"""Whom a new member of a roster may be: somebody of that union who is called alike, or was erased, or another row."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from ucli.language import _
from ucli.ledger.intake.absences import members_of
from ucli.ledger.intake.entrants import Entrant, differ
from ucli.ledger.intake.rows import Fault
from ucli.ledger.units import get
from ucli.vietnamese.names import same

# Where and when those were admitted whose data were erased since.
_ERASED = "SELECT m.union_unit, m.admitted FROM person p CROSS JOIN membership m ON m.person = p.id WHERE p.folded = ''"
# Members of other unions who are called so and were born on that day, by the index of names.
_ELSEWHERE = (
    "SELECT j.key AS place, m.union_unit, p.name FROM json_each(?) j"
    " CROSS JOIN person p ON p.folded = json_extract(j.value, '$[0]') AND p.born = json_extract(j.value, '$[1]')"
    ' CROSS JOIN membership m ON m.person = p.id AND m."left" IS NULL AND m.id < ?'
    " AND m.union_unit <> json_extract(j.value, '$[2]') ORDER BY j.key, m.id"
)
# Rows of the table that are called as one above is, were born on that day, and are of another union.
_ABOVE = """
    SELECT m.id, p.name, n.id AS above, q.name AS other FROM person p
    CROSS JOIN person q ON q.folded = p.folded AND q.born = p.born AND q.id < p.id AND q.id >= :first
    CROSS JOIN membership m ON m.person = p.id
    CROSS JOIN membership n ON n.person = q.id AND n.union_unit <> m.union_unit
    WHERE p.id >= :first AND p.born IS NOT NULL ORDER BY m.id, n.id"""
_ANYBODY = "SELECT EXISTS (SELECT 1 FROM membership WHERE person IS NOT NULL)"


class Namesakes:
    """Whom new members may be, of those who were there before the table.

    Args:
        db: the ledger, to which no row of the table was added yet.
        before: the number of the first membership that the table adds.

    """

    def __init__(self, db: sqlite3.Connection, before: int) -> None:
        self._db = db
        self._before = before
        self._first_person = db.execute("SELECT coalesce(max(id), 0) + 1 FROM person").fetchone()[0]
        self._is_anybody_there = bool(db.execute(_ANYBODY).fetchone()[0])
        self._erased = set(map(tuple, db.execute(_ERASED).fetchall()))
        self._members: dict[int, defaultdict[str, list[sqlite3.Row]]] = {}  # of a union, by folded name
        self._alike: list[tuple[int, int]] = []  # lines, and the memberships of those who are called so
        self._elsewhere: list[Fault] = []
        self._names: dict[int, str] = {}  # of unions
        self._admitted: list[int] = []  # lines, and somebody who was admitted there and then was erased

    def look_at(self, rows: Sequence[Entrant]) -> None:
        """Look at some rows that are new."""
        if not self._is_anybody_there:
            return
        if unions := {row.union.id for row in rows} - self._members.keys():
            self._load(unions)
        for row in rows:
            if (row.union.id, row.admitted) in self._erased:
                self._admitted.append(row.line)
            self._alike += [
                (row.line, it["id"]) for it in self._members[row.union.id].get(row.folded, ()) if _may_be(row, it)
            ]

        self._look_elsewhere(rows)

    def doubts(self, met: Collection[int], lines: Sequence[int]) -> list[Fault]:
        """Return what is doubtful of the new members, once each.

        Args:
            met: the memberships that a row was found to be.
            lines: of the memberships that are new, in their order.

        """
        erased = _("A member of the union admitted on that day was erased; is it the same person?")
        alike = _("The union has a member called alike, with the same birth date or none; is it the same person?")
        twins = dict.fromkeys(line for line, member in self._alike if member not in met)
        here = [*(Fault(line, erased) for line in self._admitted), *(Fault(line, alike) for line in twins)]
        return here + self._elsewhere + [*self._above(lines)]

    def _above(self, lines: Sequence[int]) -> Iterator[Fault]:
        """Yield who is called as another row of another union is, once each."""
        told = _("Same name and birth date as line {line}, in another union; the same person?")
        last = 0
        for it in self._db.execute(_ABOVE, {"first": self._first_person}):
            if it["id"] != last and same(it["name"], it["other"]):
                last = it["id"]
                above = lines[it["above"] - self._before]
                yield Fault(lines[last - self._before], told.format(line=above))

    def _look_elsewhere(self, rows: Sequence[Entrant]) -> None:
        """Note who bears the name and birth date of a member of another union; one of the same number is refused."""
        born = [row for row in rows if row.born]
        asked = json.dumps([row.twins for row in born])
        found = {it["place"]: it for it in self._db.execute(_ELSEWHERE, (asked, self._before))}
        for place, it in found.items():
            if same(born[place].name, it["name"]):
                told = _("Same name and birth date as a member of {union}, another number or none; the same person?")
                if it["union_unit"] not in self._names:
                    self._names[it["union_unit"]] = get(self._db, it["union_unit"]).name
                self._elsewhere.append(Fault(born[place].line, told.format(union=self._names[it["union_unit"]])))

    def _load(self, unions: Collection[int]) -> None:
        self._members |= {union: defaultdict(list) for union in unions}
        for it in members_of(self._db, unions, self._before):
            self._members[it["union_unit"]][it["folded"]].append(it)


class Repeated:
    """Rows without a birth date that repeat another row: they are taken, and may be one person."""

    def __init__(self) -> None:
        self._rows: dict[tuple[object, ...], tuple[int, dict[str, str | None]]] = {}
        self.doubts: list[Fault] = []

    def note(self, row: Entrant) -> tuple[int, dict[str, str | None]]:
        """Note a row unless one like it was; return the line and the numbers of the first one."""
        return self._rows.setdefault(row.twins, (row.line, {"id_number": row.id_number, "card": row.card}))

    def look_at(self, rows: Sequence[Entrant]) -> None:
        """Look at some rows that are new."""
        for row in rows:
            if row.born:
                continue
            line, numbers = self.note(row)
            if line != row.line and not differ(row, numbers):
                first, second = sorted((line, row.line))
                said = _("Line {line} has that name, union and day too, and no birth date; is it the same person?")
                self.doubts.append(Fault(second, said.format(line=first)))


def _may_be(row: Entrant, member: sqlite3.Row) -> bool:
    """Tell whether a member of the same folded name may be meant who is not surely meant, nor surely another one."""
    if row.born and member["born"]:
        return bool(row.born == member["born"]) and not same(row.name, member["name"])
    return not differ(row, member)
