"""Tables on a terminal: fitted to its width, with light rules; cards if even one row is too wide."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style

from ucli.i18n import _
from ucli.render import Sheet
from ucli.render.cells import NOTHING, Attained, sides_of, status_code, text_of
from ucli.render.tables import Fitted, HeadingSpan, LaidOut, fitted, shown, wrapped

# Colour repeats what words say.
_COLOURS = {"exceeded": "green", "met": "green", "unmet": "red", "behind": "red", "undecided": "yellow"}
_CELLS_OF_BAR = 12
_MOST_LINES, _MOST_LINES_OF_REPORT = 8, 2  # lines of a row; beyond that cards read better
_LEAST_WIDTH = 60  # columns of a terminal: below the first cards, below the second rows may take several lines

# Between columns: a light rule if there is room, else two spaces.
_PARTED, _RULED = "  ", " │ "


def render(sheet: Sheet, form: str) -> Iterator[str]:
    if os.environ.get("TERM") == "dumb":
        from ucli.render.as_text import render as render_text  # noqa: PLC0415  only there

        yield from render_text(sheet, "plain")
        return
    width, page = shutil.get_terminal_size().columns, shown(sheet, form)
    for line in filter(None, [page.title, *page.lead]):
        yield from _said(line, width)
    if not (page.rows or sheet.tables or page.notes):
        yield from _said(_("There is nothing to show."), width)
        return
    for table in page.tables:
        if table.above:
            yield from _said(" ".join(table.above), width)
        most, gaps = _MOST_LINES_OF_REPORT if sheet.tables else _MOST_LINES, (len(_RULED), len(_PARTED))
        if width < _LEAST_WIDTH:
            most = 0 if sheet.tables else 1
        parts = fitted(table, width, gaps=gaps, most=most, beside=_bars(table), measure=cell_len)
        for number, part in enumerate(parts):
            yield "\n" if number else ""
            yield from (f"{line.rstrip()}\n" for line in _lines(part))
        yield from () if parts else _cards(table, width)
    for note in page.notes:
        yield from _said(note, width)


def _said(text: str, width: int) -> Iterator[str]:
    return (f"{line}\n" for line in wrapped(text, width, cell_len))


def _styled(text: str, style: str) -> str:
    is_coloured = style and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return Style.parse(style).render(text, color_system=ColorSystem.STANDARD) if is_coloured else text


def _bars(table: LaidOut) -> dict[int, int]:
    """Return the room for bars beside the first column of percentages; a cross table has none."""
    for place in range(len(table.columns)) if not table.spans else ():
        if any(isinstance(row[place], Attained) for row in table.rows):
            return {place: _CELLS_OF_BAR + 1}
    return {}


def _lines(part: Fitted) -> Iterator[str]:
    """Yield the lines of a table: headings, a rule, rows, and totals under a rule."""
    table, gap = part.table, _RULED if part.gap == len(_RULED) else _PARTED
    columns = list(zip(part.widths, table.sides, strict=True))
    headings = table.full_headings
    spans = table.spans
    if any(it.columns > 1 for it in spans):
        ends = list(accumulate(it.columns for it in spans))
        spaces = [part.widths[end - it.columns : end] for end, it in zip(ends, spans, strict=True)]
        over = [(sum(it) + len(gap) * (len(it) - 1), "left") for it in spaces]
        yield from _headings([it.text for it in spans], over, gap)
        headings = table.headings
    yield from _headings(headings, columns, gap)
    rule = gap.replace(" ", "─").replace("│", "┼").join("─" * it for it in part.widths)
    yield rule
    was_total = True
    for row, is_total in table.lines:
        if is_total and not was_total:
            yield rule
        was_total = is_total
        yield from _row(row, columns, gap, is_total=is_total)


def _headings(texts: Sequence[str], columns: Sequence[tuple[int, str]], gap: str) -> Iterator[str]:
    """Yield headings, wrapped at words, bottom-aligned on the rule below."""
    cells = [wrapped(text, width, cell_len) for text, (width, _side) in zip(texts, columns, strict=True)]
    height = max(map(len, cells))
    for line in zip(*([*[""] * (height - len(it)), *it] for it in cells), strict=True):
        yield gap.join(_aligned(text, *column) for text, column in zip(line, columns, strict=True))


def _row(row: Sequence[object], columns: Sequence[tuple[int, str]], gap: str, *, is_total: bool) -> Iterator[str]:
    """Yield the lines of a row: texts wrap at words, numbers never."""
    cells, styles = [], []
    for value, (width, side) in zip(row, columns, strict=True):
        text = text_of(value)
        if isinstance(value, Attained) and width > cell_len(text) + _CELLS_OF_BAR:
            text = f"{text} {_bar(value)}"
        cells.append([text] if side == "right" else wrapped(text, width, cell_len))
        styles.append(" ".join(filter(None, ["bold" if is_total else "", _COLOURS.get(status_code(value), "")])))
    for number in range(max(map(len, cells))):
        line = [it[number] if number < len(it) else "" for it in cells]
        yield gap.join(
            _aligned(text, *column, style) for text, column, style in zip(line, columns, styles, strict=True)
        )


def _aligned(text: str, width: int, side: str, style: str = "") -> str:
    space = " " * (width - cell_len(text))
    return f"{space}{_styled(text, style)}" if side == "right" else f"{_styled(text, style)}{space}"


def _bar(attained: Attained) -> str:
    """Draw the bar of a percentage, full from 100% on."""
    reached = min(max(int(attained.number * _CELLS_OF_BAR / 100), 0), _CELLS_OF_BAR)
    return "█" * reached + "░" * (_CELLS_OF_BAR - reached)


def _cards(table: LaidOut, width: int) -> Iterator[str]:
    """Yield each row as a card: its first cell, then the others with their headings, as many to a line as fit."""
    [side] = sides_of([row[:1] for row in table.rows], 1)
    first, *others = table.spans or [HeadingSpan("", len(table.headings))]
    for row in table.rows:
        title = f"{table.headings[0]} {text_of(row[0])}" if side == "right" else text_of(row[0])
        yield from (f"{_styled(line, 'bold')}\n" for line in wrapped(title, width, cell_len))
        end = 1
        for title, count in [HeadingSpan("", first.columns - 1), *others]:
            cells = list(zip(table.headings[end : end + count], map(text_of, row[end : end + count]), strict=True))
            end += count
            line = f"  {title}:" if title else " "
            is_begun = bool(title)
            for part in (f"{heading} {text}".strip() for heading, text in cells if text != NOTHING):
                between = " · " if is_begun and not line.endswith(":") else " "
                if is_begun and cell_len(f"{line}{between}{part}") > width:
                    yield f"{line}\n"
                    line = f"  {part}"
                else:
                    line = f"{line}{between}{part}"
                is_begun = True
            if any(text != NOTHING for _heading, text in cells):
                yield f"{line}\n"
