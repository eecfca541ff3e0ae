"""Erasing a person for good: the row is emptied, and its bytes are removed from the file, its log and free pages.

All totals stay. Undo cannot reverse it.
"""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from ucli.errors import LedgerError, NotFoundError
from ucli.i18n import _
from ucli.ledger.files import BESIDE, FOLDER, free_space, is_being_made, same_file
from ucli.ledger.members import find_member, number_typed
from ucli.ledger.operations import MERGE_PERSON, Operation, ever, first_op
from ucli.ledger.persons import erase_persons, is_named, known_by
from ucli.ledger.registers import REGISTERS
from ucli.ledger.store import looked_into
from ucli.ledger.units import get_ever
from ucli.values.names import fold

# Rewriting a ledger needs this many times its size: the copy, and the log.
_ROOM = 2

# Entries of the same person: recorded, undone, and recorded again.
_SAME_PERSON = f"""
    SELECT q.id FROM person p JOIN person q ON q.id <> p.id
    WHERE p.id = ? AND p.folded <> '' AND q.folded <> ''
        AND (q.id_number = p.id_number OR q.card = p.card OR (q.folded = p.folded AND q.born IS p.born
            AND (p.born IS NOT NULL OR EXISTS (SELECT 1 FROM {ever("membership")} a JOIN {ever("membership")} b
                ON b.union_unit = a.union_unit WHERE a.person = p.id AND b.person = q.id))))"""
_EARLIER = f"{_SAME_PERSON} AND NOT {is_named('q')}"
_LATER = f"{_SAME_PERSON} AND {is_named('q')} AND NOT {is_named('p')} ORDER BY q.id DESC"
# And those merged with it; if the merge was undone, the one that counts is another person again.
_MERGED = f"""
    WITH RECURSIVE one (id) AS (
        SELECT :person
        UNION SELECT h.person FROM one JOIN {ever("membership")} w ON w.person = one.id
            JOIN operation o ON o.number = w.op AND o.command = '{MERGE_PERSON}'
            JOIN membership_history h ON h.ended_by = o.number
        UNION SELECT w.person FROM one JOIN membership_history h ON h.person = one.id
            JOIN operation o ON o.number = h.ended_by AND o.command = '{MERGE_PERSON}'
            JOIN {ever("membership")} w ON w.op = o.number)
    SELECT q.id FROM one JOIN person q ON q.id = one.id WHERE q.id <> :person AND NOT {is_named("q")}"""
# Others with the same name or number, who are not erased along: other persons, or the same one not recognised.
_ALIKE = """
    SELECT q.id, coalesce(q.id_number = p.id_number, 0) OR coalesce(q.card = p.card, 0)
        OR coalesce(q.born = p.born, 1) AS may_be_same
    FROM person p JOIN person q ON q.id <> p.id
    WHERE p.id = :id AND q.folded <> '' AND q.id NOT IN (SELECT value FROM json_each(:along))
        AND (q.id_number = p.id_number OR q.card = p.card OR q.folded = p.folded)
    ORDER BY may_be_same DESC, q.id"""
# Free texts with their operations; a beneficiary of that name is an entry that can be erased itself.
_WRITTEN = " UNION ".join(
    f"SELECT {first_op(it.table, 'r')}, r.{column} FROM {ever(it.table)} r WHERE r.{column} NOTNULL"
    for it in REGISTERS.values()
    for column in it.texts.split()
)
_TEXTS = f"""
    SELECT number, note AS text FROM operation WHERE note IS NOT NULL
    UNION {_WRITTEN}
    UNION SELECT {first_op("payout", "r")}, p.name FROM {ever("payout")} r JOIN person p ON p.id = r.person
        WHERE p.folded <> :folded
    ORDER BY 1"""
# A copy numbers persons alike, unless it has diverged since.
_SAME = "id = :id AND folded = :folded OR id_number = :id_number OR card = :card OR folded = :folded AND born = :born"


def find_person(db: sqlite3.Connection, text: str) -> int:
    """Find a person by membership number, card number or name; an undone membership by its number."""
    try:
        return find_member(db, text)
    except NotFoundError:
        row = db.execute(
            "SELECT person FROM membership_history h WHERE CAST(id AS TEXT) = ? AND person IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM membership l WHERE l.id = h.id)",
            (number_typed(text),),
        ).fetchone()
        if row is None:
            raise
        return int(row["person"])


def beneficiary_of(db: sqlite3.Connection, payout: int) -> int:
    """Return the person that a payout names, or named when it counted."""
    row = db.execute(f"SELECT person FROM {ever('payout')} WHERE id = ? AND person IS NOT NULL", (payout,)).fetchone()
    if row is None:
        raise NotFoundError(
            _("There is no payout {number} that names somebody.").format(number=payout),
            instead=_("“ucli payouts” lists them with their numbers."),
        )
    return int(row["person"])


