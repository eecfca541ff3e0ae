"""What came of taking a table in: its counts, what is said of its rows, and the table of those that are wrong."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ucli.cli.output import write_file
from ucli.cli.session import tell
from ucli.cli.shared import session_of
from ucli.i18n import _
from ucli.importing.forms import LINE
from ucli.importing.loader import Fault, Outcome
from ucli.importing.readings import Reading, Unread
from ucli.importing.sheets import column_letters
from ucli.importing.templates import EXPLANATION, LISTS, csv_of, workbook_of
from ucli.values.names import fold
from ucli.values.numbers import grouped

_MOST_DOUBTS = 200  # they are in no table of their own
_MOST_FAULTS = 20
_FEW = 10


def counts_of(outcome: Outcome) -> dict[str, int]:
    """Return how many rows were new, changed, unchanged and wrong."""
    wrong = len({fault.line for fault in outcome.faults})
    return {"new": outcome.new, "changed": outcome.changed, "unchanged": outcome.unchanged, "wrong": wrong}


def counts_text(counts: dict[str, int]) -> str:
    """Say the counts."""
    return _("{new} new, {changed} changed, {unchanged} unchanged, {wrong} invalid.").format(
        **{name: grouped(number) for name, number in counts.items()}
    )


def tell_of(outcome: Outcome, unread: Unread, wrong: Path | None) -> None:
    """Say of the rows that are doubtful or wrong why they are, and what of the table was passed over.

    Args:
        outcome: what came of the table.
        unread: what was passed over.
        wrong: where all wrong rows are written, if they are.

    """
    tell_of_layout(unread)
    if unread.lines:
        told = _("Under the table, and not taken for rows (a total, signatures): lines {lines}.")
        tell(told.format(lines=_spans(unread.lines)))
    if unread.between:
        told = _("Not taken for rows (units or numbers of columns, the heading again, names of groups): lines {lines}.")
        tell(told.format(lines=_spans(sorted(unread.between))))
    if unread.hidden:
        told = _("Rows that the sheet hides are read too ({count}).").format(count=grouped(len(unread.hidden)))
        tell(_("Warning: {text}").format(text=f"{told} {_lines(unread.hidden)}"))
    for column, unit in unread.units:
        told = _("The bare numbers in column {column} are read in {unit}.")
        tell(told.format(column=column_letters(column), unit=unit))
    for column in unread.shown:
        told = _("In column {column} numbers are read as their format shows them: 5 triệu, where the cell holds 5.")
        tell(told.format(column=column_letters(column)))
    if unread.parts:
        columns = ", ".join(map(column_letters, unread.parts))
        tell(_("The names are put together from columns {columns}.").format(columns=columns))
    if unread.columns:
        columns = ", ".join(map(column_letters, unread.columns))
        told = _("Columns without a heading are not read: {columns}.").format(columns=columns)
        tell(_("Warning: {text}").format(text=told))
    for doubt, about in outcome.numbers.items():
        tell(_("Warning: {text}").format(text=f"{doubt} {_lines(about)}"))
    _tell_lines(outcome.doubtful, _MOST_DOUBTS)
    _tell_lines(outcome.faults, _MOST_FAULTS)
    if len(outcome.faults) > _MOST_FAULTS and not wrong:
        tell(_("All of them, each with what is wrong with it: --wrong FILE.csv."))


def _tell_lines(lines: Sequence[Fault], most: int) -> None:
    for line, what in lines[:most]:
        tell(_("Line {line}: {what}").format(line=line, what=what))
    if len(lines) > most:
        tell(_("… and {count} more.").format(count=grouped(len(lines) - most)))


def tell_of_layout(unread: Unread) -> None:
    """Say which sheets of a workbook are not read, where none was named, and what is read as the heading."""
    if others := [it for it in unread.sheets[1:] if it not in (_(EXPLANATION), _(LISTS))]:
        told = _("Only the sheet “{name}” is read, and not: {others}. --sheet NAME reads another.")
        names = ", ".join(f"“{it}”" for it in others)
        tell(_("Warning: {text}").format(text=told.format(name=unread.sheets[0], others=names)))
    if unread.heading:
        first, second = unread.heading
        told = _("The heading stands in lines {first} and {second}, read as one; if that is wrong, write one row.")
        tell(told.format(first=first, second=second))


def tell_of_own_periods(lines: Sequence[int]) -> None:
    """Say which lines have another period than --period says."""
    if lines:
        told = _("Rows with a period of their own keep it; --period is only for tables without one. {lines}")
        tell(_("Warning: {text}").format(text=told.format(lines=_lines(lines))))


def tell_of_partly(outcome: Outcome) -> None:
    """Say of which lines of a grid some cells are taken and some are wrong."""
    if outcome.partly:
        told = _(
            "Of these rows only the cells named above are left out, the others are recorded; taking the row in again"
            " counts nothing twice. {lines}"
        )
        tell(told.format(lines=_lines(outcome.partly)))


def tell_of_absent(outcome: Outcome) -> None:
    """Name the members who are in the ledger and not in the table, as lists show them."""
    for it in outcome.absent:
        named = f"{it.name} ({it.id_number})" if it.id_number else it.name
        tell(
            _("In the ledger and not in the table: member {number}, {name}, {unit}.").format(
                number=it.number, name=named, unit=it.union
            )
        )


def write_wrong(ctx: Any, read: Reading, outcome: Outcome, wrong: Path) -> None:
    """Write the rows that cannot be taken, ready to be corrected and taken in on their own."""
    faults: dict[int, str] = {}
    for fault in outcome.faults:
        faults[fault.line] = f"{faults[fault.line]} {fault.what}" if fault.line in faults else fault.what
    rows = list(_with_lines(read.wrong(faults), sorted(faults)))
    content = workbook_of(rows, _("Wrong rows")) if wrong.suffix.lower() == ".xlsx" else csv_of(rows)
    write_file(wrong, content, replace=session_of(ctx).force, personal=True)
    tell(_("The rows that cannot be taken are in {file}.").format(file=wrong))


def _with_lines(rows: Iterable[list[str]], lines: Sequence[int]) -> Iterator[list[str]]:
    """Yield the heading and the wrong rows with what is wrong in front, and on which line of the file they were."""
    heading, *others = rows
    # A table of wrong rows that is wrong again names the lines of its own.
    keep = [place for place, text in enumerate(heading[:-1]) if fold(text) != fold(LINE)]
    for line, row in zip((LINE, *map(str, lines)), (heading, *others), strict=True):
        yield [row[-1], line, *(row[place] for place in keep)]


def _lines(lines: Sequence[int]) -> str:
    """Say which lines are meant; of many the first ones, and how many they are."""
    if len(lines) <= _FEW:
        return _("Lines: {lines}.").format(lines=_spans(lines))
    return _("Lines: {lines} … ({count} in all).").format(lines=_spans(lines[:_FEW]), count=grouped(len(lines)))


def _spans(lines: Sequence[int]) -> str:
    """Write line numbers, those that follow each other as one: 12–14, 20."""
    found: list[list[int]] = []
    for line in lines:
        if found and line == found[-1][-1] + 1:
            found[-1][1:] = [line]
        else:
            found.append([line])
    return ", ".join("–".join(map(str, span)) for span in found)
