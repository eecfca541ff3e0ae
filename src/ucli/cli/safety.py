"""The ledger's file: backup, restore, its place, health and risks."""

import platform
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ucli.cli.commands import FileCommand, ReadCommand, command
from ucli.cli.opening import log_in
from ucli.cli.output import form_asked, show
from ucli.cli.session import answer, can_ask, confirm, current_session, tell, warn
from ucli.errors import LedgerError, RefusedError, UsageError
from ucli.exchange.signing import PROGRAM
from ucli.i18n import _, marked
from ucli.ledger import files
from ucli.ledger.backup import back_up, backups_of, operations_in, place_for, restore, state_of
from ucli.ledger.store import open_ledger
from ucli.render import Column, Sheet
from ucli.render.labels import label, listed
from ucli.values.dates import moment_text
from ucli.values.members import without_id_number
from ucli.values.names import some_of
from ucli.values.numbers import first_lines, grouped, size_text

_MOST_DOUBTS = 5
_ERASED = {"membership": marked("member {number}"), "payout": marked("person named by payout {number}")}


@command(FileCommand)
def backup(file: Path | None = None) -> None:
    """The whole copy is read back: pages, references, texts.

    “ucli check” tells whether the records are as they were written.
    """
    session = current_session()
    open_ledger(session.path).close()
    is_folder = file is not None and files.is_there(file) and file.is_dir()
    to = place_for(session.path, folder=file) if is_folder else file or place_for(session.path)
    doubts = back_up(session.path, to)
    done = (
        _("The ledger was backed up to {file}, with its errors.")
        if doubts
        else _("The ledger was backed up to {file}; the copy was verified.")
    )
    tell(done.format(file=to))
    if program := files.synced_by(to):
        text = _("The backup is in a folder of {program}, which copies it elsewhere, personal data included.")
        warn(text.format(program=program))
    _warn_of(doubts)
    head = state_of(to)["head"]
    answer({"file": str(to), "size": files.size_of(to), "head": head, "doubts": doubts})


@command(FileCommand)
def restore_(file: Path) -> None:
    session = current_session()
    if session.held:
        raise UsageError(_("A batch cannot restore."), instead=_("Run “ucli restore” on its own."))
    source = _backup_named(session.path, file)
    may_replace = session.yes or not files.is_there(session.path)
    if not may_replace and not (can_ask() and confirm(_("Replace the ledger {path}?").format(path=session.path))):
        raise RefusedError(
            _("The ledger would be replaced by the backup."), instead=_("Repeat the command with --yes.")
        )
    done = restore(session.path, source, lambda db, kept: log_in(db, _log_line(source, kept)))
    text = _("The ledger was restored from {file}; operations in it: {count}.")
    tell(text.format(file=source, count=grouped(done.operations)))
    _warn_of(done.doubts)
    if done.kept and done.whole:
        text = _("The previous ledger is kept in {file}; “ucli restore {name} --yes” restores it.")
        tell(text.format(file=done.kept, name=done.kept.name))
    elif done.kept:
        tell(_("The damaged ledger is kept as {file}.").format(file=done.kept))
    if done.erased:
        named = ", ".join(_(_ERASED[register]).format(number=number) for register, number in done.erased)
        text = _("Erased since that backup was made, and now in the ledger again: {persons}; erase them again.")
        warn(text.format(persons=named))
    answer(
        {
            "restored": str(source),
            "operations": done.operations,
            "kept": str(done.kept) if done.kept else None,
            "operation": done.number,
            "doubts": done.doubts,
            "erased_since": [{"register": register, "number": of} for register, of in done.erased],
        }
    )


def _backup_named(ledger: Path, file: Path) -> Path:
    """Return a backup: a file, or the name of one beside the ledger."""
    beside = ledger.parent / files.FOLDER / file.name
    source = beside if not files.is_there(file) and file.name == str(file) and files.is_there(beside) else file
    if not files.is_there(source):
        raise LedgerError(
            _("There is no backup {file}.").format(file=source), instead=_("“ucli backups” lists the backups.")
        )
    return source


def _log_line(source: Path, kept: Path | None) -> str:
    """Return the log's line for a restore: names of files, without their folders."""
    # A name that is not valid text cannot be stored.
    name, before = (it.name.encode("utf-8", "replace").decode() if it else "" for it in (source, kept))
    name = without_id_number(name)
    said = _("The ledger was restored from {file}; the previous one is kept as {kept}.")
    return (said if kept else _("The ledger was restored from {file}.")).format(file=name, kept=before)


