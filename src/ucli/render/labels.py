"""Words for people in place of the ledger's codes, from `catalogue/labels.csv`; and lists as sheets."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby

from ucli import catalogue
from ucli.i18n import _, chosen
from ucli.render import Column, Record, Sheet
from ucli.render.cells import NOTHING
from ucli.values.dates import date_text, moment_text
from ucli.values.members import ERASED
from ucli.values.names import some_of
from ucli.values.numbers import size_text
from ucli.values.periods import ENGLISH_MONTHS, Window, is_plain_range, year_before
from ucli.values.units import NAMES as KINDS_OF_UNIT
from ucli.values.units import Unit

_SHOWN = 20  # names listed before the rest is counted
_CALENDAR = r"([0-9]{4})-(?:(H[12])|Q([1-4])|([0-9]{1,2})M|([0-9]{2}))"
_ROMAN = ("I", "II", "III", "IV")
# Columns whose cells are codes with a word for people.
_CODED = {
    "kind", "sector", "begun_by", "left_by", "sex", "form", "qualifier", "stated_qualifier", "target_kind", "direction",
    "over_time", "made", "end_reason", "state", "severity", "held_as", "speaks_for", "value_status", "standing",
    "if_missing", "grain", "level",
}  # fmt: skip
# What people read instead of a moment of the log and a number of bytes.
_WRITTEN: dict[str, Callable[[str], str]] = {"at": moment_text, "size": lambda it: size_text(int(it))}
_PERCENTAGES = {"target_percent", "stated_percent"}
# Columns of numbers that are no counts: printed without thousands separators.
_IDENTIFIERS = {"number", "part_of", "operation", "set_by", "replaced_by", "year", "closed_by"}


@cache
def _labels() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["of"], row["code"]): row for row in catalogue.rows_of("labels")}


def label(of: str, code: str) -> str:
    """Return the label of a code of some sort in the current language: heading, word, register, event, movement …."""
    return _labels()[of, code][chosen()]


def heading(key: str) -> str:
    return label("heading", key)


def word(code: str | None) -> str:
    """Return the word for a code in the current language, or the code itself."""
    if code is None:
        return NOTHING
    for known in (code, code.partition(":")[0]):
        if known in KINDS_OF_UNIT:
            return _(KINDS_OF_UNIT[known])
        if ("word", known) in _labels():
            return label("word", known)
    return code


def choice_word(what: str, code: str) -> str:
    """Return the word for one of the choices of something, which may be another one there than elsewhere."""
    return label(what, code) if (what, code) in _labels() else word(code)


def period_in_prose(window: Window) -> str:
    """Return the name of a window: năm 2025; for one that is no year its name or code."""
    is_year = re.fullmatch(r"[0-9]{4}", window.code)
    return _("the year {year}").format(year=window.code) if is_year else window.name or window.code


def is_calendar(window: Window) -> bool:
    """Tell whether a window is a named part of the calendar."""
    return re.fullmatch(f"[0-9]{{4}}|{_CALENDAR}", window.code) is not None


def compared_period(window: Window, then: Window) -> str:
    """Return the name of the period compared with: cùng kỳ năm 2023, năm 2019."""
    if (then.start, then.end) == year_before(window.lasted)[1:3]:
        return _("the same period of {year}").format(year=then.end.year)
    return period_in_title(then)


def period_in_title(window: Window) -> str:
    """Return a window for a report's title: 6 tháng đầu năm 2025; an office's own by its name or days."""
    if re.fullmatch(r"[0-9]{4}", window.code):
        return _("{year}").format(year=window.code)
    found = re.fullmatch(_CALENDAR, window.code)
    if found is None:
        text = period_in_prose(window)
        first, last = date_text(window.start), date_text(window.end)
        days = _("the day {day}") if first == last else _("from {first} to {last}")
        days = days.format(first=first, last=last, day=last)
        return days if is_plain_range(text) else text
    year, half, quarter, first, month = found.groups()
    if half:
        return (_("the first half of {year}") if half == "H1" else _("the second half of {year}")).format(year=year)
    if quarter:
        return _("Q{n} {year}").format(n=quarter, quarter=_ROMAN[int(quarter) - 1], year=year)
    if first:
        return _("the first {n} months of {year}").format(n=first, year=year)
    return _("{name} {year}").format(name=ENGLISH_MONTHS[int(month) - 1], month=int(month), year=year)


def period_in_table(window: Window) -> str:
    """Return a window for the first cell of a row: Quý II năm 2025, Đợt 1."""
    text = period_in_title(window)
    return text[:1].upper() + text[1:]


def structure_text(day: date | None) -> str:
    """Return the sentence on the organisation used."""
    if day is None:
        return _("Organisation as of each event's date.")
    return _(
        "By the organisation of {day}: a unit that did not exist then counts where it belongs in that organisation."
    ).format(day=date_text(day))


def listed(
    records: Iterable[Record],
    columns: Sequence[str],
    notes: Sequence[str] = (),
    names: Mapping[str, Mapping[str, str]] | None = None,
    summed: Sequence[str] = (),
) -> Sheet:
    """Return a list as a sheet: headings from its keys, words for its codes.

    Args:
        records: what machines read.
        columns: their keys, in order.
        notes: what stands below.
        names: what people read instead of the codes of the ledger's own catalogue, by column and code.
        summed: the columns of which people read a total, on a last row.
    """
    records, named = list(records) if summed else records, names or {}
    rows = ([named.get(key, {}).get(str(it[key]), cell_of(key, it[key])) for key in columns] for it in records)
    sheet = Sheet([Column(heading(key), key=key) for key in columns], rows, records, columns, notes=notes)
    if summed and records:
        total: Record = {key: sum(int(str(it[key] or 0)) for it in records) for key in summed}
        total[next(key for key in columns if key not in _IDENTIFIERS)] = _("Total")
        sheet.rows, sheet.totals = [*rows, [total.get(key) for key in columns]], 1
    return sheet


def as_tree(sheet: Sheet) -> Sheet:
    """Return a list of units with names indented by their depth in the tree."""
    column, rows = sheet.keys.index("name"), [list(row) for row in sheet.rows]
    for row, record in zip(rows, sheet.records, strict=True):
        row[column] = f"{'· ' * int(str(record['depth']))}{row[column]}"
    return replace(sheet, rows=rows)


def cell_of(key: str, value: object) -> object:
    """Return a value as a cell: codes as words, moments and percentages formatted."""
    if value is None:
        return None
    if value == ERASED:
        return _("(erased)")
    if key in _CODED:
        return word(str(value))
    if key in _PERCENTAGES:
        return Decimal(str(value))
    if key in _WRITTEN:
        return _WRITTEN[key](str(value))
    return str(value) if key in _IDENTIFIERS else value


def naming(text: str, names: Iterable[str], between: str = "; ", **said: object) -> list[str]:
    """Return a note that names the first of many, each once; none where there is nothing to name."""
    several = list(dict.fromkeys(names))
    return [text.format(names=first_of(several, between), **said)] if several else []


def first_of(names: Sequence[str], between: str = ", ") -> str:
    """List the first of many names, and the number of the others."""
    return some_of(names, _SHOWN, between)


def units_named(units: Iterable[Unit]) -> str:
    """List the first few units, and the number of the others."""
    return some_of((it.name for it in units), text=_("{names} and {count} other units"))


def runs_of(said: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield pairs of name and text, merging neighbours with the same text into “from … to …”."""
    for text, beside in groupby(said, lambda it: it[1]):
        first, *others = [name for name, _text in beside]
        yield " – ".join([first, *others[-1:]]), text
