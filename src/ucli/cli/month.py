"""A period in one go: the plain commands from the table to fill in to the closing, each run when it can be."""

import re
import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import typer

from ucli.cli.commands import UcliCommand, command
from ucli.cli.opening import reading
from ucli.cli.run import run_other
from ucli.cli.session import can_ask, confirm, current_session, tell, warn
from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import catalogue, periods, units
from ucli.ledger.closing import closed_windows
from ucli.ledger.figures import is_stated_in
from ucli.reports.scope import Tree
from ucli.reports.template_rows import grid_of, left_empty
from ucli.values.names import some_of
from ucli.values.numbers import grouped
from ucli.values.periods import Window
from ucli.values.units import Unit

TEMPLATE, IMPORT, CHECK, REPORT, CLOSE = STEPS = ("template", "import", "check", "report", "close")
_FOUND = 4  # the exit code of a check that found something


class MonthCommand(UcliCommand):
    """A command that runs others, which ask and answer by themselves."""

    shares = ("dry_run", "yes")


@command(MonthCommand)
def month(period: str, unit: str | None = None, folder: Path | None = None, skip: Sequence[str] = ()) -> None:
    """Prints the plain command of each step and runs it; on a terminal it asks before each.

    Steps that are done are skipped, so the same command continues where it stopped. In a script it stops once the table
    to be filled in is written, and closes only with --yes. If the check finds something the period stays open.
    """
    session = current_session()
    if session.held:
        raise UsageError(_("A batch runs plain commands: “ucli month … --dry-run” prints them."))
    with reading() as db:
        found = units.find(db, unit) if unit else None
        window = periods.find_window(db, period, unit=found.id if found else None)
        closed = [(it.window.start, it.window.end) for it in closed_windows(db) if it.unit == (found and found.id)]
    commands = _commands(window, found, folder or Path())
    is_closed = (window.start, window.end) in closed
    failure = 0
    is_waiting = session.dry_run  # from here on commands are only printed
    for step in (it for it in STEPS if it not in skip):
        words = commands[step]
        table = Path(commands[IMPORT][-1])
        if not session.dry_run and ((step == TEMPLATE and table.exists()) or (step == CLOSE and is_closed)):
            tell(_("Done before: {command}").format(command=_line(words)))
            continue
        print(_line(words), flush=True)
        if is_waiting or not _is_to_be_run(step, failure, partial(_tell_of_empty_cells, window, found)):
            continue
        if step == CLOSE and IMPORT not in skip and not _is_told_of(window, found):
            text = _("Not run: no figure of {period} is recorded. With --skip import it is closed anyway.")
            tell(text.format(period=period))
            continue
        code = run_other(words)
        failure = failure or code
        if code and not (step == CHECK and code == _FOUND):
            break
        if step == TEMPLATE:
            is_waiting = not (can_ask() and confirm(_("Is the table filled in and saved?")))
            if is_waiting:
                tell(_("Fill in {file}, then repeat the same command: it continues from there.").format(file=table))
    if failure:
        tell(_("Correct what is named above, then repeat the same command; --skip leaves a step out."))
        raise typer.Exit(failure)


def _commands(window: Window, unit: Unit | None, folder: Path) -> dict[str, list[str]]:
    """Return the words of each step's command."""
    name = re.sub(r"[^\w.-]+", "-", f"{window.code}-{unit.code}" if unit else window.code)
    of = ["--unit", unit.code] if unit else []
    table, document = (folder / f"{it}-{name}" for it in ("so-lieu", "bao-cao"))
    return {
        TEMPLATE: ["template", "figures", "--period", window.code, *of, "-o", f"{table}.xlsx"],
        IMPORT: ["import", "figures", f"{table}.xlsx"],
        CHECK: ["check"],
        REPORT: ["report", "--period", window.code, *of, "-o", f"{document}.docx", "--force"],
        CLOSE: ["close-period", window.code, *of],
    }


def _is_told_of(window: Window, unit: Unit | None) -> bool:
    """Tell whether anything is stated by now inside the period, by the unit or below it."""
    with reading() as db:
        return is_stated_in(db, window, unit)


def _tell_of_empty_cells(window: Window, unit: Unit | None) -> None:
    """Say whose cells of the table are still empty: once the period is closed nothing can be recorded in them."""
    with reading() as db:
        top = unit or units.office(db)
        if not top:
            return
        grid = grid_of(db, Tree(db), top.id, window, catalogue.indicators(db), [])
        empty = left_empty(db, grid, window)
    if empty:
        text = _("{empty} of {cells} cells of the table are still empty: {units}.")
        named = some_of(f"{name} ({grouped(number)})" for name, number in empty.items())
        cells = len(grid.units) * len(grid.indicators)
        warn(text.format(empty=grouped(sum(empty.values())), cells=grouped(cells), units=named))


def _line(words: Sequence[str]) -> str:
    return shlex.join(["ucli", *words])


def _is_to_be_run(step: str, failure: int, before_closing: Callable[[], None]) -> bool:
    """Tell whether a step may run: on a terminal if the answer is yes; closing only if all is in order."""
    if step == CLOSE:
        if failure:
            tell(_("Not run: the check found something."))
            return False
        before_closing()
    if current_session().yes:
        return True
    if can_ask():
        return confirm(_("Run it?"))
    if step == CLOSE:
        tell(_("Not run: a script closes a period only with --yes."))
    return step != CLOSE
