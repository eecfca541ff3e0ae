"""The columns of each kind of table (`catalogue/columns.csv`), and which of them the headings of a table are."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from shlex import quote
from string import ascii_uppercase
from typing import NamedTuple

from ucli.catalogue import rows_of
from ucli.errors import RejectedError, UsageError
from ucli.i18n import _, chosen
from ucli.importing.measures import Units, is_unknown_unit, unit_of, without_unit
from ucli.values.indicators import Indicator
from ucli.values.names import fold, normalised

# In the table of rows that could not be taken: what is wrong with a row, and which line it was.
WRONG = "Sai ở đâu"
LINE = "Dòng trong tệp gốc"

# The number of a row in ucli's own lists, which is their first column; elsewhere “Số” may be a count.
_NUMBER_IN_A_LIST = "so"

# Beside parts of a name a column “Tên” is no whole name, but the last part of one.
LAST_PART = "ten"

# What forms put around the name of a column: a number, how it is typed, whose it is.
_BEFORE_A_QUESTION = re.compile(r"^(?:cau )?[0-9]{1,2}[.):/] ?")
_BEHIND_A_QUESTION = re.compile(
    r"[ :?*.]+$|[ ]*[(\[](?:dd?/mm?/yy+|ngay[ ,/]*thang[ ,/]*nam|neu co|(?:chu |viet |ghi )*(?:in )?hoa(?: co dau)?"
    r"|co dau|bat buoc|ghi day du|theo (?:cccd|cmnd|can cuoc|giay khai sinh)|required)[)\]]$"
    r"| (?:cua )?(?:dong chi|anh/chi|anh, chi|anh chi|ban)$"
)

# How forms write “Ngày” out: “Ngày tháng năm thành lập” is “Ngày thành lập”.
_DAY_WRITTEN_OUT = re.compile(r"^ngay,? thang(?:,? nam)? (?=[a-z])")

_SEXES = {"nam": "nam", "nu": "nữ"}

_LONGEST_HEADING = 1000

# Fewer headings that are known may be chance.
FEWEST_KNOWN = 2

# The name of what stands above a cell of a grid.
HEADING = "heading"

# Instead of a column's name: that it is not read.
LEFT_OUT = "-"

# Days of leaving whose headings say why as well.
_DAYS_OF_LEAVING = ("retired", "left_work", "moved_away", "died")


class Column(NamedTuple):
    """A column of a form."""

    name: str  # what the verbs call it
    # required; text: kept as text in a workbook, for leading zeros, and for days, which Excel may turn round;
    # percent: a cell shown as a percentage is read as one; money: its numbers are in the unit of money in the heading;
    # split: a person's name, which may stand in several columns; unoffered: not in a template.
    flags: frozenset[str]
    headings: tuple[str, ...]  # the first as we write it; found in any spelling and order
    takes_en: str  # what stands in it
    takes_vi: str
    example: str

    @property
    def heading(self) -> str:
        return self.headings[0]

    @property
    def takes(self) -> str:
        return self.takes_en if chosen() == "en" else self.takes_vi


Form = tuple[Column, ...]


# The folded headings that are no columns of a form, by what they are; of exports with those that tell each from others.
_TOLD = [(it["what"], set(it["signs"].split("|")), tuple(it["headings"].split("|"))) for it in rows_of("headings")]
_EXPORTED = [(signs, headings) for what, signs, headings in _TOLD if what == "exported"]
_WORDS = {what: headings for what, _signs, headings in _TOLD}
UNIT_OF_ROW = _WORDS["unit of row"]  # what says of each row in which unit its amounts are, as forms have it
REMARKS = _WORDS["remark"]  # what stands in these is for people
PASSED_OVER = (*_WORDS["passed over"], *REMARKS, fold(WRONG), fold(LINE), *UNIT_OF_ROW)  # read only when told to
PARTS_OF_A_NAME = _WORDS["part of a name"]
SAY_NOTHING = _WORDS["says nothing"]  # above several headings, that they do not say themselves
MEASURES = _WORDS["measure"]  # what is counted, as forms write it under their headings

# What lists call columns and codes, in both languages.
_LABELS = {(it["of"], it["code"]): (it["vi"], it["en"]) for it in rows_of("labels")}


def spoken(codes: Iterable[str]) -> dict[str, str]:
    """Return codes by themselves and by the words that lists have for them, folded."""
    return {fold(text): code for code in codes for text in (code, *_LABELS.get(("word", code), ()))}


def one_of(aliases: Mapping[str, str], sentence: str) -> Callable[[str], str]:
    """Return what reads a code, or what people say for it and lists do; the sentence says what there is."""
    known = {**spoken(aliases.values()), **aliases}

    def read(text: str) -> str:
        code = known.get(fold(text))
        if code is None:
            raise RejectedError(_(sentence))
        return code

    return read


def _forms() -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for row in rows_of("columns"):
        name, flags, headings = row["name"], frozenset(row["flags"].split()), row["headings"].split("|")
        for kind in row["tables"].split():
            listed = _LABELS.get(("heading", "target" if (kind, name) == ("targets", "value") else name), ())
            all_headings = tuple(dict.fromkeys((*headings, *listed)))
            column = Column(name, flags, all_headings, row["takes_en"], row["takes_vi"], row["example"])
            forms[kind] = (*forms.get(kind, ()), column)
    return forms


FORMS = _forms()


class Columns(NamedTuple):
    """Where the columns of a table stand."""

    places: Mapping[str, int]  # of the form's columns, by name
    grid: Sequence[tuple[Indicator, int]]  # of indicators that have a column of their own
    name_parts: Sequence[int]  # what a person's name is put together from, in the order of the name
    by_sex: Sequence[tuple[str, int]]  # columns of birth dates, one for men and one for women
    units: Units  # of money
    known: Sequence[int]  # all that are read
    needed: Sequence[int]  # that every row must fill
    telling: Sequence[int]  # of these, those whose values stand in many rows, as a name does not


class Headings:
    """What the headings of a table can mean; what stands besides the form's columns is as in `Table`."""

    def __init__(
        self, form: Form, names: Mapping[str, str], given: Mapping[str, str], indicators: Mapping[str, Indicator]
    ) -> None:
        self._form = {column.name: column for column in form}
        self._given = given
        self._amounts = {column.name for column in form if "money" in column.flags}
        # Indicators may have a column each instead of a row.
        self._indicators = indicators if "indicator" in self._form else {}
        self._typed = names
        self._mapped = {fold(heading): name for heading, name in names.items()}
        # A heading that may be two columns is the first of them that is not there yet.
        self._known: dict[str, list[str]] = {}
        for column in form:
            for heading in {fold(it): None for it in (*column.headings, column.name)}:
                self._known.setdefault(heading, []).append(column.name)
        own = dict(self._known)
        for heading, name in self._mapped.items():
            if name == LEFT_OUT or fold(name) not in self._indicators:
                meant = [name] if name == LEFT_OUT else own.get(fold(name), [])[:1]
                if not meant:
                    told = _("There is no column “{name}”.").format(name=name[:60])
                    raise RejectedError(told, instead=self._offered())
                self._known[heading] = meant
        births = (
            [it for it in (*_WORDS["birth"], *own) if "born" in own.get(it, ("born",))] if "born" in self._form else []
        )
        self._by_sex = {f"{it} {sex}": sex for it in (*births, *(_WORDS["sex"] if births else ())) for sex in _SEXES}
        self._meant = {*self._known, *self._by_sex, *self._mapped, *self._indicators}

    def hits(self, head: Sequence[str]) -> int:
        """Return how many cells of a line are headings that mean something."""
        return sum(len(text) < _LONGEST_HEADING and self._looked_up(text) in self._meant for text in head)

    def find(self, head: Sequence[str], above: str) -> Columns:
        """Return where each column stands; `above` is the unit of money that stands above all of the table.

        Raises:
            RejectedError: a heading that is not known, a column that is there twice, or one that is missing.
            UsageError: a heading is called something besides, and is not there.

        """
        looked_up = [self._looked_up(text) for text in head]
        idle = [heading for heading in self._typed if fold(heading) not in looked_up]
        # What is no heading is not told.
        if idle and self.hits(head) >= FEWEST_KNOWN:
            raise UsageError(
                _("The table has no heading “{heading}”, which --map names.").format(heading="”, “".join(idle)),
                instead=_("Its headings are: {headings}.").format(headings=_listed(filter(None, head))),
            )
        parts = self.name_parts(head)
        is_last_part = LAST_PART not in self._mapped and any(_bare(text) in PARTS_OF_A_NAME for text in head)
        sexes = {
            **self._by_sex,
            **(dict(zip(_SEXES, _SEXES, strict=True)) if self._by_sex and {*_SEXES} <= {*looked_up} else {}),
        }
        by_sex = [(_SEXES[sexes[it]], place) for place, it in enumerate(looked_up) if it in sexes]
        exported = {it for signs, besides in _EXPORTED if not signs.isdisjoint(looked_up) for it in besides}
        places: dict[str, int] = {}
        others: list[int] = []
        for place, heading in enumerate(looked_up):
            found = self._known.get(heading, []) if not (is_last_part and heading == LAST_PART) else []
            if place in parts[:1]:
                found = ["name"]
            is_number = place == 0 and heading == _NUMBER_IN_A_LIST
            is_passed_over = (heading in PASSED_OVER or heading in exported or is_number) and not found
            if heading in ("", *sexes) or place in parts[1:] or is_passed_over or LEFT_OUT in found:
                continue
            free = [name for name in found if name not in places]
            if free:
                places[free[0]] = place
            elif found:
                raise _twice(place, places[found[0]], self._form[found[0]].heading)
            else:
                others.append(place)
        grid = []
        if "indicator" not in places:
            named = ((self._indicators.get(fold(self._mapped.get(looked_up[it], looked_up[it]))), it) for it in others)
            grid = [(indicator, place) for indicator, place in named if indicator]
        in_grid = [place for _indicator, place in grid]
        if unknown := [place for place in others if place not in in_grid]:
            raise self._unknown(head, unknown)
        required = {column.name: column.heading for column in self._form.values() if "required" in column.flags}
        said = {*places, *self._given, *(("indicator", "value") if grid else ())}
        said |= {"left", "left_by"} if not said.isdisjoint(_DAYS_OF_LEAVING) else set()
        if missing := [heading for name, heading in required.items() if name not in said]:
            told = _("The table has no column “{heading}”.").format(heading="”, “".join(missing))
            raise RejectedError(told, instead=self._offered())
        needed = {name: places[name] for name in required if name in places}
        telling = [place for name, place in needed.items() if name != "name"]
        units = self._units(head, places, grid, above)
        return Columns(
            places,
            grid,
            parts,
            by_sex,
            units,
            [*places.values(), *(it for _sex, it in by_sex), *in_grid],
            [*needed.values()],
            telling,
        )

    def name_parts(self, head: Sequence[str]) -> list[int]:
        """Return the columns that a person's name is put together from: “Họ đệm” and “Tên”, or two under one heading.

        None where one column holds the name.
        """
        if not any("split" in column.flags for column in self._form.values()):
            return []
        headings = [_bare(text) for text in head]
        whole = [it for it, text in enumerate(headings) if text != LAST_PART and "name" in self._known.get(text, ())]
        if whole:
            beside = whole[0] + 1
            return [whole[0], beside] if beside < len(head) and not headings[beside] else []
        first, last = (
            [place for place, it in enumerate(headings) if it in those and it not in self._mapped]
            for those in (PARTS_OF_A_NAME, (LAST_PART,))
        )
        return first + last if first and last else []

    def _units(
        self, head: Sequence[str], places: Mapping[str, int], grid: Sequence[tuple[Indicator, int]], above: str
    ) -> Units:
        """Return in which units the columns of money are."""
        money = [place for name, place in places.items() if name in self._amounts]
        amounts = [*money, *(place for _indicator, place in grid)]
        own = {place: self._unit(head[place]) for place in amounts}
        of = {place: unit for place, unit in own.items() if unit}
        listed = None
        if above:
            value = places.get("value")
            under = [place for place in money if place != value] + [place for it, place in grid if it.is_money]
            of |= {place: above for place in under if own[place] is None}
            if value is not None and "indicator" in places and own[value] is None:
                listed = places["indicator"], value
        others = frozenset(name for name, it in self._indicators.items() if not it.is_money)
        of_row = (place for place, it in enumerate(head) if _bare(it) in UNIT_OF_ROW and _bare(it) not in self._mapped)
        return Units(of, above, listed, others, amounts, next(of_row, None))

    def _unit(self, text: str) -> str | None:
        """Return the unit of money in a heading, refused if it is not known; what measures no amount is none."""
        heading = _bare(text)
        if heading in self._indicators and not self._indicators[heading].is_money:
            return None
        unit = unit_of(heading)
        if unit is None and is_unknown_unit(heading):
            raise RejectedError(
                _("The unit in the heading “{heading}” is not known.").format(heading=normalised(text)),
                instead=_("In the table write đồng, nghìn đồng, triệu đồng or tỷ đồng, with amounts that are in it."),
            )
        return unit

    def _looked_up(self, text: str) -> str:
        """Return a heading as it is looked up; if it means nothing so, without its unit of money."""
        heading = _bare(text)
        *groups, last = heading.split("/")
        for it in (heading, without_unit(heading), _question(heading)):
            if it in self._meant:
                return it
        # Kobo puts the groups of a question before it; “Ngày sinh/Ngày kết nạp” is two columns in one.
        is_of_a_group = groups and self._meant.isdisjoint(map(_question, groups))
        return _question(last) if is_of_a_group and _question(last) in self._meant else without_unit(heading)

    def _unknown(self, head: Sequence[str], unknown: Sequence[int]) -> RejectedError:
        # Where the heading is missing its cells are a member's own, and are not repeated.
        if self.hits(head) < FEWEST_KNOWN:
            told = _("No line of the table is a heading that is known.")
            filled = [text for text in head if text]
            if len(filled) > 2 and not any(_BEFORE_A_QUESTION.sub("", text)[:1].isdigit() for text in filled):
                instead = _("Its headings may be {headings}; say what each is: --map 'HEADING=COLUMN'.")
                return RejectedError(told, why=self._offered(), instead=instead.format(headings=_listed(filled)))
            return RejectedError(told, instead=self._offered())
        headings = [head[place] for place in unknown]
        return RejectedError(
            _("Headings that are not known: {headings}.").format(headings=_listed(headings)),
            why=self._offered(),
            instead=_("Say what each is, or with “-” that it is not read: {hints}").format(hints=_hints(headings)),
        )

    def _offered(self) -> str:
        headings = ", ".join(it.heading for it in self._form.values() if "unoffered" not in it.flags)
        if self._indicators:
            return _("The columns are: {columns}; or an indicator each, by its code or name.").format(columns=headings)
        return _("The columns are: {columns}.").format(columns=headings)


