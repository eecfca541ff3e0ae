"""What every call is given: the options that all commands share, and how a value that was forgotten is refused.

This and the table of commands is all that the help of ucli needs; nothing here knows the ledger.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ucli.errors import UsageError
from ucli.language import _, marked

if TYPE_CHECKING:
    from ucli.cli.session import Held


class Session:
    """The options that every command shares; attributes bear the options' names.

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
            return expanded(named)
        data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
        return Path(data) / "ucli" / "ucli.db"


def session_of(ctx: Any) -> Session:
    session: Session = ctx.find_root().ensure_object(Session)
    return session


def expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UsageError(
            _("There is no home folder for {path}.").format(path=path), instead=_("Write the path out in full.")
        ) from None


def not_swallowed(value: str) -> str:
    """Refuse what an unset shell variable or a swallowed option leaves where a value is due."""
    if not value.strip() or value.startswith("-"):
        raise typer.BadParameter(marked("A value is due here, and none was given."))
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise typer.BadParameter(marked("This is not text in UTF-8."))
    return value
