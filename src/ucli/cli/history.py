"""The log, undo and redo."""

import sqlite3
from datetime import date

from ucli.cli.app import no_such_command
from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.index import COMMANDS
from ucli.cli.opening import reading, writing
from ucli.cli.output import form_asked, show, show_text
from ucli.cli.session import can_ask, confirm, current_session, tell
from ucli.errors import LedgerError, RefusedError, UsageError
from ucli.i18n import _, marked
from ucli.ledger import catalogue, chain, units
from ucli.ledger import undo as undoing
from ucli.ledger.closing import Closing, closed_again
from ucli.ledger.operations import unknown_operation
from ucli.render.history import operation_sheet
from ucli.render.labels import listed
from ucli.reports import history
from ucli.reports.rows import Rows
from ucli.values.periods import between

_BACK_BY_REDO = marked("{what} Operation {number}; redo it with “ucli redo {reversed}”.")
_BACK_BY_UNDO = marked("{what} Operation {number}; undo it with “ucli undo {reversed}”.")


def _command_name(text: str) -> str:
    if text not in COMMANDS:
        raise no_such_command(text)
    return text


@command(WriteCommand)
def undo(number: int | None = None) -> None:
    _reverse(number, _("Operation {number} was undone."), _BACK_BY_REDO)


@command(WriteCommand)
def redo(number: int | None = None) -> None:
    _reverse(number, _("Operation {number} was redone."), _BACK_BY_UNDO, redo=True)


@command(ReadCommand)
def log(
    number: int | None = None,
    who: str | None = None,
    since: date | None = None,
    until: date | None = None,
    command: str | None = None,
    unit: str | None = None,
    head: bool = False,
) -> None:
    if head:
        if any(it is not None for it in (number, who, since, until, command, unit)):
            raise UsageError(
                _("--head cannot be combined with an operation or a filter."),
                instead=_("Type “ucli log --head” by itself."),
            )
        _show_head()
        return
    if since and until:
        between("..", since, until)
    with reading() as db:
        root = units.find(db, unit).id if unit else None
        records = history.operations(db, history.HistoryAsked(number, who, since, until, command, root))
        if number is None:
            show(listed(records, ["operation", "at", "actor", "command", "summary", "note", "undone"]))
            return
        if not records:
            raise unknown_operation(number)
        changes = list(Rows(db).of_operation(number))
        names = catalogue.names(db)
    show(operation_sheet(records[0], changes, names))


def _show_head() -> None:
    with reading() as db:
        end = chain.head(db)
    if end is None:
        raise LedgerError(
            _("The last operation has no hash: the log was changed outside ucli."),
            instead=_("“ucli check” lists everything that was changed."),
        )
    if form_asked() in ("table", "plain"):
        show_text(f"{end}\n")  # in the form that “check --head” takes
    else:
        show(listed([{"operation": end.number, "sha256": end.sha256}], ["operation", "sha256"]))


def _require_unchanged(db: sqlite3.Connection, closed: list[Closing]) -> None:
    """Refuse to restore the closing of a period whose records or report have changed since."""
    from ucli.cli.closing import changes_of  # noqa: PLC0415  counts a report, and few redos need it

    for it in closed:
        inside, _earlier, lines = changes_of(db, it)
        if inside or lines:
            numbers = sorted({number for change in (*inside, *lines) for number in change.operations})
            raise RefusedError(
                _("The figures of {period} no longer match the submitted report.").format(period=it.told(db)),
                why=_("Changed by operation {numbers}.").format(numbers=", ".join(map(str, numbers)))
                if numbers
                else None,
                instead=_("Close it again: ucli close-period {typed}.").format(typed=it.typed(db)),
            )


def _reverse(asked: int | None, sentence: str, back: str, *, redo: bool = False) -> None:
    session = current_session()
    with writing() as (op, say):
        reversed_ = undoing.target_of(op, asked, redo=redo)
        if not redo and (told := undoing.told_of_others(op, reversed_)):
            tell(told)
            if can_ask() and not (session.yes or session.dry_run) and not confirm(_("Undo it?")):
                raise RefusedError(_("Operation {number} was not undone.").format(number=reversed_))
        undoing.reverse(op, reversed_)
        if brought_back := closed_again(op.db, op.number):
            from ucli.ledger.recording import require_rules  # noqa: PLC0415  what only reads does without

            require_rules(op)  # contradictory records cannot be counted
            _require_unchanged(op.db, brought_back)
        # The log names the command; here its effect is enough.
        say.what = f"{sentence.format(number=reversed_)} {op.summary.partition(' — ')[2]}"
        say.done = _(back).replace("{reversed}", str(reversed_))
        say.created = {"reversed": reversed_}
