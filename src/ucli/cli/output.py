"""Where an answer goes: to standard output, or into a file, with the letterhead of a document."""

import errno
import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ucli.cli.index import COMMANDS
from ucli.cli.opening import reading
from ucli.cli.options import LetterRequest
from ucli.cli.session import context, current_session, expanded, tell
from ucli.errors import RefusedError, RejectedError, UsageError
from ucli.i18n import _, refusal
from ucli.ledger.files import draft_of, there_already, writes
from ucli.ledger.settings import letterhead as kept_letterhead
from ucli.ledger.store import is_database, is_part_of_database
from ucli.render import OF_SUFFIX, Sheet, form_named, form_of, rendered
from ucli.reports.letterhead import letterhead_of
from ucli.values.units import Unit


def show(
    sheet: Sheet,
    *,
    personal: bool = False,
    about: Unit | None = None,
    day: date | None = None,
    letter: LetterRequest | None = None,
) -> None:
    """Print a sheet, or write it to a file, which only its owner may read if it is `personal`.

    A document is about a unit, else by the office, with the names of a day, else of today.
    """
    form, typed = form_asked(), {key: it for key, it in (letter or LetterRequest())._asdict().items() if it}
    title = COMMANDS[context().info_name].title
    is_list = title.startswith(("List", "Log"))
    if form_named(form).is_handed_in:
        if "template" in typed:
            typed["template"] = _template(typed["template"], form)
        with reading() as db:
            whose = letterhead_of(db, about, day or date.today(), subject=_(title), is_list=is_list)  # noqa: DTZ011
            sheet.letterhead = whose._replace(**{**kept_letterhead(db), **typed})
    elif typed:
        raise UsageError(
            _("Only a document has a letterhead."), instead=_("Name a file that ends in .docx, .xlsx or .html.")
        )
    show_text(rendered(sheet, form), personal=personal, what=sheet.title or _(title))


def _template(typed: str, form: str) -> Path:
    template = expanded(typed)
    if not template.is_file() or template.suffix.lower() != f".{form}" or form == "xlsx":
        raise UsageError(
            _("“{file}” is not a template for a {form}.").format(file=typed, form=form),
            instead=_("Name a .docx for a document, a .html for a page."),
        )
    return template


def form_asked() -> str:
    """Return the format: that of --format, else of the file's suffix, else the one for the stream."""
    session = current_session()
    output = Path(session.output) if session.output else None
    return form_of(session.format, output, terminal=sys.stdout.isatty() and output is None, excel=session.excel)


def show_text(content: str | Iterable[str | bytes], *, personal: bool = False, what: str = "") -> None:
    """Print rendered pieces, or write them to a file."""
    session = current_session()
    if session.output:
        write_file(expanded(session.output), content, replace=session.force, personal=personal)
        tell(_("Written to {file}: {what}.").format(file=session.output, what=what or _("the answer")))
        return
    try:
        for piece in [content] if isinstance(content, str) else content:
            if isinstance(piece, bytes):
                sys.stdout.buffer.write(piece)
            else:
                sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RejectedError(_("The answer cannot be printed."), why=refusal(error)) from error


def check_output() -> None:
    """Refuse a wrong format, or a file that must not be written, before the ledger is opened or logs anything."""
    session = current_session()
    # A name too long for the system is no folder; Path would raise.
    if session.output and (session.output.endswith("/") or os.path.isdir(expanded(session.output))):  # noqa: PTH112
        raise _a_folder(session.output)
    form = form_asked()
    if form == "prose" and context().info_name != "report":
        raise UsageError(
            _("Only a report can be written as prose."),
            instead=_("Use “ucli report -f prose”, or choose another format."),
        )
    is_binary = form_named(form).is_binary
    if is_binary and not session.output and sys.stdout.isatty():
        raise UsageError(
            _("A terminal cannot show {form}.").format(form=form), instead=_("Add -o FILE.{form}.").format(form=form)
        )
    named = OF_SUFFIX.get(Path(session.output or "").suffix.lower(), form)
    if named != form and (is_binary or form_named(named).is_binary):
        raise UsageError(
            _("{file} would contain {form}, which its suffix contradicts.").format(file=session.output, form=form),
            instead=_("Leave --format out, or give the file the suffix of its format."),
        )
    if session.output:
        check_place(expanded(session.output), replace=session.force)


def check_place(output: Path, *, replace: bool) -> None:
    """Refuse a file that must not be written, before anything else is done."""
    with writes(output, RejectedError):
        _require_place(output, replace=replace)


def write_file(output: Path, content: str | bytes | Iterable[str | bytes], *, replace: bool, personal: bool) -> None:
    """Write a file whole or not at all; only its owner may read one with personal data."""
    pieces = [content] if isinstance(content, str | bytes) else content
    data = (it if isinstance(it, bytes) else it.encode("utf-8") for it in pieces)
    with writes(output, RejectedError):
        _require_place(output, replace=replace)
        if output.exists() and not output.is_file():
            with output.open("wb") as device:
                device.writelines(data)
            return
        with draft_of(output) as draft:
            with draft.open("wb") as file:
                file.writelines(data)
            if not personal:
                mask = os.umask(0o077)  # the umask can only be read by setting it
                os.umask(mask)
                draft.chmod(0o666 & ~mask)
            draft.replace(output)


def _require_place(output: Path, *, replace: bool) -> None:
    """Refuse to write to a folder, an existing file, a ledger, or into a missing folder.

    A device such as /dev/null is written to, never replaced; a link is replaced, and its target stays.
    """
    if output.is_dir():
        raise _a_folder(output)
    if is_part_of_database(output):
        raise RefusedError(_("{file} is a part of a ledger.").format(file=output), instead=_("Name another file."))
    if not os.path.lexists(output):
        (output.parent / "..").stat()  # raises if the folder is missing or none
    elif (output.is_file() or not output.exists()) and not replace:
        raise there_already(output)
    elif output.is_file():
        if not os.access(output, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))  # a link to a ledger
        if is_database(output):
            raise RefusedError(
                _("{file} is a ledger or another database.").format(file=output), instead=_("Name another file.")
            )


def _a_folder(named: object) -> RejectedError:
    return RejectedError(_("{file} is a folder.").format(file=named), instead=_("Name a file in it."))