def _warn_of(doubts: list[str]) -> None:
    """Warn about what in a copy is not as ucli wrote it."""
    for text in first_lines(doubts, _MOST_DOUBTS):
        warn(text)


@command(ReadCommand)
def backups() -> None:
    columns = ["file", "at", "made", "size", "operations"]
    records: list[dict[str, object]] = [
        dict(zip(columns, (it.path.name, it.at, it.made, files.size_of(it.path), operations_in(it.path)), strict=True))
        for it in reversed(backups_of(current_session().path))
    ]
    show(listed(records, columns))


# With free space below this many times the ledger's size a backup or an import may fail.
_ROOM = 3


@command(ReadCommand)
def doctor() -> None:
    """Nothing is changed. Where the ledger cannot be opened the exit code is 7."""
    path, made = current_session().path, None
    mode = files.mode_of(path)
    with suppress(LedgerError):  # the folder cannot be read
        made = backups_of(path)
    facts: dict[str, Any] = {
        "ledger": str(path.absolute()),
        "size": files.size_of(path) if files.is_there(path) and path.is_file() else None,
        "mode": None if mode is None else f"{mode:04o}",
        "free": files.free_space(path),
        **dict.fromkeys(("schema", "operations", "last_operation", "head")),
        "backups_folder": str((path.parent / files.FOLDER).absolute()),
        "backups": None if made is None else len(made),
        "last_backup": made[-1].at if made else None,
        "ucli": version("ucli"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "signing": shutil.which(PROGRAM),
    }
    fault = None
    try:
        facts |= state_of(path)
    except LedgerError as error:
        fault = error
    warnings = [{"code": code, "text": text} for code, text in _dangers(path, facts)]
    document = {"schema": "ucli.doctor/1", "facts": facts, "warnings": warnings}
    # As texts, for a number among them would align the whole column right.
    shown = {key: grouped(it) if isinstance(it, int) else it for key, it in facts.items()}
    shown |= {key: moment_text(facts[key]) for key in ("last_operation", "last_backup") if facts[key]}
    shown |= {key: size_text(facts[key]) for key in ("size", "free") if facts[key] is not None}
    if form_asked() == "table" and facts["head"]:  # shortened to fit; “ucli log --head” prints it whole
        shown["head"] = f"{facts['head'][: facts['head'].index(':') + 17]}…"
    rows: list[list[object]] = [[label("state", key), value] for key, value in shown.items()]
    records: list[dict[str, object]] = [{"item": key, "value": value} for key, value in facts.items()]
    show(Sheet([Column(_("Item")), Column(_("State"))], rows, records, ["item", "value"], document=document))
    for it in warnings:
        warn(it["text"])
    if fault:
        raise fault


def _dangers(path: Path, facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the risks to the ledger, each a code and a sentence."""
    if exposed := [str(it) for it in files.files_of(path) if files.is_open_to_others(it)]:
        text = _("Other users of this machine can read {files}; “chmod go= FILE” closes it.")
        yield "readable", text.format(files=some_of(exposed, 5))
    folders = (path.parent, path.parent / files.FOLDER, Path())
    if drafts := [str(it.absolute()) for folder in folders for it in files.drafts_left(folder)]:
        text = _("Interrupted commands left temporary files, which may hold personal data: {files}; delete them.")
        yield "drafts", text.format(files=", ".join(dict.fromkeys(drafts)))
    if synced := _synced(path):
        yield "synced", synced
    if facts["free"] is not None and facts["free"] < _ROOM * (facts["size"] or 0):
        yield "space", _("There is little free space: a backup and an import may fail.")
    if facts["operations"] and not facts["backups"]:
        yield "backup", _("There is no backup beside the ledger: “ucli backup” makes one.")


def _synced(path: Path) -> str | None:
    text = _("The ledger is in a folder of {program}, which copies it elsewhere and can damage it; move it.")
    program = files.synced_by(path)
    return text.format(program=program) if program else None


def warnings_of_place(path: Path) -> list[str]:
    """Return what endangers a ledger that was made there just now."""
    return [*filter(None, (_synced(path),))]
