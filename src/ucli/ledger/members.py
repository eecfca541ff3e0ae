"""Admitting members: one who is typed, or all of a list; and whom of the ledger each may be.

Somebody with the ID or card number of a member is that member, or is refused. Somebody who is only called alike is
admitted: `twins`, `namesakes` and `may_be_erased` tell of whom was written that he or she may be known already.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import count, islice, repeat
from operator import le
from typing import NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, chosen, marked
from ucli.ledger.identities import write_persons
from ucli.ledger.lives import Life, life_of, require_alive
from ucli.ledger.memberships import begin, refuse_overlap
from ucli.ledger.operations import Operation
from ucli.ledger.verbs import EarlierRowError, Result, RowStatus, Written, as_it_is, each
from ucli.values.members import ADMISSION, TRANSFER, doubt_about_age, doubts_about
from ucli.values.names import fold, normalised, same
from ucli.values.periods import FOREVER
from ucli.values.units import Unit

_ROWS_AT_ONCE = 2048
_DIGITS_DRAWN = 6  # the last ones of an ID number; those before them tell of the province, century and sex, and year

# What may be known of a person beside the name, and of the admission.
_SAID = {
    "admitted": marked("day of admission"),
    "born": marked("birth date"),
    "sex": marked("sex"),
    "card": marked("card number"),
    "id_number": marked("ID number"),
}
_NUMBERS = ("id_number", "card")


class Admission(NamedTuple):
    """Who is admitted to which union; the name normalised, days in ISO."""

    union: Unit
    name: str
    admitted: str
    born: str | None = None
    sex: str | None = None
    card: str | None = None
    id_number: str | None = None
    decision: str | None = None
    transferred: bool = False  # from a union of another ledger: admitted here, but newly admitted nowhere


def named(person: str) -> str:
    """Return the condition that a membership or payout names a person, in SQL.

    Whom none names any more was recorded by mistake: that row lends its data to no one who is recorded anew.
    """
    return (
        "("
        + " OR ".join(f"EXISTS (SELECT 1 FROM {it} WHERE person = {person}.id)" for it in ("membership", "payout"))
        + ")"
    )


class MeetingError(Exception):
    """Somebody of a list must be looked at alone."""


def admit(
    op: Operation,
    admissions: Iterable[Admission],
    *,
    again: bool = False,
    confirmed: bool = False,
    at_once: bool = False,
) -> Iterator[Result]:
    """Admit persons to unions, one by one, or two thousand at once where they meet nobody.

    Args:
        op: the operation.
        admissions: the rows.
        again: whether somebody of that name and birth date in the union is that member and stays as he or she is, as
            where a list is imported twice.
        confirmed: whether a name and birth date that stands in the list twice means two persons all the same.
        at_once: whether they are written without a look at each.

    Raises:
        MeetingError: written at once, one of them meets another, or somebody in the ledger, or may not be admitted.

    """
    one_by_one = _OneByOne(op, again=again, confirmed=confirmed)
    if not at_once:
        yield from each(op, admissions, one_by_one.admit)
        return
    rows, lives = iter(admissions), dict[int, Life]()
    before = since = op.next_id("person")
    # Behind the first persons of a ledger indexes are made in half the time.
    indexes = op.db.execute(_INDEXES).fetchall() if before == 1 else []
    for name, _made_by in indexes:
        op.db.execute(f"DROP INDEX {name}")
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        yield from _write(op, chunk, lives)
        if not indexes:
            _refuse_meeting(op, since, before)
            since = op.next_id("person")
    for _name, made_by in indexes:
        op.db.execute(made_by)
    _refuse_meeting(op, since, before)


def _refuse_meeting(op: Operation, since: int, before: int) -> None:
    """Refuse persons written from one on if one of them meets another; of the list are those from `before` on."""
    if op.db.execute(_MEET, {"since": since, "before": before}).fetchone():
        raise MeetingError


_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('person', 'membership')"
# Whether a person from one on has a number of somebody, or the name and birth date of one of the union. Without birth
# dates two of a list are two persons: they meet only who was there before.
_MEET = f"""
    SELECT 1 FROM person q CROSS JOIN person p ON p.id_number = q.id_number AND p.id <> q.id AND {named("p")}
        WHERE q.id >= :since UNION ALL
    SELECT 1 FROM person q CROSS JOIN person p ON p.card = q.card AND p.id <> q.id AND {named("p")}
        WHERE q.id >= :since UNION ALL
    SELECT 1 FROM person q CROSS JOIN person p ON p.folded = q.folded AND p.born IS q.born AND p.id <> q.id
        AND (p.born NOTNULL OR p.id < :before)
        CROSS JOIN membership a ON a.person = p.id CROSS JOIN membership b ON b.person = q.id
        AND b.union_unit = a.union_unit WHERE q.id >= :since"""


def _write(op: Operation, rows: Sequence[Admission], lives: dict[int, Life]) -> Iterator[Result]:
    """Write persons and memberships column by column; as `_OneByOne` does for who meets nobody."""
    unions, names, admitted, born, sexes, cards, numbers, decisions, _transferred = zip(*rows, strict=True)
    units = [it.id for it in unions]
    lives |= {it: life_of(op.db, it) for it in {*units} - lives.keys()}
    begun, until = zip(*map(lives.__getitem__, units), strict=True)
    is_alive = all(map(le, begun, admitted)) and min(until) == FOREVER
    if not is_alive or any(birth and birth >= day for birth, day in zip(born, admitted, strict=True)):
        raise MeetingError
    person, membership = op.next_id("person"), op.next_id("membership")
    folded, begun_by = map(_folded, names), map(_begun_by, rows)
    write_persons(op, [*zip(count(person), names, folded, born, sexes, cards, numbers)])
    spells = zip(count(membership), units, count(person), repeat(1), admitted, begun_by, decisions)
    columns = ("id", "union_unit", "person", "members", "admitted", "begun_by", "decision")
    op.add_all("membership", columns, [*spells])
    return (Written(RowStatus.NEW, number) for number in range(membership, membership + len(rows)))


class _OneByOne:
    def __init__(self, op: Operation, *, again: bool, confirmed: bool) -> None:
        self._op = op
        self._db = op.db
        self._again = again
        self._confirmed = confirmed
        self._met: set[int] = set()  # memberships that a row was found to be

    def admit(self, row: Admission) -> Written:
        """Admit somebody who meets others, unless the ledger holds that very member already."""
        admitted = date.fromisoformat(row.admitted)
        require_alive(self._db, row.union, admitted)
        if row.born and row.born >= row.admitted:
            raise RejectedError(
                _("The birth date is not before the day of admission."), instead=_("Check --born and --admitted.")
            )
        if there := self._known_by_number(row) or self._known_by_name(row):
            if there["op"] == self._op.number:
                raise EarlierRowError(_("This member stands in line {line} already."), there["id"])
            self._met.add(there["id"])
            return Written(RowStatus.UNCHANGED, there["id"], as_it_is(_otherwise(row, there)))
        former = self._former(row)
        if former:
            refuse_overlap(self._db, former["id"], admitted)
            person, doubts = former["id"], as_it_is(_otherwise(row._replace(admitted=""), former))
        else:
            person, doubts = self._op.next_id("person"), []
            write_persons(self._op, [(person, row.name, _folded(row.name), row.born, row.sex, row.card, row.id_number)])
        number = begin(self._op, row.union.id, person, 1, admitted, _begun_by(row), decision=row.decision)
        return Written(RowStatus.NEW, number, doubts)

    def _known_by_number(self, row: Admission) -> sqlite3.Row | None:
        """Return the membership that a row is by its ID or card number, though a name or a day was mistyped."""
        for column in _NUMBERS:
            number = getattr(row, column)
            for it in self._spells(f"p.{column} = ?", (number,)) if number else ():
                is_new, is_open = it["op"] == self._op.number, it["left"] is None
                is_called_so = it["folded"] == _folded(row.name)
                is_born_so = row.born is not None and it["born"] == row.born
                is_member = it["union_unit"] == row.union.id and (is_called_so or is_born_so)
                is_member &= is_open or it["admitted"] == row.admitted
                if self._again and is_member and not (is_new and _otherwise(row, it)):
                    return it
                if is_new:
                    said = _("Line {line} has the same {what}.").format(line="{line}", what=_(_SAID[column]))
                    raise EarlierRowError(said, it["id"])
                if is_open:
                    why = _("It has another name or birth date: one of the two is wrong.")
                    if is_called_so and (is_born_so or None in (row.born, it["born"])):
                        why = _("It is of another union: “ucli transfer-member” records a move.")
                    raise RefusedError(
                        _("A member with that {what} is in the ledger already: number {number}.").format(
                            what=_(_SAID[column]), number=it["id"]
                        ),
                        why=None if is_member else why,
                        instead=_("“ucli members” shows who it is; no one is counted twice."),
                    )
        return None

    def _known_by_name(self, row: Admission) -> sqlite3.Row | None:
        """Return the membership of the union that a row is by name and birth date, where no number says otherwise."""
        if not self._again:
            return None
        query = "p.folded = ? AND p.born IS ? AND m.union_unit = ?"
        found = [
            it
            for it in self._spells(query, (_folded(row.name), row.born, row.union.id))
            if (it["left"] is None or it["admitted"] == row.admitted)
            and same(row.name, it["name"])
            and not _differ(row, it)
        ]
        for it in found:
            if it["op"] < self._op.number and it["id"] not in self._met:
                return it
        # Two rows without birth dates may be two persons; two with the same one are one, unless it is confirmed.
        return found[0] if found and row.born and not self._confirmed else None

    def _former(self, row: Admission) -> sqlite3.Row | None:
        """Return who was a member before: of that number, name and birth date; a correction of these is another one."""
        for column in _NUMBERS:
            person: sqlite3.Row | None = self._db.execute(
                f"SELECT p.* FROM person p WHERE p.{column} = ? AND p.folded = ? AND p.born IS ? AND {named('p')}"
                " ORDER BY p.id DESC",
                (getattr(row, column), _folded(row.name), row.born),
            ).fetchone()
            if person:
                return person
        return None

    def _spells(self, where: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
        """Return memberships, ended ones too, the persons looked up first."""
        return self._db.execute(
            'SELECT m.id, m.op, m.union_unit, m.admitted, m."left", p.name, p.folded, p.born, p.sex, p.card,'
            f" p.id_number FROM person p CROSS JOIN membership m ON m.person = p.id WHERE {where} ORDER BY m.id",
            values,
        ).fetchall()


@lru_cache(maxsize=10_000)
def _folded_word(word: str) -> str:
    return fold(word)


def _folded(name: str) -> str:
    """Fold a name word by word: the names of a hundred thousand members have some hundred words."""
    return " ".join(map(_folded_word, name.split()))


def _begun_by(row: Admission) -> str:
    return TRANSFER if row.transferred else ADMISSION


def _otherwise(row: Admission, member: sqlite3.Row) -> list[str]:
    """Return what a row says otherwise than the ledger of a member who is there."""
    name = [] if same(row.name, member["name"]) else [_("name")]
    return name + [_(said) for it, said in _SAID.items() if getattr(row, it) and getattr(row, it) != member[it]]


def _differ(row: Admission, member: sqlite3.Row) -> bool:
    """Tell whether a row and a member have different numbers, and so are two persons."""
    return any(getattr(row, it) and member[it] and getattr(row, it) != member[it] for it in _NUMBERS)


def doubts_of(row: Admission) -> list[str]:
    """Say what is doubtful of somebody admitted: the age, an ID number that does not agree with the rest."""
    too_young = doubt_about_age(row.born, row.admitted)
    if not row.id_number:
        return [too_young] if too_young else []
    of_number = _doubts_about(row.id_number[:-_DIGITS_DRAWN], row.sex, row.born and row.born[:4], chosen())
    return [too_young, *of_number] if too_young else of_number


@lru_cache(maxsize=50_000)
def _doubts_about(begin_of_number: str, sex: str | None, year: str | None, _language: str) -> list[str]:
    """Say what the digits that are not drawn tell; thousands of members share them."""
    from ucli.ledger.provinces import birth_codes  # noqa: PLC0415  only where a number is given

    number = begin_of_number + "0" * _DIGITS_DRAWN
    return doubts_about(number, sex, int(year) if year else None, birth_codes())


class Twin(NamedTuple):
    """Two memberships at one time that may be one person's: the name and birth date are the same."""

    one: int
    other: int  # the one that was recorded later
    one_union: int
    other_union: int
    persons: tuple[int, int]
    is_told_apart: bool  # by ID numbers
    is_another: bool  # of the same union and the very name, with other numbers

    @property
    def is_of_one_union(self) -> bool:
        return self.one_union == self.other_union


