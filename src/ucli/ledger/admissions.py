"""Admissions: set-based for new persons, one by one for rows that match a member.

A row with the ID or card number of a member is that member, or is refused; `persons` finds who may be one person.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import count, groupby, islice, repeat
from typing import NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _
from ucli.ledger.lineage import life_of
from ucli.ledger.members import CALLED, begin, depart, spells_of
from ucli.ledger.operations import Operation
from ucli.ledger.persons import write_persons
from ucli.ledger.verbs import ROWS_AT_ONCE, EarlierRowError, Result, RowStatus, Written, as_it_is, attempt, each
from ucli.values.members import ADMISSION, doubt_about_age, doubts_about
from ucli.values.names import fold, same
from ucli.values.periods import FOREVER
from ucli.values.units import Unit

# What a row may say beside the name.
_SAID = ("admitted", "born", "sex", "card", "id_number")
_NUMBERS = ("id_number", "card")
_COMPARED = (*_SAID, "name", "left", "decision")  # in two rows of one table
# Of the persons from one on: who has a member's number, or the name and birth date of a member of the union. Two rows
# of one table without birth dates are two persons: they match only members who were there before.
_OF_A_MEMBER = "SELECT 1 FROM person p CROSS JOIN membership a ON a.person = p.id WHERE"
_OF_ONE_UNION = """SELECT 1 FROM person p CROSS JOIN membership a ON a.person = p.id
        CROSS JOIN membership b ON b.person = q.id AND b.union_unit = a.union_unit WHERE p.folded = q.folded"""
_MEETING = f"""
    SELECT q.id FROM person q WHERE q.id >= :since AND (
        EXISTS ({_OF_A_MEMBER} p.id_number = q.id_number AND p.id <> q.id)
        OR EXISTS ({_OF_A_MEMBER} p.card = q.card AND p.id <> q.id)
        OR EXISTS ({_OF_ONE_UNION} AND p.born = q.born AND p.id <> q.id)
        OR q.born IS NULL AND EXISTS ({_OF_ONE_UNION} AND p.born IS NULL AND p.id < :before))"""


class Admission(NamedTuple):
    """One admission to a union; the name normalised, days in ISO."""

    union: Unit
    name: str
    admitted: str
    born: str | None = None
    sex: str | None = None
    card: str | None = None
    id_number: str | None = None
    decision: str | None = None
    begun_by: str = ADMISSION  # a transfer comes from a union of another ledger, and is no new admission
    left: str | None = None  # if the member has left since, the day and the reason
    left_by: str | None = None
    members: int = 1  # how many, for a group without names or an erased member


def admit(
    op: Operation, admissions: Iterable[Admission], *, again: bool = False, confirmed: bool = False
) -> Iterator[Result]:
    """Admit persons to unions: many at once, but one by one those who match a member or may be refused.

    Args:
        op: the operation.
        admissions: the rows.
        again: whether a row with the name and birth date of a member of the union is that member, who is left
            unchanged, as when a list is imported twice.
        confirmed: whether two rows with the same name and birth date are two persons all the same.

    """
    admitting, rest = _Admitting(op, again=again, confirmed=confirmed), iter(admissions)
    while rows := list(islice(rest, ROWS_AT_ONCE)):
        yield from admitting(rows)
        admitting.called.clear()


class _Admitting:
    def __init__(self, op: Operation, *, again: bool, confirmed: bool) -> None:
        self._op = op
        self._db = op.db
        self._again = again
        self._confirmed = confirmed
        self._before = op.next_id("person")
        self._until: dict[int, str] = {}  # the end of each union
        self._word = cache(fold)  # many names share few words
        self._met: set[int] = set()  # memberships that a row matched
        self.called: dict[tuple[str, str | None], tuple[defaultdict[int, list[sqlite3.Row]], int]] = {}

    def __call__(self, rows: Sequence[Admission]) -> Iterator[Result]:
        """Admit at once all but those that must be looked at one by one."""
        apart = self._unfit(rows)
        if not apart:
            with attempt(self._op) as take_back:
                written, apart = self._at_once(rows)
                if apart:
                    take_back()
        if not apart:
            yield from written
            return
        for is_apart, some in groupby(enumerate(rows), key=lambda it: it[0] in apart):
            others = [row for _place, row in some]
            yield from each(self._op, others, self.alone) if is_apart else self(others)

    def _unfit(self, rows: Sequence[Admission]) -> set[int]:
        """Return the indexes of rows without a name, of ended unions, or with contradictory days."""
        self._until |= {it: life_of(self._db, it).until for it in {row.union.id for row in rows} - self._until.keys()}
        return {
            place
            for place, row in enumerate(rows)
            if not row.name or self._until[row.union.id] < FOREVER or _fault_of(row)
        }

    def _at_once(self, rows: Sequence[Admission]) -> tuple[list[Written], set[int]]:
        """Write persons and memberships column by column; also return the indexes of those who match a member."""
        unions, names, admitted, born, sexes, cards, numbers, decisions, begun_by, left, left_by, _members = zip(
            *rows, strict=True
        )
        person, membership = self._op.next_id("person"), self._op.next_id("membership")
        folded = (" ".join(filter(None, map(self._word, it.split()))) for it in names)
        write_persons(self._op, [*zip(count(person), names, folded, born, sexes, cards, numbers)])
        units = (it.id for it in unions)
        spells = zip(count(membership), units, count(person), repeat(1), admitted, begun_by, decisions, left, left_by)
        columns = ("id", "union_unit", "person", "members", "admitted", "begun_by", "decision", "left", "left_by")
        self._op.add_all("membership", columns, [*spells])
        meeting = self._db.execute(_MEETING, {"since": person, "before": self._before})
        apart = {number - person for (number,) in meeting}
        return [*map(Written, repeat(RowStatus.NEW), range(membership, membership + len(rows)))], apart

    def alone(self, row: Admission) -> Written:
        """Admit one person, unless the ledger holds that member already."""
        if fault := _fault_of(row):
            raise fault
        if not row.name:
            return self._unnamed(row)
        there, former = self._of_number(row)
        if there := there or self._of_name(row):
            if there["op"] == self._op.number and any(getattr(row, it) != there[it] for it in _COMPARED):
                raise EarlierRowError(_("This member is already in line {line}."), there["id"])
            self._met.add(there["id"])
            if row.left and row.left_by and not there["left"]:
                self.called.clear()
                depart(self._op, f"no:{there['id']}", date.fromisoformat(row.left), row.left_by)
                return Written(RowStatus.CHANGED, there["id"], as_it_is(_otherwise(row, there)))
            return Written(RowStatus.UNCHANGED, there["id"], as_it_is(_otherwise(row, there)))
        if former:
            self.called.clear()
            person, doubts = former["person"], as_it_is(_otherwise(row._replace(admitted=""), former))
        else:
            person, doubts = self._op.next_id("person"), []
            write_persons(self._op, [(person, row.name, fold(row.name), row.born, row.sex, row.card, row.id_number)])
        return Written(RowStatus.NEW, self._begin(row, person), doubts)

    def _begin(self, row: Admission, person: int | None) -> int:
        left = (row.left, row.left_by) if row.left else None
        admitted, decision = date.fromisoformat(row.admitted), row.decision
        union, count = row.union.id, row.members
        return begin(self._op, union, person, count, admitted, row.begun_by, decision=decision, left=left)

    def _unnamed(self, row: Admission) -> Written:
        """Write a group without names, or an erased member, unless it is in the ledger."""
        found = self._db.execute(
            "SELECT m.id, m.members FROM membership m LEFT JOIN person p ON p.id = m.person WHERE m.union_unit = ?"
            " AND m.admitted = ? AND m.begun_by = ? AND m.\"left\" IS ? AND coalesce(p.folded, '') = '' AND m.op < ?"
            " ORDER BY m.members <> ?, m.id",
            (row.union.id, row.admitted, row.begun_by, row.left, self._op.number, row.members),
        ).fetchall()
        there = next((it for it in found if it["id"] not in self._met), None)
        if there and there["members"] == row.members:
            self._met.add(there["id"])
            return Written(RowStatus.UNCHANGED, there["id"])
        if there and there["members"] > 1:
            told = _("The union already has a group without names of that day in the ledger, of {members}.")
            raise RefusedError(told.format(members=there["members"]))
        return Written(RowStatus.NEW, self._begin(row, None))

    def _of_number(self, row: Admission) -> tuple[sqlite3.Row | None, sqlite3.Row | None]:
        """Return the membership that a row matches by ID or card number, even if a name or day was mistyped.

        And an earlier, ended membership of the same person: of that number, name and birth date.
        """
        former = None
        for column in _NUMBERS:
            number = getattr(row, column)
            for it in spells_of(self._db, f"p.{column} = ?", number) if number else ():
                is_new, is_born_so = it["op"] == self._op.number, it["born"] == row.born
                is_called_so = it["folded"] == fold(row.name)
                is_likely = (is_called_so and None in (it["born"], row.born)) or (
                    is_born_so and (is_called_so or row.born is not None)
                )
                if _is_apart(row, it) and is_likely:
                    former = it
                    continue
                is_member = it["union_unit"] == row.union.id and (is_called_so or (is_born_so and row.born))
                is_member = is_member and (it["left"] is None or it["admitted"] == row.admitted)
                if self._again and is_member and not (is_new and _otherwise(row, it)):
                    return it, None
                if is_new:
                    said = _("Line {line} has the same {what}.").format(line="{line}", what=_(CALLED[column]))
                    raise EarlierRowError(said, it["id"])
                if it["left"] is None or not is_likely:
                    is_same = is_called_so and is_born_so and it["union_unit"] == row.union.id
                    raise RefusedError(
                        _("A member with that {what} is already in the ledger: number {number}.").format(
                            what=_(CALLED[column]), number=it["id"]
                        ),
                        why=None
                        if is_same
                        else _("It has another union, name or birth date; “ucli transfer-member” records a move."),
                    )
                former = it
        return None, former

    def _of_name(self, row: Admission) -> sqlite3.Row | None:
        """Return the union's membership that a row matches by name and birth date, unless a number contradicts it."""
        if not self._again:
            return None
        card, number = row.card, row.id_number
        found = [
            it
            for it in self._called_so(fold(row.name), row.born)[row.union.id]
            if (not card or it["card"] in (card, None))
            and (not number or it["id_number"] in (number, None))
            and (it["left"] is None or it["admitted"] == row.admitted)
            and not _is_apart(row, it)
            and same(row.name, it["name"])
        ]
        for it in found:
            if it["op"] < self._op.number and it["id"] not in self._met:
                return it
        # Two rows without birth dates may be two persons; two with the same one are one person, unless confirmed.
        return found[0] if found and row.born and not self._confirmed else None

    def _called_so(self, folded: str, born: str | None) -> Mapping[int, Sequence[sqlite3.Row]]:
        """Return the memberships of a name and birth date, by union; cached, and extended by those written since.

        Otherwise many namesakes would each be compared with all others.
        """
        by_union, last = self.called.get((folded, born), (defaultdict[int, list[sqlite3.Row]](list), 0))
        for it in spells_of(self._db, "p.folded = ? AND p.born IS ? AND p.id > ?", folded, born, last):
            by_union[it["union_unit"]].append(it)
            last = max(last, it["person"])
        self.called[folded, born] = by_union, last
        return by_union


