"""The columns of each kind of table (`catalogue/columns.csv`), and which of them the headings of a table are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from shlex import quote
from string import ascii_uppercase
from typing import NamedTuple

from ucli.catalogue import rows_of
from ucli.errors import RejectedError, UsageError
from ucli.i18n import _, chosen
from ucli.importing.measures import Units, is_unknown_unit, unit_of, without_unit
from ucli.values.indicators import Indicator
from ucli.values.names import fold, normalised

# The two columns that a table of rejected rows has in front: what is wrong, and the line in the original file.
WRONG = "Sai ở đâu"
LINE = "Dòng trong tệp gốc"

# The first column of ucli's own lists is the number of a row; in any other place “Số” may be a count.
_NUMBER_IN_A_LIST = "so"

# Beside “Họ đệm” the column “Tên” is only the last part of a name.
LAST_PART = "ten"

# What forms put around the name of a column: the number of the question, how to answer it, who answers it.
_BEFORE_A_QUESTION = re.compile(r"^(?:cau )?[0-9]{1,2}[.):/] ?")
_BEHIND_A_QUESTION = re.compile(
    r"[ :?*.]+$|[ ]*[(\[](?:dd?/mm?/yy+|ngay[ ,/]*thang[ ,/]*nam|neu co|(?:chu |viet |ghi )*(?:in )?hoa(?: co dau)?"
    r"|co dau|bat buoc|ghi day du|theo (?:cccd|cmnd|can cuoc|giay khai sinh)|required)[)\]]$"
    r"| (?:cua )?(?:dong chi|anh/chi|anh, chi|anh chi|ban)$"
)

# Forms write “Ngày” out: “Ngày tháng năm thành lập” is “Ngày thành lập”.
_DAY_WRITTEN_OUT = re.compile(r"^ngay,? thang(?:,? nam)? (?=[a-z])")

_SEXES = {"nam": "nam", "nu": "nữ"}

_LONGEST_HEADING = 1000

# Fewer known headings than this may be chance.
FEWEST_KNOWN = 2

# The key under which a row of a grid keeps the heading of its cell.
HEADING = "heading"

# The options that say a column's text for all rows.
GIVEN_BY = dict.fromkeys(("unit", "union", "parent"), "--unit")
GIVEN_BY |= {"period": "--period", "indicator": "--indicator", "programme": "--programme", "day": "--on"}

# Typed instead of a column's name: the column is not read.
LEFT_OUT = "-"

# Columns of the day of leaving whose headings also say why.
_DAYS_OF_LEAVING = ("retired", "left_work", "moved_away", "died")


class FormColumn(NamedTuple):
    """A column of a form."""

    name: str  # as the verbs call it
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


Form = tuple[FormColumn, ...]


# Folded headings that are no columns of a form, by what they are; for some also what identifies the table.
_TOLD = [(it["what"], set(it["signs"].split("|")), tuple(it["headings"].split("|"))) for it in rows_of("headings")]
_EXPORTED = [(signs, headings) for what, signs, headings in _TOLD if what == "exported"]
# What tables hold beside the columns of a form: of persons, of targets beside figures; by a column that the form has.
_NOT_READ = [(signs, headings) for what, signs, headings in _TOLD if what == "not read"]
_WORDS = {what: headings for what, _signs, headings in _TOLD}
UNIT_OF_ROW = _WORDS["unit of row"]  # the unit of the amounts in each row
REMARKS = _WORDS["remark"]  # remarks, meant for people
PASSED_OVER = (*_WORDS["passed over"], *REMARKS, fold(WRONG), fold(LINE), *UNIT_OF_ROW)  # not read unless --map says so
PARTS_OF_A_NAME = _WORDS["part of a name"]
SAY_NOTHING = _WORDS["says nothing"]  # stands above several headings and adds nothing to them
MEASURES = _WORDS["measure"]  # units of measure, as forms write them below their headings

# What lists call columns and codes, in both languages.
_LABELS = {(it["of"], it["code"]): (it["vi"], it["en"]) for it in rows_of("labels")}


def _forms() -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for row in rows_of("columns"):
        name, flags, headings = row["name"], frozenset(row["flags"].split()), row["headings"].split("|")
        for kind in row["tables"].split():
            listed = _LABELS.get(("heading", "target" if (kind, name) == ("targets", "value") else name), ())
            all_headings = tuple(dict.fromkeys((*headings, *listed)))
            column = FormColumn(name, flags, all_headings, row["takes_en"], row["takes_vi"], row["example"])
            forms[kind] = (*forms.get(kind, ()), column)
    return forms


FORMS = _forms()


class Columns(NamedTuple):
    """Where the columns of a table are."""

    places: Mapping[str, int]  # of the form's columns, by name
    grid: Sequence[tuple[Indicator, int]]  # of indicators that have a column of their own
    name_parts: Sequence[int]  # columns that hold a person's name in parts, in order
    beside: Sequence[int]  # columns that such tables have and that are not read
    by_sex: Sequence[tuple[str, int]]  # columns of birth dates, one for men and one for women
    units: Units  # of money
    known: Sequence[int]  # all that are read
    needed: Sequence[int]  # that every row must fill
    telling: Sequence[int]  # those of them whose values repeat from row to row, as names do not


class Headings:
    """What the headings of a table can mean: the form's columns, indicators, and what --map says."""

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
        # A heading that can mean several columns is the first of them that the table does not have yet.
        self._known: dict[str, list[str]] = {}
        for column in form:
            if column.name == "indicator" and "indicator" in given:  # then “Chỉ tiêu” means a target
                continue
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
        self._not_read = {it for signs, besides in _NOT_READ if not signs.isdisjoint(self._form) for it in besides}
        values = map(fold, self._form["value"].headings) if self._indicators else ()
        # What stands below the name of an indicator that has several columns, and whether that column holds its values.
        self._below_an_indicator = dict.fromkeys(self._not_read, False) | dict.fromkeys(values, True)
        self._meant = {*self._known, *self._by_sex, *self._mapped, *self._indicators}

    @property
    def needs_a_day(self) -> bool:
        """Whether every row has a day."""
        return any(it in self._form and "required" in self._form[it].flags for it in ("admitted", "day", "founded"))

    def hits(self, head: Sequence[str]) -> int:
        """Return how many cells of a line are known headings."""
        return sum(len(text) < _LONGEST_HEADING and self._is_known(text) for text in head)

    def find(self, head: Sequence[str], above: str) -> Columns:
        """Return where each column is; `above` is the unit of money stated above the table.

        Raises:
            RejectedError: a heading is not known, or a column is missing or there twice.
            UsageError: --map names a heading that the table does not have.

        """
        looked_up = [self._looked_up(text) for text in head]
        idle = [heading for heading in self._typed if fold(heading) not in looked_up]
        # The cells of a line that is no heading may be personal: they are not repeated.
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
        passed_over = {*PASSED_OVER, *exported}
        beside: list[int] = []
        places: dict[str, int] = {}
        others: list[int] = []
        for place, heading in enumerate(looked_up):
            found = self._known.get(heading, []) if not (is_last_part and heading == LAST_PART) else []
            if place in parts[:1]:
                found = ["name"]
            is_number = place == 0 and heading == _NUMBER_IN_A_LIST
            is_passed_over = (heading in passed_over or is_number) and not found
            if heading in ("", *sexes) or place in parts[1:] or is_passed_over or LEFT_OUT in found:
                continue
            free = [name for name in found if name not in places]
            if free:
                places[free[0]] = place
            elif heading in self._not_read or (heading not in self._meant and self._part_of(heading)[0]):
                beside.append(place)
            elif found:
                raise _twice(place, places[found[0]], self._form[found[0]].heading)
            else:
                others.append(place)
        grid = []
        if "indicator" not in {*places, *self._given}:
            named = ((self._indicators.get(fold(self._mapped.get(looked_up[it], looked_up[it]))), it) for it in others)
            grid = [(indicator, place) for indicator, place in named if indicator]
        in_grid = [place for _indicator, place in grid]
        if unknown := [place for place in others if place not in in_grid]:
            raise self._unknown(head, unknown)
        needed = {name: places[name] for name in self._required({*places}, has_grid=bool(grid)) if name in places}
        telling = [place for name, place in needed.items() if name != "name"]
        units = self._units(head, places, grid, above)
        return Columns(
            places,
            grid,
            parts,
            beside,
            by_sex,
            units,
            [*places.values(), *(it for _sex, it in by_sex), *in_grid],
            [*needed.values()],
            telling,
        )

    def _required(self, said: set[str], *, has_grid: bool) -> list[str]:
        """Return the columns that every row must fill; refuse a table that lacks one, which no option gives either."""
        required = {column.name: column.heading for column in self._form.values() if "required" in column.flags}
        said |= {*self._given, *(("indicator", "value") if has_grid else ())}
        said |= {"left", "left_by"} if not said.isdisjoint(_DAYS_OF_LEAVING) else set()
        if missing := {name: heading for name, heading in required.items() if name not in said}:
            told = _("The table has no column “{heading}”.").format(heading="”, “".join(missing.values()))
            once = ", ".join(GIVEN_BY[it] for it in missing if it in GIVEN_BY)
            helps = [self._offered(), _("What holds for all rows can be given once: {options}.").format(options=once)]
            raise RejectedError(told, instead=" ".join(helps[: 1 + bool(once)]))
        return [*required]

    def name_parts(self, head: Sequence[str]) -> list[int]:
        """Return the columns that a person's name is put together from: “Họ đệm” and “Tên”, or two under one heading.

        Empty where one column holds the whole name.
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
        """Return the units that the columns of money are in."""
        money = [place for name, place in places.items() if name in self._amounts]
        amounts = [*money, *(place for _indicator, place in grid)]
        own = {place: self._unit(head[place]) for place in amounts}
        of = {place: unit for place, unit in own.items() if unit}
        listed = None
        if above:
            value = places.get("value")
            given = self._indicators.get(fold(self._given.get("indicator", "")))
            under = [place for place in money if place != value or (given and given.is_money)] + [
                place for it, place in grid if it.is_money
            ]
            of |= {place: above for place in under if own[place] is None}
            if value is not None and "indicator" in places and own[value] is None:
                listed = places["indicator"], value
        others = frozenset(name for name, it in self._indicators.items() if not it.is_money)
        of_row = (place for place, it in enumerate(head) if _bare(it) in UNIT_OF_ROW and _bare(it) not in self._mapped)
        return Units(of, above, listed, others, amounts, next(of_row, None))

    def _unit(self, text: str) -> str | None:
        """Return the unit of money in a heading, None where it has none; refuse one that is not known."""
        heading = _bare(text)
        indicator = self._indicators.get(heading) or self._indicators.get(self._part_of(heading)[0])
        if indicator and not indicator.is_money:
            return None
        unit = unit_of(heading)
        if unit is None and is_unknown_unit(heading):
            raise RejectedError(
                _("The unit in the heading “{heading}” is not known.").format(heading=normalised(text)),
                instead=_("In the table write đồng, nghìn đồng, triệu đồng or tỷ đồng, with amounts that are in it."),
            )
        return unit

    def _is_known(self, text: str) -> bool:
        return self._looked_up(text) in self._meant or bool(self._part_of(_bare(text))[0])

    def _part_of(self, heading: str) -> tuple[str, bool]:
        """Return the key of the indicator before “thực hiện”, “chỉ tiêu” or “%”, and whether these are its values."""
        words = heading.split()
        for place in range(1, len(words)):
            whose, what = " ".join(words[:place]).rstrip(" ,:-–"), " ".join(words[place:])
            key = whose if whose in self._indicators else without_unit(whose)
            if what in self._below_an_indicator and key in self._indicators:
                return key, self._below_an_indicator[what]
        return "", False

    def _looked_up(self, text: str) -> str:
        """Return the key of a heading; without its unit of money, if it is not known with it."""
        heading = _bare(text)
        *groups, last = heading.split("/")
        for it in (heading, without_unit(heading), _question(heading)):
            if it in self._meant:
                return it
        indicator, is_value = self._part_of(heading)
        if is_value:
            return indicator
        # Kobo puts the groups of a question before it; “Ngày sinh/Ngày kết nạp” is two columns in one.
        is_of_a_group = groups and self._meant.isdisjoint(map(_question, groups))
        return _question(last) if is_of_a_group and _question(last) in self._meant else without_unit(heading)

    def _unknown(self, head: Sequence[str], unknown: Sequence[int]) -> RejectedError:
        # Without a heading the first line may be a member's: its cells are not repeated.
        if self.hits(head) < FEWEST_KNOWN:
            told = _("No line of the table is a heading that is known.")
            filled = [text for text in head if text]
            if len(filled) > 2 and not any(_BEFORE_A_QUESTION.sub("", text)[:1].isdigit() for text in filled):
                instead = _("Its headings seem to be {headings}; map each of them: --map 'HEADING=COLUMN'.")
                return RejectedError(told, why=self._offered(), instead=instead.format(headings=_listed(filled)))
            return RejectedError(told, instead=self._offered())
        headings = [head[place] for place in unknown]
        return RejectedError(
            _("Headings that are not known: {headings}.").format(headings=_listed(headings)),
            why=self._offered(),
            instead=_("Map each of them, or leave it out with “-”: {hints}").format(hints=_hints(headings)),
        )

    def _offered(self) -> str:
        headings = ", ".join(it.heading for it in self._form.values() if "unoffered" not in it.flags)
        if self._indicators:
            return _("The columns are: {columns}; or an indicator each, by its code or name.").format(columns=headings)
        return _("The columns are: {columns}.").format(columns=headings)


def _bare(text: str) -> str:
    """Return a heading folded, without the asterisk that marks a required column."""
    return fold(text).rstrip(" *")


def _question(heading: str) -> str:
    """Return the heading within a form's question: “2. Ngày sinh (dd/mm/yyyy):” is “ngay sinh”."""
    bare = _DAY_WRITTEN_OUT.sub("ngay ", _BEFORE_A_QUESTION.sub("", heading.replace("_", " ")))
    while bare != (shorter := _BEHIND_A_QUESTION.sub("", bare)):
        bare = shorter
    return bare


def _hints(headings: Iterable[str]) -> str:
    """Return the --map options for some headings, quoted for a shell."""
    column = _("COLUMN")
    return " ".join(f"--map {quote(f'{normalised(text)}={column}')}" for text in headings)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(f"“{normalised(text)}”" for text in texts)


def _twice(place: int, first: int, heading: str) -> RejectedError:
    columns = f"{column_letters(first + 1)}, {column_letters(place + 1)}"
    return RejectedError(
        _("The column “{heading}” is there twice: {columns}.").format(heading=heading, columns=columns),
        instead=_("In the table, give the wrong one another heading and leave it out with --map."),
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
