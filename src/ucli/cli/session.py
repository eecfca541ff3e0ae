"""One call of ucli: the options that all commands share, what is asked on the terminal, and what is said there."""

import os
import sys
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ucli.errors import RejectedError, UcliError, UsageError
from ucli.i18n import _
from ucli.sanitize import sanitize

if TYPE_CHECKING:
    from ucli.cli.batch import Held


class Session:
    """The options that every command shares; attributes have the options' names.

    A plain class: making a dataclass costs every call more than reading its options.
    """

    debug: bool = False
    note: str | None = None
    actor: str | None = None
    dry_run: bool = False
    yes: bool = False
    json: str | None = None
    format: str | None = None
    output: str | None = None
    force: bool = False
    excel: bool = False

    def __init__(self, db: str | None = None, lang: str | None = None, held: "Held | None" = None) -> None:
        self.db = db
        self.lang = lang
        self.held = held

    @cached_property
    def path(self) -> Path:
        """Where the ledger is: --db, UCLI_DB, the data folder."""
        named = self.db or os.environ.get("UCLI_DB")
        if not named:
            data = os.environ.get("XDG_DATA_HOME") or ""
            # The XDG standard ignores relative paths.
            return expanded(data if Path(data).is_absolute() else "~/.local/share") / "ucli" / "ucli.db"
        path = expanded(named)
        # SQLite's log and the backups lie beside the file itself, not beside a link to it.
        is_link = os.path.islink(path) and os.path.isfile(path)  # noqa: PTH113, PTH114  which never fail
        return Path(os.path.realpath(path)) if is_link else path


def session_of(ctx: Any) -> Session:
    session: Session = ctx.find_root().ensure_object(Session)
    return session


def context() -> Any:
    """Return the context of the running command."""
    # Private, but there is no public way.
    from typer._click.globals import get_current_context  # noqa: PLC0415

    return get_current_context()


def current_session() -> Session:
    return session_of(context())


def expanded(path: str) -> Path:
    try:  # Excel's lock files begin with ~$
        return Path(path) if path.startswith("~$") else Path(path).expanduser()
    except RuntimeError:
        # As in a container or a system service: no HOME, and no user of that id.
        raise UsageError(
            _("There is no home folder for {path}.").format(path=path),
            instead=_("Write the path in full; the ledger's with --db PATH or in UCLI_DB."),
        ) from None


# What is asked


def can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, *, hidden: bool = False, default: str | None = None) -> str:
    """Ask on the terminal."""
    return str(typer.prompt(question, hide_input=hidden, default=default, show_default=bool(default), err=True))


def confirm(question: str) -> bool:
    """Ask a yes-or-no question on the terminal."""
    return typer.confirm(question, err=True)


def accept(doubt: str | None, error: type[UcliError] = RejectedError) -> None:
    """Ask about a doubt before recording; --yes confirms it."""
    if doubt is None or current_session().yes:
        return
    if can_ask() and confirm(doubt + " " + _("Record it as it is?")):
        return
    raise error(doubt, instead=_("If this is right, repeat the command with --yes."))


# What is said, on the standard error stream but for what machines read


def answer(created: dict[str, object]) -> None:
    """Print the created object with --format json; it is safe by now, so an error in printing is no failure."""
    if current_session().json:
        from ucli.render.as_json import dumped  # noqa: PLC0415  only when asked for

        with suppress(OSError):
            print(dumped(created), flush=True)


def tell(line: str) -> None:
    """Print a message on standard error."""
    with suppress(OSError):
        print(sanitize(line), file=sys.stderr, flush=True)


def warn(text: str) -> None:
    """Print a warning."""
    tell(_("Warning: {text}").format(text=text))
