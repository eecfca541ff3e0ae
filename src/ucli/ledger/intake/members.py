"""Taking in tables of members, which are the long ones: 150.000 rows are admitted in seconds.

A row is checked as `add-member` checks it, but a thousand are looked up in the ledger together, a date is read once
for all rows that have it, and what most rows share is looked up once. Only rows that meet somebody in the ledger, or
each other, are looked at one by one.
"""

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count, islice, repeat
from operator import itemgetter

from ucli.errors import RefusedError, RejectedError, UcliError
from ucli.i18n import _
from ucli.ledger.identities import write_persons
from ucli.ledger.intake.absences import Absent, Refused, absent
from ucli.ledger.intake.doubts import RosterDoubts
from ucli.ledger.intake.entrants import (
    SAID,
    Entrant,
    differ,
    is_known_by_number,
    is_spell_of,
    missing,
    no_admission,
    no_birth,
    no_sex,
    no_union,
    number_of_another,
    otherwise,
    repeated,
)
from ucli.ledger.intake.namesakes import Namesakes, Repeated
from ucli.ledger.intake.rows import Fault, Memo, Outcome, Row, all_wrong, cell, require_code
from ucli.ledger.lives import Life, life_of, require_alive
from ucli.ledger.members import Person, admit, as_it_is, kept_otherwise, named
from ucli.ledger.operations import Operation
from ucli.ledger.units import find
from ucli.values.dates import parse_date
from ucli.values.members import ADMISSION, parse_id_number, parse_sex
from ucli.values.names import fold, name_of
from ucli.values.periods import FOREVER
from ucli.values.units import FIRST_YEAR, UNION, Unit, require_fact_day

_ROWS_AT_ONCE = 1000
_FIRST_DAY = f"{FIRST_YEAR}-01-01"
_NOTHING = repeat("")

# The columns of a roster, in this order; the first three must be there.
COLUMNS = ("name", "union", "admitted", "born", "sex", "card", "id_number", "decision")


def admit_all(op: Operation, rows: Iterable[Row], *, confirmed: bool, roster: bool) -> Outcome:
    """Admit the members of a table. Anyone who is in the ledger already stays as he or she is.

    Args:
        op: the operation; where there are faults, the caller may let it come to nothing.
        rows: with the columns of `COLUMNS`; a name, a union and a day of admission must be there.
        confirmed: whether a name and birth date that stands in the table twice means two persons.
        roster: whether it is asked who is in the ledger and not in the table.

    """
    admissions = _Admissions(op, confirmed=confirmed)
    lines = iter(rows)
    while chunk := list(islice(lines, _ROWS_AT_ONCE)):
        admissions.take(chunk)
    if roster:
        admissions.outcome.absent = admissions.absent()
    admissions.outcome.numbers = admissions.numbers.lines
    admissions.outcome.lines = admissions.lines
    admissions.outcome.faults.sort(key=itemgetter(0))
    admissions.outcome.doubtful = admissions.doubts()
    return admissions.outcome