def _fault_of(row: Admission) -> RejectedError | None:
    if row.left and row.left <= row.admitted:
        return RejectedError(_("The day of leaving is not after the day of admission."))
    if row.born and row.born >= row.admitted:
        return RejectedError(
            _("The birth date is not before the day of admission."), instead=_("Check --born and --admitted.")
        )
    return None


def _is_apart(row: Admission, spell: sqlite3.Row) -> bool:
    """Tell whether one ended before the other began: a member may leave and be admitted again."""
    ended_before = spell["left"] is not None and spell["left"] <= row.admitted and spell["admitted"] != row.admitted
    return ended_before or (row.left is not None and row.left <= spell["admitted"])


def _otherwise(row: Admission, member: sqlite3.Row) -> list[str]:
    """Return in which columns a row differs from a member in the ledger."""
    name = [] if same(row.name, member["name"]) else [_("name")]
    return name + [_(CALLED[it]) for it in _SAID if getattr(row, it) and getattr(row, it) != member[it]]


def doubts_of(row: Admission) -> list[str]:
    """Return the doubts about an admission: the age, an ID number that contradicts the rest."""
    born, number = row.born, row.id_number
    too_young = doubt_about_age(born, row.admitted) if born else None
    doubts = [too_young] if too_young else []
    if number and len(number) == 12:
        doubts += map(_, _doubts_about(number[:6], row.sex, born[:4] if born else ""))
    return doubts


@cache
def _doubts_about(digits: str, sex: str | None, year: str) -> list[str]:
    from ucli.ledger.provinces import birth_codes  # noqa: PLC0415  only where a number is given

    return doubts_about(digits, sex, year, birth_codes())