def _bare(text: str) -> str:
    """Return a heading as it is looked up: folded, without the asterisk of a column that must be filled."""
    return fold(text).rstrip(" *")


def _question(heading: str) -> str:
    """Return the folded heading in what a form asks: “2. Ngày sinh (dd/mm/yyyy):” asks for “ngay sinh”."""
    bare = _DAY_WRITTEN_OUT.sub("ngay ", _BEFORE_A_QUESTION.sub("", heading.replace("_", " ")))
    while bare != (shorter := _BEHIND_A_QUESTION.sub("", bare)):
        bare = shorter
    return bare


def _hints(headings: Iterable[str]) -> str:
    """Return the options that say which columns headings are, as they are typed at a shell."""
    column = _("COLUMN")
    return " ".join(f"--map {quote(f'{normalised(text)}={column}')}" for text in headings)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(f"“{normalised(text)}”" for text in texts)


def _twice(place: int, first: int, heading: str) -> RejectedError:
    columns = f"{column_letters(first + 1)}, {column_letters(place + 1)}"
    return RejectedError(
        _("The column “{heading}” is there twice: {columns}.").format(heading=heading, columns=columns),
        instead=_("In the table give the one that is not meant another heading, and leave it out with --map."),
    )


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ascii_uppercase.index(letter) + 1
    return number


def column_letters(column: int) -> str:
    """Write the number of a column as spreadsheets do: 1 is A, 28 is AB."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = ascii_uppercase[place] + letters
    return letters
