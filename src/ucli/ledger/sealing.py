"""Seals of persons: whether what the ledger holds of somebody was written by ucli.

Persons are no part of the chain of the log, for erasing one must not break it. So each row bears a seal of its own,
SHA-256 of all it says; erasing replaces it together with the rest, and what is left tells nothing of the person.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import sha256

COLUMNS = ("id", "name", "folded", "born", "sex", "card", "id_number")
_LISTED = ", ".join(COLUMNS)


def seal_of(person: tuple[object, ...]) -> bytes:
    """Return the seal of a person, given the values of COLUMNS in their order, and as whom somebody erased counts."""
    return sha256(ascii(person).encode()).digest()


def write_persons(db: sqlite3.Connection, persons: Iterable[tuple[object, ...]]) -> None:
    """Write persons, each as the values of COLUMNS, with their seals."""
    marks = ", ".join("?" * len(COLUMNS))
    rows = ((*it, seal_of(it)) for it in persons)
    db.executemany(f"INSERT INTO person ({_LISTED}, seal) VALUES ({marks}, ?)", rows)


def seal_all(db: sqlite3.Connection) -> None:
    """Seal all persons as they are, in a ledger of an older release."""
    db.create_function("seal_of", len(COLUMNS), lambda *person: seal_of(person), deterministic=True)
    db.execute(f"UPDATE person SET seal = seal_of({_LISTED})")


def persons_astray(db: sqlite3.Connection) -> Iterator[int]:
    """Yield the persons whose row is not what was sealed."""
    for *person, erased_as, seal in db.execute(f"SELECT {_LISTED}, erased_as, seal FROM person ORDER BY id"):
        if seal_of((*person,) if erased_as is None else (*person, erased_as)) != seal:
            yield person[0]


def known_by(db: sqlite3.Connection, person: int) -> tuple[str, int]:
    """Return the table and the number by which people know a person: a membership, else a payout, else none of them."""
    for table in ("membership", "payout"):
        row = db.execute(f"SELECT min(id) FROM {table} WHERE person = ?", (person,)).fetchone()
        if row[0] is not None:
            return table, int(row[0])
    return "person", person
