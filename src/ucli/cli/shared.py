"""What every call is given: the options that all commands share, and how a value that was forgotten is refused.

This and the table of commands is all that the help of ucli needs; nothing here knows the ledger.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ucli.errors import RefusedError, UsageError
from ucli.i18n import _, marked

if TYPE_CHECKING:
    from ucli.cli.session import Held


class Session:
    """The options that every command shares; attributes have the options' names.

    A plain class: making a dataclass costs every call more than reading its options.
    """

    def __init__(self, db: str | None = None, lang: str | None = None, held: "Held | None" = None) -> None:
        self.db = db
        self.lang = lang
        self.held = held

    debug: bool = False
    note: str | None = None
    actor: str | None = None
    dry_run: bool = False
    yes: bool = False
    format: str | None = None
    output: str | None = None
    force: bool = False
    excel: bool = False

    @property
    def path(self) -> Path:
        """Where the ledger is: --db, UCLI_DB, the data folder."""
        if named := self.db or os.environ.get("UCLI_DB"):
            path = expanded(named)
            # What lies beside a ledger, its log and its backups, lies beside the file and not beside a link to it.
            return Path(os.path.realpath(path)) if _leads_to_a_file(path) else path
        data = Path(os.environ.get("XDG_DATA_HOME") or "")
        # The standard has a path that is none from the root ignored.
        return (data if data.is_absolute() else _home() / ".local" / "share") / "ucli" / "ucli.db"


def session_of(ctx: Any) -> Session:
    session: Session = ctx.find_root().ensure_object(Session)
    return session


def _leads_to_a_file(path: Path) -> bool:
    try:
        return path.is_symlink() and path.is_file()
    except (OSError, ValueError):
        return False


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        # As in a container, or a service of the system: no HOME, and no user of that number.
        raise UsageError(
            _("There is no home folder to keep a ledger in."),
            instead=_("Name the ledger with --db PATH or UCLI_DB."),
        ) from None


def require_clock() -> None:
    """Refuse to work by a clock that shows no date at all: every operation is dated."""
    from datetime import date  # noqa: PLC0415  help does without

    try:
        date.today()  # noqa: DTZ011
    except (OverflowError, ValueError, OSError):
        raise RefusedError(
            _("This machine's clock shows an impossible date."), instead=_("Set the clock, then try again.")
        ) from None


def expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UsageError(
            _("There is no home folder for {path}.").format(path=path), instead=_("Write the path out in full.")
        ) from None


def remark(value: str) -> str:
    """Read what an officer adds in words, or the number of a paper: as typed, without anybody's ID number."""
    from ucli.values.members import refuse_id_number  # noqa: PLC0415  the help of ucli needs no rules

    return refuse_id_number(short(value))


def short(value: str) -> str:
    """Read a text of a length that can be read again."""
    from ucli.values.texts import remark_of  # noqa: PLC0415  help does without

    return remark_of(require_value(value))


def require_value(value: str) -> str:
    """Refuse what an unset shell variable or a swallowed option leaves where a value is due."""
    if not value.strip() or value.startswith("-"):
        raise typer.BadParameter(marked("A value is due here, and none was given."))
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise typer.BadParameter(marked("This is not text in UTF-8."))
    return value