def rows_of(db: sqlite3.Connection, person: int) -> list[sqlite3.Row]:
    """Return the rows of a person: the one meant, then those of the same person that no longer count."""
    merged = [person, *(row["id"] for row in db.execute(_MERGED, {"person": person}))]
    numbers = dict.fromkeys(merged + [row["id"] for one in merged for row in db.execute(_EARLIER, (one,))])
    return [db.execute("SELECT * FROM person WHERE id = ?", (number,)).fetchone() for number in numbers]


def alike(db: sqlite3.Connection, persons: Sequence[sqlite3.Row]) -> dict[str, str]:
    """Return other entries with the name or a number of a person (`rows_of`), the likeliest first.

    Each is given as `erase-member` takes it.
    """
    along = json.dumps([it["id"] for it in persons])
    found = {}
    for row in db.execute(_ALIKE, {"id": persons[0]["id"], "along": along}).fetchall():
        table, number = known_by(db, row["id"])
        if table == "person":  # put in from outside, which `check` reports
            continue
        column, ref, told = "union_unit", f"no:{number}", _("member {number} of {unit}")
        if table == "payout":
            column, ref, told = "unit", f"--payout {number}", _("payout {number} of {unit}")
        (unit,) = db.execute(f"SELECT {column} FROM {ever(table)} WHERE id = ?", (number,)).fetchone()
        apart = "" if row["may_be_same"] else " " + _("(another birth date)")
        found[ref] = told.format(number=number, unit=get_ever(db, unit)) + apart
    return found


def erase(op: Operation, persons: Sequence[sqlite3.Row]) -> None:
    """Erase the rows of a person, the one meant first; that they are one person's stays known.

    Thus a redo does not count twice what was undone and recorded again.
    """
    # From here on deleted content is overwritten with zeros.
    op.db.execute("PRAGMA secure_delete = ON")
    later = op.db.execute(_LATER, (persons[0]["id"],)).fetchone()
    counts_as = later["id"] if later else persons[0]["id"]
    held = [it["id"] for it in persons if it["folded"]]
    before = op.db.execute("SELECT id FROM person WHERE erased_as IN (SELECT value FROM json_each(?))", (str(held),))
    erase_persons(op.db, (*held, *(it["id"] for it in before.fetchall())), counts_as)
    op.rows += len(held)


def require_alone(db: sqlite3.Connection, path: Path) -> None:
    """Refuse if the old bytes could not be removed from the file and its log."""
    free = free_space(path)
    if free is not None and free < _ROOM * path.stat().st_size:
        raise LedgerError(
            _("There is no room to rewrite the ledger {path}; nothing was erased.").format(path=path),
            instead=_("Free some space and try again."),
        )
    if not _emptied_log(db):
        raise LedgerError(
            _("The ledger {path} is being used by another command; nothing was erased.").format(path=path),
            instead=_("Try again when it is done."),
        )


def scrub(db: sqlite3.Connection) -> bool:
    """Rewrite the ledger without what was erased; return whether its log could be emptied as well."""
    db.execute("PRAGMA secure_delete = ON")
    try:
        db.execute("VACUUM")
    except sqlite3.OperationalError as error:
        # The person is erased by now; what is left can be cleaned later, and is no reason to report a failure.
        if "locked" not in str(error):
            raise
        return False
    return _emptied_log(db)


def _emptied_log(db: sqlite3.Connection) -> bool:
    return not db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def copies_holding(path: Path, persons: Sequence[sqlite3.Row]) -> list[Path]:
    """Return the copies that hold a person: backups, also unreadable ones, and ledgers beside this one."""
    folder = path.parent / FOLDER
    backups = sorted(folder.iterdir()) if folder.is_dir() else []
    # The ledger itself, under whatever name, is no copy.
    beside = [it for it in sorted(path.parent.iterdir()) if not same_file(path, it)]
    return [it for it in (*backups, *beside) if it.is_file() and _holds(it, persons, or_is_unread=it in backups)]


def _holds(file: Path, persons: Sequence[sqlite3.Row], *, or_is_unread: bool) -> bool:
    # SQLite's own files belong to their database, and are locked by it.
    if file.name.endswith(BESIDE) or is_being_made(file):
        return False
    try:
        with looked_into(file) as db:
            return any(db.execute(f"SELECT 1 FROM person WHERE {_SAME}", dict(it)).fetchone() for it in persons)
    except LedgerError:
        return or_is_unread


def texts_naming(db: sqlite3.Connection, persons: Sequence[sqlite3.Row]) -> list[int]:
    """Return the operations whose texts hold the name or numbers: notes, decisions, sources, funds, beneficiaries."""
    words = {fold(str(it[key])) for it in persons for key in ("name", "card", "id_number") if it[key]}
    rows = db.execute(_TEXTS, {"folded": persons[0]["folded"]})
    return list(dict.fromkeys(number for number, text in rows if any(word in fold(text) for word in words)))