class _Admissions:
    def __init__(self, op: Operation, *, confirmed: bool) -> None:
        self.outcome = Outcome()
        self._op = op
        self._db = op.db
        self._confirmed = confirmed
        self._today = date.today().isoformat()  # noqa: DTZ011
        self._admissions = Memo(_day, no_admission)
        self._births = Memo(_day, no_birth)
        self._sexes = Memo(parse_sex, no_sex)
        self._unions: Memo[tuple[Unit, Life]] = Memo(self._union, no_union)
        self._parts = [
            cell("name", name_of),
            cell("union", self._unions.__getitem__),
            cell("admitted", self._admissions.__getitem__),
            cell("born", self._births.__getitem__),
            cell("sex", self._sexes.__getitem__),
            cell("id_number", parse_id_number),
            cell("left", _refuse_left),
        ]
        self._first_new = op.next_id("membership")
        self._first_person = op.next_id("person")
        self._met: set[int] = set()  # memberships that a row was found to be
        self.lines = array("q")  # of the memberships that are new, in their order
        self._refused = Refused()
        self.numbers = RosterDoubts()
        self._namesakes = Namesakes(op.db, self._first_new)
        self._repeated = Repeated()

    def take(self, chunk: Sequence[Row]) -> None:
        """Admit some rows: at once who meets no one, one after the other who does."""
        rows = [found for row in chunk if (found := self._read(row))]
        meeting = self._meeting(rows)
        new = [row for row in rows if row.line not in meeting]
        self._write(new)
        self._count(new, [row.line for row in new])
        for row in rows:
            if row.line in meeting:
                self._db.execute("SAVEPOINT one_row")
                before = self._op.rows
                try:
                    self._take_one(row)
                except UcliError as error:
                    self._db.execute("ROLLBACK TO one_row")
                    self._op.rows = before
                    self.outcome.faults.append(Fault(row.line, error.what))
                    self._refused.add(row._asdict(), row.union.id)
                self._db.execute("RELEASE one_row")

    def absent(self) -> list[Absent]:
        """Return the members of the unions in the table that were there before it, and that no row is."""
        unions = {unit.id: unit.name for unit, _life in self._unions.values()}
        return absent(self._db, unions, self._first_new, self._met, self._refused)

    def doubts(self) -> list[Fault]:
        """Return what is doubtful of the rows that were taken, by their lines."""
        return sorted(self.outcome.doubtful + self._namesakes.doubts(self._met, self.lines) + self._repeated.doubts)

    def _count(self, rows: Sequence[Entrant], lines: Iterable[int]) -> None:
        """Count those who were admitted, with the line of each membership that was written."""
        self.outcome.new += len(rows)
        self.lines.extend(lines)
        self.numbers.look_at(rows)
        self._namesakes.look_at(rows)
        self._repeated.look_at(rows)

    def _read(self, row: Row) -> Entrant | None:
        line, values, fault = row
        name, union, admitted, born, sex, card, id_number, decision = map(values.get, COLUMNS, _NOTHING)
        try:
            if fault:
                raise RejectedError(fault)
            if not name or not union or not admitted:
                raise RejectedError(missing(name, union, admitted))
            if left := values.get("left"):
                _refuse_left(left)
            name = name_of(name)
            unit, life = self._unions[union]
            day = self._admissions[admitted]
            if not _FIRST_DAY <= day <= self._today:
                require_fact_day(date.fromisoformat(day))
            if not life.begun <= day < life.until:
                require_alive(self._db, unit, date.fromisoformat(day))
            birth = self._births[born] if born else None
            if birth and birth >= day:
                raise RejectedError(_("The birth date is not before the day of admission."))
            folded = fold(name)
            return Entrant(
                line,
                name,
                folded,
                unit,
                life.until < FOREVER,
                day,
                birth,
                self._sexes[sex] if sex else None,
                card.strip() or None,
                parse_id_number(id_number) if id_number else None,
                decision.strip() or None,
                (folded, birth, unit.id, day),
            )
        except UcliError as error:
            self.outcome.faults += [Fault(line, it.what) for it in all_wrong(error, row, self._parts)]
            found = self._unions.get(union)
            self._refused.add(values, found[0].id if found else None)
            return None

    def _union(self, text: str) -> tuple[Unit, Life]:
        unit = require_code(text, find(self._db, text, among=(UNION,)))
        return unit, life_of(self._db, unit.id)

    def _meeting(self, rows: Sequence[Entrant]) -> set[int]:
        """Return the lines of rows that meet each other, somebody in the ledger, or a union that ended since."""
        meeting = {row.line for row in rows if row.ended}
        for column in ("id_number", "card"):
            numbers = [value for row in rows if (value := getattr(row, column))]
            met = repeated(numbers)
            met |= {
                row[0]
                for row in self._db.execute(
                    f"SELECT j.value FROM json_each(?) j CROSS JOIN person p ON p.{column} = j.value AND {named('p')}",
                    (json.dumps(numbers),),
                )
            }
            meeting |= {row.line for row in rows if met and getattr(row, column) in met}
        # Two rows of one name without birth dates are two persons: they meet only who was there before the table.
        if twins := repeated([row.twins[:3] for row in rows if row.born]):
            meeting |= {row.line for row in rows if row.twins[:3] in twins}
        meeting |= {
            rows[place[0]].line
            for place in self._db.execute(
                "SELECT j.key FROM json_each(?) j CROSS JOIN person p ON p.folded = json_extract(j.value, '$[0]')"
                " AND p.born IS json_extract(j.value, '$[1]') AND (p.born IS NOT NULL OR p.id < ?)"
                " CROSS JOIN membership m ON m.person = p.id"
                " AND m.union_unit = json_extract(j.value, '$[2]')"
                " AND (m.\"left\" IS NULL OR m.admitted = json_extract(j.value, '$[3]'))",
                (json.dumps([row.twins for row in rows]), self._first_person),
            )
        }
        return meeting

    def _write(self, rows: Sequence[Entrant]) -> None:
        """Write persons and memberships that meet no one; as `admit` does, a thousand at once."""
        number = self._op.next_id("person")
        persons = [
            (number + place, row.name, row.folded, row.born, row.sex, row.card, row.id_number)
            for place, row in enumerate(rows)
        ]
        write_persons(self._op, persons)
        self._op.add_all(
            "membership",
            ("id", "union_unit", "person", "members", "admitted", "begun_by", "decision"),
            [
                (membership, row.union.id, number + place, 1, row.admitted, ADMISSION, row.decision)
                for place, (membership, row) in enumerate(zip(count(self._op.next_id("membership")), rows))
            ],
        )

    def _take_one(self, row: Entrant) -> None:
        """Admit somebody who meets others, unless the ledger holds that very person already.

        Raises:
            UcliError: the numbers are another member's, or the same person stands in the table twice.

        """
        for column, value in (("id_number", row.id_number), ("card", row.card)):
            for it in self._spells(f"p.{column} = ?", (value,)) if value else ():
                is_new = it["id"] >= self._first_new
                if is_known_by_number(row, it) and (not is_new or not otherwise(row, it)):
                    self._is_there(it, row)
                    return
                if is_new:
                    first = self.lines[it["id"] - self._first_new]
                    raise RefusedError(_("Line {line} has the same {what}.").format(line=first, what=_(SAID[column])))
                if it["left"] is None:
                    raise RefusedError(number_of_another(row, it, column))
        namesakes = [
            it
            for it in self._spells(
                "p.folded = ? AND p.born IS ? AND m.union_unit = ? AND (p.born IS NOT NULL OR p.id < ?)",
                (*row.twins[:3], self._first_person),
            )
            if it["id"] not in self._met and is_spell_of(row, it)
        ]
        alike = [it for it in namesakes if not differ(row, it)]
        # Two rows without birth dates may be two persons; two with the same one are one, unless the officer says so.
        if alike and (alike[0]["id"] < self._first_new or (row.born and not self._confirmed)):
            self._is_there(alike[0], row)
            return
        if namesakes:
            self.outcome.doubtful.append(
                Fault(row.line, _("The union has a member of that name and birth date with other numbers."))
            )
        born = date.fromisoformat(row.born) if row.born else None
        person = Person(row.name, born, row.sex, row.card, row.id_number)
        day = date.fromisoformat(row.admitted)
        number = admit(self._op, row.union, person, day, decision=row.decision)
        # In a union that ended since, it went on in another one.
        self._count([row], repeat(row.line, self._op.next_id("membership") - number))
        if kept := kept_otherwise(self._db, number, person):
            self.outcome.doubtful.append(Fault(row.line, kept))

    def _is_there(self, member: sqlite3.Row, row: Entrant) -> None:
        if member["id"] >= self._first_new:
            first = self.lines[member["id"] - self._first_new]
            raise RefusedError(_("This member stands in line {line} already.").format(line=first))
        self._met.add(member["id"])
        self._repeated.note(row)
        self.outcome.unchanged += 1
        if others := otherwise(row, member):
            self.outcome.doubtful.append(Fault(row.line, as_it_is(others)))

    def _spells(self, where: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
        """Return memberships, ended ones too, the persons looked up first."""
        return self._db.execute(
            'SELECT m.id, m.union_unit, m.admitted, m."left", p.name, p.born, p.sex, p.card, p.id_number FROM person p'
            f" CROSS JOIN membership m ON m.person = p.id WHERE {where} ORDER BY m.id",
            values,
        ).fetchall()


def _day(text: str) -> str:
    return parse_date(text).isoformat()


def _refuse_left(_text: str) -> None:
    raise RejectedError(_("This member has left, on the day that stands here, and is not admitted."))
