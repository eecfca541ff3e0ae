"""What is told of how a table was read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ucli.i18n import _
from ucli.importing.sheet_xml import column_letters
from ucli.importing.templates import EXPLANATION, LISTS
from ucli.values.numbers import grouped

_FEW = 10  # lines that are named where there are many


@dataclass(slots=True)
class Notes:
    """What was passed over in a table or read otherwise than it stands, for its officer to look at; columns from 1."""

    sheets: list[str] = field(default_factory=list)  # where none was named: the one that is read, then the others
    heading: list[int] = field(default_factory=list)  # its two lines, where it has two
    foot: list[int] = field(default_factory=list)  # lines under the table: a total, signatures
    between: list[int] = field(default_factory=list)  # lines above rows that are none: the heading again, groups …
    hidden: list[int] = field(default_factory=list)  # rows that the sheet does not show
    units: list[tuple[int, str]] = field(default_factory=list)  # columns of money not in đồng, with their units
    formatted: list[int] = field(default_factory=list)  # columns read with the unit that their number format shows
    name_parts: list[int] = field(default_factory=list)  # columns that names are put together from
    unheaded: list[int] = field(default_factory=list)  # columns without a heading that something stands in
    own_period: list[int] = field(default_factory=list)  # lines that have another period than the one given for all

    def on_layout(self) -> Iterator[str]:
        """Yield what is told even of a table that is refused: it may stand on another sheet, its heading in one row."""
        if others := [it for it in self.sheets[1:] if it not in (_(EXPLANATION), _(LISTS))]:
            told = _("Only the sheet “{name}” is read, and not: {others}. --sheet NAME reads another.")
            yield _warning(told.format(name=self.sheets[0], others=", ".join(f"“{it}”" for it in others)))
        if self.heading:
            told = _("The heading stands in lines {first} and {second}, read as one; if that is wrong, write one row.")
            yield told.format(first=self.heading[0], second=self.heading[1])

    def on_rows(self) -> Iterator[str]:
        """Yield what is told once all rows were read."""
        if self.foot:
            told = _("Under the table, and not taken for rows (a total, signatures): lines {lines}.")
            yield told.format(lines=_spans(self.foot))
        if self.between:
            told = _(
                "Not taken for rows (units or numbers of columns, the heading again, names of groups): lines {lines}."
            )
            yield told.format(lines=_spans(sorted(self.between)))
        if self.hidden:
            told = _("Rows that the sheet hides are read too ({count}).").format(count=grouped(len(self.hidden)))
            yield _warning(f"{told} {lines_text(self.hidden)}")
        for column, unit in self.units:
            told = _("The bare numbers in column {column} are read in {unit}.")
            yield told.format(column=column_letters(column), unit=unit)
        for column in self.formatted:
            told = _("In column {column} numbers are read as their format shows them: 5 triệu, where the cell holds 5.")
            yield told.format(column=column_letters(column))
        if self.name_parts:
            told = _("The names are put together from columns {columns}.")
            yield told.format(columns=", ".join(map(column_letters, self.name_parts)))
        if self.unheaded:
            told = _("Columns without a heading are not read: {columns}.")
            yield _warning(told.format(columns=", ".join(map(column_letters, self.unheaded))))
        if self.own_period:
            told = _("Rows with a period of their own keep it; --period is only for tables without one. {lines}")
            yield _warning(told.format(lines=lines_text(self.own_period)))


def lines_text(lines: Sequence[int]) -> str:
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


def _warning(text: str) -> str:
    return _("Warning: {text}").format(text=text)