def twins(db: sqlite3.Connection, since: int = 0) -> Iterator[Twin]:
    """Yield the memberships at one time, of persons kept apart, that may be one person's; the later one from one on.

    In two unions, names that both have tone marks and differ in them are two names; in one union that may be a slip.
    """
    for one, other, one_union, other_union, person, twin, name, other_name, is_told_apart, has_others in db.execute(
        _TWINS, (since,)
    ):
        is_same = same(name, other_name)
        is_of_one_union = one_union == other_union
        # A name may have been typed without tone marks.
        if is_of_one_union or is_same or any(fold(it) == normalised(it).lower() for it in (name, other_name)):
            is_another = is_of_one_union and is_same and bool(has_others)
            yield Twin(one, other, one_union, other_union, (person, twin), bool(is_told_apart), is_another)


# One of the same ID number is no question but a fault; a number of 9 digits and one of 12 may be one person's.
_TWINS = """
    SELECT a.id, b.id, a.union_unit, b.union_unit, p.id, q.id, p.name, q.name,
        coalesce(p.id_number <> q.id_number AND length(p.id_number) = length(q.id_number), 0),
        coalesce(p.id_number <> q.id_number, 0) OR coalesce(p.card <> q.card, 0)
    FROM membership b
    CROSS JOIN person q ON q.id = b.person AND q.folded <> '' AND q.born NOTNULL
    CROSS JOIN person p ON p.folded = q.folded AND p.born = q.born AND p.id <> q.id
        AND coalesce(p.id_number <> q.id_number, 1)
    CROSS JOIN membership a ON a.person = p.id AND a.id < b.id
        AND a.admitted < coalesce(b."left", '9999-12-31') AND b.admitted < coalesce(a."left", '9999-12-31')
    WHERE b.id >= ? ORDER BY b.id, a.id"""


