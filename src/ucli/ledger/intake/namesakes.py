"""Whom a new member of a roster may be: somebody of that union who is called alike, or was erased, or another row."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from ucli.i18n import _
from ucli.ledger.intake.absences import members_of
from ucli.ledger.intake.entrants import Entrant, differ
from ucli.ledger.intake.rows import Fault
from ucli.ledger.members import twins
from ucli.ledger.units import get_ever
from ucli.values.names import same

# Where and when those were admitted whose data were erased since.
_ERASED = "SELECT m.union_unit, m.admitted FROM person p CROSS JOIN membership m ON m.person = p.id WHERE p.folded = ''"
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
        self._is_anybody_there = bool(db.execute(_ANYBODY).fetchone()[0])
        self._erased = set(map(tuple, db.execute(_ERASED).fetchall()))
        self._members: dict[int, defaultdict[str, list[sqlite3.Row]]] = {}  # of a union, by folded name
        self._alike: list[tuple[int, int]] = []  # lines, and the memberships of those who are called so
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

    def doubts(self, met: Collection[int], lines: Sequence[int]) -> list[Fault]:
        """Return what is doubtful of the new members, once each.

        Args:
            met: the memberships that a row was found to be.
            lines: of the memberships that are new, in their order.

        """
        erased = _("A member of the union admitted on that day was erased; is it the same person?")
        alike = _("The union has a member called alike, with the same birth date or none; is it the same person?")
        unmet = dict.fromkeys(line for line, member in self._alike if member not in met)
        here = [*(Fault(line, erased) for line in self._admitted), *(Fault(line, alike) for line in unmet)]
        return [*here, *self._elsewhere(lines)]

    def _elsewhere(self, lines: Sequence[int]) -> Iterator[Fault]:
        """Yield who has the name and birth date of a member of another union, once each."""
        above = _("Same name and birth date as line {line}, in another union; the same person?")
        there = _("Same name and birth date as a member of {union}, another number or none; the same person?")
        names: dict[int, str] = {}
        told_of: set[int] = set()
        for it in twins(self._db, self._before):
            if it.is_of_one_union:
                continue
            line = lines[it.other - self._before]
            if it.one >= self._before:
                # Who meets somebody else is written behind those who do not.
                first, line = sorted((lines[it.one - self._before], line))
                told = above.format(line=first)
            else:
                if it.one_union not in names:
                    names[it.one_union] = get_ever(self._db, it.one_union)
                told = there.format(union=names[it.one_union])
            if line not in told_of:
                told_of.add(line)
                yield Fault(line, told)

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
