"""The rows of persons: written once, each with a hash that the log's chain seals, so that erasing breaks nothing."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import count
from os import urandom

from ucli.ledger.operations import Operation, ever
from ucli.values.members import ERASED
from ucli.values.names import fold, normalised

COLUMNS = ("id", "name", "folded", "born", "sex", "card", "id_number")
_LISTED = ", ".join(COLUMNS)
_SALT_BYTES = 16
# Half of a SHA-256 is more than anybody can find another content for.
_HASH_BYTES = 16
# Whom a row names, or named once.
_NAMED = " UNION ".join(f"SELECT person FROM {ever(it)} WHERE person NOTNULL" for it in ("membership", "payout"))


def write_persons(op: Operation, persons: Sequence[tuple[object, ...]]) -> None:
    """Write persons, each as the values of COLUMNS."""
    marks = ", ".join("?" * (len(COLUMNS) + 3))
    salts = urandom(_SALT_BYTES * len(persons))
    salted = ((it, salts[place : place + _SALT_BYTES]) for it, place in zip(persons, count(0, _SALT_BYTES)))
    rows = ((*it, salt, _hash(salt, it), op.number) for it, salt in salted)
    op.db.executemany(f"INSERT INTO person ({_LISTED}, salt, hash, op) VALUES ({marks})", rows)


def keep_person(op: Operation, name: str) -> int:
    """Write a person of whom only the name is known, and return the number."""
    number = op.next_id("person")
    write_persons(op, [(number, normalised(name), fold(name), None, None, None, None)])
    return number


def erase_persons(db: sqlite3.Connection, numbers: Iterable[int], counts_as: int) -> None:
    """Empty persons for good: of what was known of them nothing is left, nor of the salt that their hash was made with.

    Args:
        db: the ledger.
        numbers: of the persons.
        counts_as: as whom they count, where they were one.

    """
    emptied = ", ".join(f"{it} = NULL" for it in (*COLUMNS[3:], "salt"))
    db.executemany(
        f"UPDATE person SET name = ?, folded = '', {emptied}, erased_as = ? WHERE id = ?",
        ((ERASED, counts_as, it) for it in numbers),
    )


def mismatched_persons(db: sqlite3.Connection) -> Iterator[int]:
    """Yield the persons whom no row ever named, whose hash is of something else, or who are erased in part only."""
    for *person, salt, kept, erased_as, is_named in db.execute(
        f"SELECT {_LISTED}, salt, hash, erased_as, id IN ({_NAMED}) FROM person ORDER BY id"
    ):
        if not is_named:
            is_sound = False
        elif erased_as is None:
            is_sound = salt is not None and _hash(salt, (*person,)) == kept
        else:
            is_sound = salt is None and person[1:] == [ERASED, "", None, None, None, None]
        if not is_sound:
            yield person[0]


def known_by(db: sqlite3.Connection, person: int) -> tuple[str, int]:
    """Return the table and the number by which people know a person: a membership, else a payout, else none of them.

    One that was undone, as with its import, tells where no other does.
    """
    for table in ("membership", "payout"):
        first = f"SELECT id FROM {ever(table)} WHERE person = ? ORDER BY ended_by DESC, id"
        if row := db.execute(first, (person,)).fetchone():
            return table, int(row[0])
    return "person", person


def _hash(salt: bytes, said: tuple[object, ...]) -> bytes:
    return sha256(salt + ascii(said).encode()).digest()[:_HASH_BYTES]