class Namesake(NamedTuple):
    """A member who may be one of the same union: called alike, with a birth date unknown or other tone marks."""

    number: int
    other: int
    is_of_one_day: bool  # admitted on one day, a birth date unknown


def namesakes(db: sqlite3.Connection, since: int) -> Iterator[Namesake]:
    """Yield whom the members from one on may be: those who were there before, then the first written of that day."""
    if since > 1:
        for it in db.execute(_CALLED_ALIKE, {"since": since}):
            if not it["is_born_so"] or not same(it["name"], it["other_name"]):
                yield Namesake(it["number"], it["other"], is_of_one_day=bool(it["is_of_one_day"]))
    yield from (Namesake(number, first, is_of_one_day=True) for number, first in db.execute(_OF_ONE_DAY, (since,)))


_CALLED_ALIKE = """
    WITH later AS MATERIALIZED (
        SELECT m.id, m.union_unit, m.admitted, p.name, p.folded, p.born, p.card, p.id_number
        FROM membership m CROSS JOIN person p ON p.id = m.person AND p.folded <> '' WHERE m.id >= :since)
    SELECT b.id AS number, a.id AS other, b.name, p.name AS other_name, coalesce(p.born = b.born, 0) AS is_born_so,
        a.admitted = b.admitted AND (p.born IS NULL OR b.born IS NULL) AS is_of_one_day
    FROM person p CROSS JOIN membership a ON a.person = p.id AND a.id < :since AND a."left" IS NULL
        AND a.union_unit IN (SELECT union_unit FROM later)
    JOIN later b ON b.folded = p.folded AND b.union_unit = a.union_unit
    WHERE p.folded IN (SELECT folded FROM later) AND CASE WHEN p.born = b.born THEN 1 WHEN p.born <> b.born THEN 0
        ELSE coalesce(p.card = b.card, 1) AND coalesce(p.id_number = b.id_number, 1) END
    ORDER BY b.id, a.id"""
