"""Rules about the file itself: everything as ucli wrote it, no dangling references, no damage."""

import sqlite3
from hashlib import sha256
from pathlib import Path

from ucli.i18n import _, marked
from ucli.ledger.chain import first_broken
from ucli.ledger.operations import ever, in_bytes
from ucli.ledger.persons import known_by, mismatched_persons
from ucli.ledger.rules import CHAIN, FILE, Broken, Finding, Look, Query, rule
from ucli.ledger.schema import schema_mismatches
from ucli.ledger.store import DamagedError, explained

_LONGEST_NAME = 60
_KINDS = {"table": marked("table"), "view": marked("view"), "index": marked("index")}
# Each of these must have a row, even if voided.
_PARTS = {
    **dict.fromkeys(("unit_name", "unit_life", "ancestry"), "unit"),
    "indicator_entry": "indicator",
    "programme_entry": "programme",
}
_SOMEBODY = {
    "membership": marked("The personal data of member {number} was changed outside ucli."),
    "payout": marked("The personal data of the person named by payout {number} was changed outside ucli."),
    "person": marked("Person {number}, to whom no member or payout refers, was written outside ucli."),
}


@rule("C18-schema", FILE)
def schema_as_made(look: Look) -> Broken:
    """The ledger has the tables, views and indexes that ucli makes, and no others.

    Another program added or changed what is named. Remove it with that program, or restore a backup.
    """
    for kind, name, is_foreign in schema_mismatches(look.db):
        if kind == "trigger":
            what = _(
                "Another program added the trigger {name} to the ledger, which can change what is recorded; "
                "nothing can be recorded until it is removed with that program: DROP TRIGGER."
            )
        elif is_foreign:
            what = _("Another program added the {kind} {name} to the ledger; ucli does not read it.")
        else:
            what = _("The {kind} {name} is missing or was changed outside ucli; restore a backup from before.")
        # Damage may have left an unknown kind.
        said = what.format(kind=_(_KINDS.get(kind, kind)), name=name[:_LONGEST_NAME])
        yield Finding(look.code, f"{kind}-{name}"[:_LONGEST_NAME], said)


@rule("C01-foreign-key", FILE)
def names_what_is_there(look: Look) -> Broken:
    """Every row that another row refers to exists, and every part of a unit, an indicator and a programme.

    ucli never deletes a row: another program did. Restore a backup from before; “ucli backups” lists them.
    """
    broken = look.db.execute('SELECT "table", parent, count(*) AS rows FROM pragma_foreign_key_check GROUP BY 1, 2')
    for table, other, rows in broken.fetchall():
        what = _("Rows of the table {table} refer to {other} that is not in the ledger: {rows}.")
        yield Finding(look.code, f"{table}-{other}", what.format(table=table, other=other, rows=rows))
    for part, whole in _PARTS.items():
        yield Query(
            _("Row {row} of the table {table} has no row in {other}: a part of the ledger is gone."),
            f"SELECT '{whole}-' || id AS ref, id AS row, '{whole}' AS \"table\", '{part}' AS other"
            f" FROM {whole} WHERE id NOT IN (SELECT {whole} FROM {ever(part)})",
        )


@rule("C02-damage", FILE)
def undamaged(look: Look) -> Broken:
    """SQLite finds the file intact, and every text can be read.

    The disk may be bad, or a copy was interrupted. Restore a backup: “ucli backups” lists them.
    """
    for number, (line,) in enumerate(look.db.execute("SELECT * FROM pragma_integrity_check")):
        if line != "ok":
            what = _("The file is damaged; SQLite says: {line}").format(line=line.splitlines()[-1])
            yield Finding(look.code, str(number), what)
    # SQLite itself does not look for invalid texts.
    for (table,) in look.db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        columns = look.db.execute("SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'", (table,))
        texts = ", ".join(f'"{name}"' for (name,) in columns)
        try:
            for rows in in_bytes(look.db, f'SELECT json_array({texts}) FROM "{table}"'):
                b"".join(row for (row,) in rows).decode()
        except UnicodeDecodeError:
            yield Finding(look.code, f"text-{table}", _("A text in {table} cannot be read.").format(table=table))


@rule("C05-submission", FILE)
def submissions_as_kept(look: Look) -> Broken:
    """A submitted report is kept exactly as it was, and belongs to a closed period.

    Another program changed it. Restore a backup from before; “ucli backups” lists them.
    """
    for row in look.db.execute(
        f"SELECT c.id, c.unit, c.period, c.json_sha256, c.plain_sha256, s.json, s.plain FROM {ever('closing')} c"
        " JOIN submission s ON s.id = c.submission GROUP BY c.id, s.id"
    ):
        if any(sha256(row[it].encode()).hexdigest() != row[f"{it}_sha256"] for it in ("json", "plain")):
            what = _("The report submitted for {period} does not match its SHA-256: it was changed outside ucli.")
            yield Finding(look.code, str(row["id"]), what.format(period=row["period"]), row["unit"])
    yield Query(
        _("Submitted report {number} belongs to no closed period; it was added outside ucli."),
        "SELECT 'submission-' || id AS ref, id AS number FROM submission"
        f" WHERE id NOT IN (SELECT submission FROM {ever('closing')})",
    )


@rule(CHAIN, FILE)
def log_as_sealed(look: Look) -> Broken:
    """The log and the persons are as ucli wrote them: every operation matches its seal and the seal before it.

    Another program changed what is named. Restore a backup from before; “ucli backups” lists them.
    """
    operation = first_broken(look.db)
    if operation == 0:
        what = _("The list of indicators and programmes that comes with ucli was changed outside ucli.")
        yield Finding(look.code, "0", what)
    elif operation is not None:
        what = _("Operation {number}, or what it wrote, was changed outside ucli; “ucli log {number}” shows it.")
        yield Finding(look.code, str(operation), what.format(number=operation))
    for person in mismatched_persons(look.db):
        register, number = known_by(look.db, person)
        yield Finding(look.code, f"{register}-{number}", _(_SOMEBODY[register]).format(number=number))


def unsound(db: sqlite3.Connection) -> str | None:
    """Return why a ledger cannot be used: damage or dangling references; None if it can."""
    look = Look(db)
    return next((it.what for find in (undamaged, names_what_is_there) for it in look.found_by(find)), None)


def unsealed(db: sqlite3.Connection) -> str | None:
    """Return what in a ledger contradicts the log's chain; None if nothing does."""
    return next((it.what for it in Look(db).found_by(log_as_sealed)), None)


def require_sound(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a ledger that is `unsound`."""
    with explained(path):
        why = unsound(db)
    if why:
        raise DamagedError(_("The ledger {path} is damaged.").format(path=path), why)


def doubts_about(db: sqlite3.Connection, path: Path, *, chain: bool = True) -> list[str]:
    """Return what in a usable ledger is not as ucli wrote it, to be judged by people, for it may be the only copy."""
    with explained(path):
        return [it.what for find in (schema_as_made, log_as_sealed)[: 1 + chain] for it in Look(db).found_by(find)]
