"""Copies of the ledger: making one, listing them, bringing one back."""

from pathlib import Path
from typing import Annotated

import typer

from ucli.cli.app import (
    FileCommand,
    ReadCommand,
    Session,
    can_ask,
    command,
    confirm,
    expanded,
    require_value,
    session_of,
)
from ucli.cli.options import arg
from ucli.cli.output import show
from ucli.cli.places import warn_of_copy
from ucli.cli.session import answer, check_form, log_in, tell, warn
from ucli.errors import LedgerError, RefusedError, UsageError
from ucli.i18n import _, marked
from ucli.ledger.backup import FOLDER, back_up, backups_of, operations_in, place_for, restore
from ucli.ledger.files import is_there, size_of
from ucli.ledger.store import open_ledger
from ucli.render.labels import listed
from ucli.values.members import without_id_number
from ucli.values.numbers import grouped

# Megabytes; a backup of so many takes longer than a moment.
_LARGE = 50
_ERASED = {"membership": marked("member {number}"), "payout": marked("whom payout {number} names")}


def _file(text: str) -> Path:
    return expanded(require_value(text))


@command(FileCommand, "ucli backup", "ucli backup sao-luu.db")
def backup(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        arg(_file, "[FILE]", "Where to, a file or a folder; else the folder “backups” beside the ledger."),
    ] = None,
) -> None:
    """All of the copy is read: pages, references, texts.

    “ucli check” tells whether the records are as they were written.
    """
    session = session_of(ctx)
    check_form(session)
    open_ledger(session.path).close()
    is_folder = file is not None and is_there(file) and file.is_dir()
    to = place_for(session.path, folder=file) if is_folder else file or place_for(session.path)
    if (megabytes := session.path.stat().st_size // 10**6) >= _LARGE:
        tell(_("Copying {size} MB, then reading all of the copy …").format(size=grouped(megabytes)))
    foreign = back_up(session.path, to, replace=session.force)
    done = (
        _("The ledger was backed up to {file}, with what is wrong in it.")
        if foreign
        else _("The ledger was backed up to {file}; the copy was read and is whole.")
    )
    tell(done.format(file=to))
    warn_of_copy(to)
    _warn_of({"foreign": foreign})
    answer(ctx, {"file": str(to), "size": to.stat().st_size, "doubts": {"foreign": foreign}})


@command(FileCommand, "ucli restore sao-luu.db --yes")
def restore_(
    ctx: typer.Context,
    file: Annotated[Path, arg(_file, "FILE", "A backup: a file, or its name in “backups”.")],
) -> None:
    session = session_of(ctx)
    check_form(session)
    if session.held:
        raise UsageError(_("A batch cannot restore."), instead=_("Run “ucli restore” on its own."))
    beside = session.path.parent / FOLDER / file.name
    source = beside if not is_there(file) and file.name == str(file) and is_there(beside) else file
    if not is_there(source):
        raise LedgerError(
            _("There is no backup {file}.").format(file=source), instead=_("“ucli backups” lists the backups.")
        )
    _confirm(session)
    done = restore(session.path, source, lambda db, kept: log_in(ctx, db, _log_line(source, kept)))
    tell(
        _("The ledger is again what {file} holds; operations in it: {count}.").format(
            file=source, count=grouped(done.operations)
        )
    )
    _warn_of(done.doubts)
    if done.kept and done.whole:
        tell(
            _("What stood there is kept in {file}; “ucli restore {name} --yes” brings it back.").format(
                file=done.kept, name=done.kept.name
            )
        )
    elif done.kept:
        tell(_("The damaged ledger is kept as {file}.").format(file=done.kept))
    if done.erased:
        named = ", ".join(_(_ERASED[register]).format(number=number) for register, number in done.erased)
        text = _("Erased since that backup was made, and in the ledger again: {persons}; erase them again.")
        warn(text.format(persons=named))
    answer(
        ctx,
        {
            "restored": str(source),
            "operations": done.operations,
            "kept": str(done.kept) if done.kept else None,
            "operation": done.number,
            "doubts": done.doubts,
            "erased_since": [{"register": register, "number": of} for register, of in done.erased],
        },
    )


@command(ReadCommand, "ucli backups", "ucli backups --format json")
def backups(ctx: typer.Context) -> None:
    path = session_of(ctx).path
    records: list[dict[str, object]] = [
        {
            "file": it.path.name,
            "at": it.at,
            "made": it.made,
            "size": size_of(it.path),
            "operations": operations_in(it.path),
        }
        for it in reversed(backups_of(path))
    ]
    show(ctx, listed(records, ["file", "at", "made", "size", "operations"]))


def _confirm(session: Session) -> None:
    """Ask before the ledger is replaced.

    Raises:
        RefusedError: no one can be asked, or the answer is no.

    """
    if session.yes:
        return
    if not (can_ask() and confirm(_("Replace the ledger {path}?").format(path=session.path))):
        raise RefusedError(
            _("The ledger would be replaced by the backup."), instead=_("Repeat the command with --yes.")
        )


def _log_line(source: Path, kept: Path | None) -> str:
    """Say in the log of what was brought back where it came from: names of files, not where they lie."""
    # A name of bytes that are no letters cannot be stored.
    name, before = (it.name.encode("utf-8", "replace").decode() if it else "" for it in (source, kept))
    name = without_id_number(name)
    if kept:
        return _("The ledger was restored from {file}; what stood there is kept as {kept}.").format(
            file=name, kept=before
        )
    return _("The ledger was restored from {file}.").format(file=name)


def _warn_of(found: dict[str, int | None]) -> None:
    """Say what in a copy of a ledger is not as ucli wrote it."""
    said = []
    if found.get("operation") is not None:
        what = _("Operation {number}, or what it wrote, was changed outside ucli; “ucli log {number}” shows it.")
        said.append(what.format(number=found["operation"]))
    if found.get("persons"):
        what = _("Persons whose data were changed outside ucli: {count}; “ucli check” names them.")
        said.append(what.format(count=found["persons"]))
    if found["foreign"]:
        what = _("Changed by another program in the file itself: {count}; “ucli check” names them.")
        said.append(what.format(count=found["foreign"]))
    for it in said:
        warn(it)