_OF_ONE_DAY = """
    SELECT id, first FROM (
        SELECT m.id, p.card, p.id_number, first_value(m.id) OVER one AS first, first_value(p.card) OVER one AS its_card,
            first_value(p.id_number) OVER one AS its_number
        FROM membership m CROSS JOIN person p ON p.id = m.person AND p.born IS NULL AND p.folded <> '' WHERE m.id >= ?
        WINDOW one AS (PARTITION BY p.folded, m.union_unit, m.admitted ORDER BY m.id))
    WHERE id <> first AND coalesce(card = its_card, 1) AND coalesce(id_number = its_number, 1) ORDER BY id"""


def may_be_erased(db: sqlite3.Connection, since: int) -> Iterator[int]:
    """Yield the memberships from one on of a union and day of which somebody was erased."""
    rows = db.execute(
        "SELECT DISTINCT n.id FROM person p CROSS JOIN membership m ON m.person = p.id CROSS JOIN membership n"
        " ON n.union_unit = m.union_unit AND n.admitted = m.admitted AND n.id >= ? AND n.person NOTNULL"
        " WHERE p.folded = '' ORDER BY n.id",
        (since,),
    )
    yield from (number for (number,) in rows)


def of_unions(db: sqlite3.Connection, unions: Iterable[int], before: int) -> Iterator[sqlite3.Row]:
    """Yield the members that some unions have now, but for those from a membership's number on."""
    yield from db.execute(
        "SELECT m.id, m.union_unit, p.name, p.folded, p.card, p.id_number FROM json_each(?) u"
        " CROSS JOIN membership m ON m.union_unit = u.value CROSS JOIN person p ON p.id = m.person"
        ' WHERE m."left" IS NULL AND m.id < ? ORDER BY m.id',
        (json.dumps(sorted(unions)), before),
    )
