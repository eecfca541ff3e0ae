"""Seals of what is no part of the chain of the log: persons, and the catalogue that a release ships.

Erasing a person must not break the chain. So each row bears a seal of its own, SHA-256 of all it says; erasing
replaces it together with the rest, and what is left tells nothing of the person.

The shipped catalogue grows with releases, and a ledger keeps the words it was given. So each entry is sealed once,
when a release brings it along.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import sha256

COLUMNS = ("id", "name", "folded", "born", "sex", "card", "id_number")
_LISTED = ", ".join(COLUMNS)

# Of the shipped catalogue, by register, what is sealed of an entry.
_SHIPPED = {
    "indicator": "code, alias, name_vi, name_en, measure, kind, direction, counts, may_exceed",
    "programme": "code, name_vi, name_en",
}


def seal_of(said: tuple[object, ...]) -> bytes:
    """Return the seal of what a row says; of a person, the values of COLUMNS and, erased, as whom."""
    return sha256(ascii(said).encode()).digest()


def write_persons(db: sqlite3.Connection, persons: Iterable[tuple[object, ...]]) -> None:
    """Write persons, each as the values of COLUMNS, with their seals."""
    marks = ", ".join("?" * len(COLUMNS))
    rows = ((*it, seal_of(it)) for it in persons)
    db.executemany(f"INSERT INTO person ({_LISTED}, seal) VALUES ({marks}, ?)", rows)


def persons_astray(db: sqlite3.Connection) -> Iterator[int]:
    """Yield the persons whose row is not what was sealed."""
    for *person, erased_as, seal in db.execute(f"SELECT {_LISTED}, erased_as, seal FROM person ORDER BY id"):
        if seal_of((*person,) if erased_as is None else (*person, erased_as)) != seal:
            yield person[0]


def seal_shipped(db: sqlite3.Connection) -> None:
    """Seal the entries of the shipped catalogue that have no seal yet."""
    for register, number, said in _shipped(db):
        db.execute("INSERT OR IGNORE INTO shipped_seal VALUES (?, ?, ?)", (register, number, seal_of(said)))


def shipped_astray(db: sqlite3.Connection) -> Iterator[tuple[str, int, str]]:
    """Yield the entries of the shipped catalogue that are not what was sealed, or gone, or slipped in.

    Each is told by its register, its number, and its code, or the number where no entry says one.
    """
    sealed = {(register, number): seal for register, number, seal in db.execute("SELECT * FROM shipped_seal")}
    there = {(register, number): said for register, number, said in _shipped(db)}
    for register, number in sorted(sealed.keys() | there.keys()):
        said = there.get((register, number))
        if said is None or sealed.get((register, number)) != seal_of(said):
            yield register, number, str(said[0] if said else number)


def _shipped(db: sqlite3.Connection) -> Iterator[tuple[str, int, tuple[object, ...]]]:
    for register, columns in _SHIPPED.items():
        for number, *said in db.execute(f"SELECT {register}, {columns} FROM {register}_entry WHERE from_op = 0"):
            yield register, number, tuple(said)


def known_by(db: sqlite3.Connection, person: int) -> tuple[str, int]:
    """Return the table and the number by which people know a person: a membership, else a payout, else none of them."""
    for table in ("membership", "payout"):
        row = db.execute(f"SELECT min(id) FROM {table} WHERE person = ?", (person,)).fetchone()
        if row[0] is not None:
            return table, int(row[0])
    return "person", person
