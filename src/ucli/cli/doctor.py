"""How the ledger fares: where everything is, of which version, and what endangers it."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

import typer

from ucli.cli.app import ReadCommand, Session, command, session_of
from ucli.cli.output import show
from ucli.cli.places import dangers_of
from ucli.cli.session import is_still_to_come, warn
from ucli.errors import LedgerError
from ucli.i18n import _, marked
from ucli.ledger.backup import FOLDER, Backup, backups_of
from ucli.ledger.environment import files_of, state_of
from ucli.ledger.files import drafts_left, free_space, is_open_to_others, is_there, mode_of
from ucli.render import Sheet
from ucli.values.dates import moment_text
from ucli.values.numbers import grouped

# Free space below this many times the ledger's size leaves no room for a backup and an import.
_ROOM = 3

_ITEMS = {
    "ledger": marked("Ledger"),
    "chosen_by": marked("Chosen by"),
    "size": marked("Size (bytes)"),
    "mode": marked("Rights of the file"),
    "free": marked("Free space (bytes)"),
    "schema": marked("Schema"),
    "operations": marked("Operations"),
    "last_operation": marked("Last operation"),
    "head": marked("End of the log"),
    "backups_folder": marked("Backups"),
    "backups": marked("Number of backups"),
    "last_backup": marked("Last backup"),
    "configuration": marked("Configuration (environment)"),
    "ucli": marked("ucli"),
    "python": marked("Python"),
    "sqlite": marked("SQLite"),
}
_VARIABLES = ("UCLI_DB", "UCLI_LANG", "UCLI_ACTOR", "XDG_DATA_HOME")


@command(ReadCommand, "ucli doctor", "ucli doctor --format json")
def doctor(ctx: typer.Context) -> None:
    """Nothing is changed. Where the ledger cannot be opened the exit code is 7."""
    session = session_of(ctx)
    facts = _facts(session)
    fault = None
    try:
        state = state_of(session.path)
    except LedgerError as error:
        fault = error
    else:
        facts |= state
    warnings = list(_warnings(session.path, facts))
    document = {
        "schema": "ucli.doctor/1",
        "facts": facts,
        "warnings": [{"code": it[0], "text": it[1]} for it in warnings],
    }
    rows: list[list[object]] = [[_(_ITEMS[key]), _shown(key, value)] for key, value in facts.items()]
    records: list[dict[str, object]] = [{"item": key, "value": value} for key, value in facts.items()]
    show(ctx, Sheet([_("Item"), _("State")], rows, records, ["item", "value"], document=document))
    for _code, text in warnings:
        warn(text)
    if fault:
        raise fault


def _facts(session: Session) -> dict[str, object]:
    path = session.path
    there, mode = _backups(path), mode_of(path)
    return {
        "ledger": str(path.absolute()),
        "chosen_by": "--db" if session.db else "UCLI_DB" if os.environ.get("UCLI_DB") else _("default"),
        "size": path.stat().st_size if is_there(path) and path.is_file() else None,
        "mode": None if mode is None else f"{mode:04o}",
        "free": free_space(path),
        "schema": None,
        "operations": None,
        "last_operation": None,
        "head": None,
        "backups_folder": str((path.parent / FOLDER).absolute()),
        "backups": None if there is None else len(there),
        "last_backup": there[-1].at if there else None,
        "configuration": ", ".join(f"{it}={os.environ[it]}" for it in _VARIABLES if os.environ.get(it)) or None,
        "ucli": version("ucli"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _backups(path: Path) -> list[Backup] | None:
    """Return the backups beside a ledger; None where no one may look."""
    try:
        return backups_of(path)
    except LedgerError:
        return None


def _warnings(path: Path, facts: dict[str, object]) -> list[tuple[str, str]]:
    """Return what endangers the ledger: a code and a sentence each."""
    found = []
    if exposed := [it for it in files_of(path) if is_open_to_others(it)]:
        names = ", ".join(str(it) for it in exposed[:5]) + (" …" if len(exposed) > 5 else "")
        found.append(
            (
                "readable",
                _("Other users of this machine can read {files}; “chmod go= FILE” closes it.").format(files=names),
            )
        )
    if drafts := [it for folder in (path.parent, path.parent / FOLDER, Path()) for it in drafts_left(folder)]:
        names = ", ".join(dict.fromkeys(str(it.absolute()) for it in drafts))
        text = _("Interrupted commands left temporary files, which may hold personal data: {files}; delete them.")
        found.append(("drafts", text.format(files=names)))
    found += dangers_of(path)
    size, free = facts["size"], facts["free"]
    if isinstance(size, int) and isinstance(free, int) and free < _ROOM * size:
        found.append(("space", _("There is little free space: a backup and an import may fail.")))
    last = facts["last_operation"]
    if isinstance(last, str) and is_still_to_come(last):
        text = _("An operation was recorded at {at}, which is still to come: the clock is wrong, or was then.")
        found.append(("clock", text.format(at=moment_text(last))))
    if facts["operations"] and not facts["backups"]:
        found.append(("backup", _("There is no backup beside the ledger: “ucli backup” makes one.")))
    return found


def _shown(key: str, value: object) -> object:
    if value is not None and key in ("last_operation", "last_backup"):
        return moment_text(str(value))
    # As texts, for one number among them would send all of the column to the right.
    return grouped(value) if isinstance(value, int) else value
