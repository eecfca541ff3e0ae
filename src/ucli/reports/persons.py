"""What the ledger holds of a person, and whose data it holds longer than it needs."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from ucli.ledger.operations import NEVER, ever, first_op
from ucli.reports.listings import Listing
from ucli.reports.structure import Names
from ucli.values.periods import known_day

Holdings = dict[str, Listing]  # by part: person, earlier, memberships, payouts

_KEPT = ("name", "born", "sex", "card", "id_number")


def holdings(db: sqlite3.Connection, persons: Sequence[sqlite3.Row]) -> Holdings:
    """Return all that is held of a person, as the law lets him or her ask for it.

    Args:
        db: the ledger.
        persons: the row of the person, then those of the same person that count no longer.

    """
    names = Names(db, date.today())  # noqa: DTZ011
    numbers = ", ".join(str(int(it["id"])) for it in persons)
    memberships = _latest(db, "membership", numbers)
    payouts = _latest(db, "payout", numbers)
    programmes = dict(db.execute(f"SELECT programme, code FROM {ever('programme_entry')} ORDER BY op").fetchall())
    return {
        "person": [_person(persons[0])],
        "earlier": [_person(it) for it in persons[1:]],
        "memberships": [
            {
                "number": it["id"],
                "union": names.of(it["union_unit"]),
                "admitted": known_day(it["admitted"]),
                "begun_by": it["begun_by"],
                "left": known_day(it["left"]),
                "left_by": it["left_by"],
                "decision": it["decision"],
                **_entry(it),
            }
            for it in memberships
        ],
        "payouts": [
            {
                "number": it["id"],
                "day": known_day(it["day"]),
                "unit": names.of(it["unit"]),
                "programme": programmes.get(it["programme"]),
                "amount": it["amount"],
                "in_kind": it["in_kind"],
                "form": it["form"],
                "fund": it["fund"],
                "decision": it["decision"],
                **_entry(it),
            }
            for it in payouts
        ],
    }


def due_for_deletion(db: sqlite3.Connection, before: date) -> Listing:
    """Return everybody whom the ledger need not hold any more.

    That is who left before a day and has not been a member anywhere since, by the last membership; who only received
    something, the last time before that day, by the last payout; and, whenever that was, who was recorded by mistake,
    by the membership or payout that was undone or voided.
    """
    names = Names(db, date.today())  # noqa: DTZ011
    rows = db.execute(
        'SELECT m.id, m.union_unit, m."left", m.left_by, p.name FROM membership m JOIN person p ON p.id = m.person'
        " WHERE m.\"left\" < ? AND p.folded <> ''"
        " AND NOT EXISTS (SELECT 1 FROM membership o WHERE o.person = m.person"
        ' AND (o."left" IS NULL OR (o."left", o.id) > (m."left", m.id))) ORDER BY m."left", m.id',
        (before.isoformat(),),
    )
    members: Listing = [
        {
            "number": row["id"],
            "held_as": "former-member",
            "name": row["name"],
            "union": names.of(row["union_unit"]),
            "left": date.fromisoformat(row["left"]),
            "left_by": row["left_by"],
            "last_payout": None,
        }
        for row in rows
    ]
    return members + _no_members(db, before)


def _no_members(db: sqlite3.Connection, before: date) -> Listing:
    """Return the persons of whom no membership counts, by the last payout that counts, else by what was undone."""
    rows = db.execute(
        "SELECT p.name, b.id AS payout, max(b.day) AS day,"
        " (SELECT max(id) FROM membership_history WHERE person = p.id) AS member,"
        " (SELECT max(id) FROM payout_history WHERE person = p.id) AS taken_back"
        " FROM person p LEFT JOIN payout b ON b.person = p.id WHERE p.folded <> ''"
        " AND NOT EXISTS (SELECT 1 FROM membership WHERE person = p.id)"
        " GROUP BY p.id HAVING coalesce(max(b.day), '') < ?",
        (before.isoformat(),),
    )
    found: Listing = []
    for row in rows:
        number, held_as = row["payout"], "beneficiary"
        if number is None:
            number, held_as = row["member"], "member-taken-back"
        if number is None:
            number, held_as = row["taken_back"], "payout-taken-back"
        nothing = dict.fromkeys(("union", "left", "left_by"))
        found.append(
            {"number": number, "held_as": held_as, "name": row["name"], **nothing, "last_payout": known_day(row["day"])}
        )
    return found


def _latest(db: sqlite3.Connection, table: str, persons: str) -> list[sqlite3.Row]:
    """Return the rows of some persons as they were last said, with when and by whom they were first recorded."""
    return db.execute(
        f"SELECT r.*, r.ended_by = {NEVER} AS stands, o.at, o.actor FROM {ever(table)} r"
        f" JOIN operation o ON o.number = {first_op(table, 'r')} WHERE r.person IN ({persons})"
        f" AND r.ended_by = (SELECT max(ended_by) FROM {ever(table)} l WHERE l.id = r.id) ORDER BY r.id"
    ).fetchall()


def _entry(row: sqlite3.Row) -> dict[str, object]:
    return {"stands": bool(row["stands"]), "at": row["at"], "actor": row["actor"]}


def _person(row: sqlite3.Row) -> dict[str, object]:
    return {**{key: row[key] for key in _KEPT}, "born": known_day(row["born"])}
