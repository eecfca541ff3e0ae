"""Rows of text become rows of values: what each cell of a table says, or why it says nothing.

Units, days and periods are looked up once for all rows that name them. Members, who come by the hundred thousand, are
read column by column; where anything in them is wrong or rare, row by row, so that the words are the same.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain, repeat
from typing import Any, NamedTuple

from ucli.errors import RejectedError, SeveralError, UcliError
from ucli.i18n import _, marked
from ucli.importing.days import day_of, why_no_day
from ucli.importing.sheets import Memo
from ucli.ledger import catalogue, payouts, periods, units
from ucli.ledger.admissions import Admission
from ucli.ledger.figures import NewFigure
from ucli.ledger.foundings import Founding, under_office
from ucli.ledger.members import Departure, find_member
from ucli.ledger.operations import Operation
from ucli.ledger.targets import NewTarget
from ucli.values import members
from ucli.values.choices import codes, one_of, spoken
from ucli.values.dates import date_text
from ucli.values.letters import CP1258, DECODERS, LOST, TCVN3, TWICE, VNI, damage_of, is_suspect
from ucli.values.names import LONGEST_NAME, fold, name_of, normalised, own_name, remark_of
from ucli.values.numbers import UNKNOWN_ALIASES, parse_count, parse_money
from ucli.values.quantities import refuse_bare_fraction, split_qualifier
from ucli.values.statements import parse_statement
from ucli.values.units import (
    CLUSTER,
    GRASSROOTS,
    KIND_ALIASES,
    KINDS,
    NAMES,
    UNION,
    Unit,
    require_fact_day,
    require_founders,
)

# The columns that name somebody or something; any other may be as long as a remark.
_NAMES = ("name", "union", "unit", "parent", "code", "issuer", "programme", "indicator", "member", "beneficiary")
# The columns of a roster that say when and why somebody left it; some headings of the day say why.
LEFT_ON = {"left": None, "retired": "retired", "left_work": "left-work", "moved_away": "moved-away", "died": "died"}
_ERASED = {members.ERASED, "(erased)"}
_SELDOM = {*LEFT_ON, "left_by"}
# The columns whose texts are kept and shown as typed.
_FREE_TEXTS = ("name", "beneficiary", "fund", "source", "decision")

# What figures and targets can be about.
_SUBJECTS = (*KINDS, CLUSTER)

_NOTHING = {"": None}  # what an empty cell says
_DIGIT = re.compile(r"\d")
_NUMBERS, _TRUTHS = ("card", "id_number"), ("TRUE", "FALSE")
_NO_VALUES = {"nan", "NaN", "None", "null", "NULL"}  # what other programs write in an empty cell
_NEEDED = {"name": marked("name"), "union": marked("grassroots union"), "admitted": marked("day of admission")}
_SAID_OF = {"card": marked("card numbers"), "id_number": marked("ID numbers"), "code": marked("codes")}
_NO_CODE = re.compile(rf"^(?:{members.NOT_KEPT})$", re.IGNORECASE)
_NO_NUMBER = re.compile(rf"^=|{members.NO_NUMBER}", re.IGNORECASE | re.MULTILINE)
# Letters written as codes (HTML, \u, %), and letters of another alphabet that look Latin.
_CODED = re.compile(r"&(?:#x?[0-9a-f]+|[a-z]{2,8});|\\u[0-9a-f]{4}|(?:%[0-9a-f]{2}){2}", re.IGNORECASE)
_LATIN, _ALIKE = "A-Za-zÀ-\u024f\u1e00-\u1eff", "\u0370-\u052f"
_MIXED = re.compile(rf"[{_LATIN}][{_ALIKE}]|[{_ALIKE}][{_LATIN}]")
# What an encoding without Vietnamese letters leaves of them: “?” within a word, in names also at either end.
_ASKED = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])")
_ASKED_IN_A_NAME = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")
_FONTS = {
    TWICE: marked("UTF-8 that was read as another encoding"),
    TCVN3: marked("the old font TCVN3 (.VnTime)"),
    VNI: marked("the old font VNI"),
    CP1258: marked("Windows-1258 that was read as another encoding"),
}
Values = Mapping[str, str]  # the text of each column; empty, or no key, where the cell is empty


class InputRow(NamedTuple):
    line: int  # as the officer's own program counts
    values: Values
    fault: str = ""  # why the row could not be read


class _Cells:
    """The cells of one row, and everything that is wrong with them."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.errors: list[UcliError] = []

    def __call__(self, column: str, read: Callable[[str], object] = str, default: Any = None, *, or_: str = "") -> Any:
        """Read a cell and note what is wrong with it; `or_` says what is missing where it is empty."""
        text = self.values.get(column)
        try:
            if text:
                return read(text)
            if or_:
                raise RejectedError(_(or_))
        except UcliError as error:
            self.errors.append(error)
        return default


class RowReader:
    """Reads rows of a kind."""

    def __init__(self, op: Operation, kind: str, *, confirmed: bool) -> None:
        self._db = op.db
        self._kind = kind
        self._confirmed = confirmed
        ways = {
            "departures": self._departure,
            "unions": self._founding,
            "units": self._founding,
            "payouts": self._payout,
            "figures": self._figure,
            "targets": self._target,
        }
        self._values = ways.get(kind, self._admission)
        self._found = Memo(lambda key: key[0](*key[1:]))
        self.unions = Memo(self._union, _NOTHING)
        decisions = Memo(lambda text: members.refuse_id_number(remark_of(text)).strip() or None, _NOTHING)
        # What reads the columns of a roster, in the order of an admission.
        self._roster: dict[str, Callable[[str], Any]] = {
            "union": self.unions.__getitem__,
            "name": name_of,
            "admitted": Memo(lambda text: require_fact_day(_admission_day(text)).isoformat(), _NOTHING).__getitem__,
            "born": Memo(lambda text: _birth_day(text).isoformat(), _NOTHING).__getitem__,
            "sex": Memo(members.parse_sex, _NOTHING).__getitem__,
            "card": lambda text: text.strip() or None,
            "id_number": lambda text: members.parse_id_number(text) if text else None,
            "decision": decisions.__getitem__,
            "begun_by": lambda text: _begun_by(text) if text else members.ADMISSION,
        }

    def read(self, rows: Sequence[InputRow]) -> Iterable[tuple[Any, Sequence[UcliError]]]:
        """Return the value of each row, and everything that is wrong with it."""
        columns = self._columns(rows) if self._kind == "members" else None
        return map(self._row, rows) if columns is None else zip(columns, repeat(()))

    def _row(self, row: InputRow) -> tuple[Any, Sequence[UcliError]]:
        cells = _Cells(row.values)
        if not row.fault:
            for column in row.values:
                cells(column, partial(_require_text, column))
        # Where the text of a cell is damaged there is no point in reading the others.
        if row.fault or cells.errors:
            return None, cells.errors[:1] or [RejectedError(row.fault)]
        said = self._values(cells)
        return said, [*{error.what: error for error in cells.errors}.values()]

    def _payout(self, cell: _Cells) -> payouts.Payout:
        day = cell("day", self._once(_past_day), or_=marked("The day of the payout is missing."))
        payout = payouts.Payout(
            cell("unit", self._unit(day), or_=marked("The unit that paid is missing.")),
            cell("programme", self._once(catalogue.find_programme, self._db), or_=marked("The programme is missing.")),
            day,
            cell("amount", partial(_amount_paid, may_return=bool(cell("part_of"))), 0),
            cell("in_kind", parse_money, 0),
            cell("recipients", parse_count, 1),
            form=cell("form", _form),
            fund=cell("fund"),
            decision=cell("decision"),
            member=cell("member", partial(find_member, self._db)),
            beneficiary=cell("beneficiary", name_of),
            part_of=cell("part_of", lambda text: str(parse_count(text))),
            unvalued=fold(cell("amount") or "") in UNKNOWN_ALIASES,
            number=cell("number"),
        )
        if cell("member") and cell("beneficiary"):
            cell.errors.append(RejectedError(_("A member and another beneficiary cannot both be named.")))
        return payout

    def _founding(self, cell: _Cells) -> Founding:
        """Read a union or any other unit; its parent may be another row, so it is looked up when the row is written."""
        is_union = self._kind == "unions"
        kind = UNION if is_union else cell("kind", _kind, UNION, or_=marked("The kind of the unit is missing."))
        missing = marked("The day of the founding is missing.") if is_union else ""
        day = cell("founded", self._once(_past_day), or_=missing)
        if is_union:
            cell("kind", _require_union)
            parent = cell("parent", self._unit(day), or_=marked("The unit above it is missing."))
        else:
            parent = None if cell("parent") else under_office(self._db, kind, day)
        cell("ended", partial(_refuse, marked("This unit has ended, on the day given here, and is not added.")))
        founding = Founding(
            cell("name", name_of, or_=marked("The unit has no name.")),
            parent,
            day,
            code=cell("code"),
            sector=cell("sector", _sector),
            founders=cell("members", parse_count),
            decision=cell("decision"),
            kind=kind,
            above=None if is_union else cell("parent"),
        )
        if cell.errors:  # the verb does not ask this of a union that exists already
            cell("members", lambda _text: require_founders(founding.founders, confirmed=self._confirmed))
        return founding

    def _figure(self, cell: _Cells) -> NewFigure:
        indicator, unit, window, value = self._subject(cell)
        weight = cell("weight", parse_count)
        cell("stated_percent", lambda text: refuse_bare_fraction(split_qualifier(text)[1]))
        stated = partial(parse_statement, indicator=indicator, percent=cell("stated_percent"), weight=weight)
        statement: Any = cell("value", stated) if indicator and value else None
        return NewFigure(
            indicator,
            unit,
            window,
            statement,
            source=cell("source"),
            decision=cell("decision"),
            speaks_for=cell("speaks_for", _speaks_for),
            reason=cell("reason"),
            received=cell("received", self._once(_past_day)),
        )

    def _target(self, cell: _Cells) -> NewTarget:
        indicator, unit, window, value = self._subject(cell)
        issuer = cell("issuer", self._unit(window and window.end))
        target = NewTarget(indicator, value, unit, window, issuer, decision=cell("decision"))
        if cell("target_kind"):
            target = target._replace(effective=cell("effective", self._once(_past_day)), is_listed=True)
        cell(
            "replaced_by",
            partial(_refuse, marked("The list says that this target was revised since; it is not set again.")),
        )
        if indicator and value:
            cell("value", lambda _text: target.goal)
        return target

    def _subject(self, cell: _Cells) -> tuple[Any, Any, Any, Any]:
        """Read what figures and targets are about: an indicator, a unit by its name at the time, and a window."""
        is_term = cell("period", self._once(periods.is_term, self._db), or_=marked("The period is missing."))
        window = None if is_term else cell("period", self._once(periods.find_window, self._db))
        unit = cell("unit", self._unit(window and window.end, _SUBJECTS), or_=marked("The unit is missing."))
        if is_term and unit:
            window = cell("period", lambda text: periods.find_window(self._db, text, unit=unit.id))
        indicators = self._once(catalogue.find_indicator, self._db)
        indicator = cell("indicator", indicators, or_=marked("The indicator is missing."))
        return indicator, unit, window, cell("value", _no_day, or_=marked("The value is missing."))

    def _admission(self, cell: _Cells) -> Admission:
        is_group = bool(cell("begun_by") and cell("members") and not cell("name")) or cell("name") in _ERASED
        needed = _NEEDED if not is_group else {it: said for it, said in _NEEDED.items() if it != "name"}
        if lacking := [_(said) for column, said in needed.items() if not cell(column)]:
            told = _("A member needs a name, a grassroots union and a day of admission; missing here: {what}.")
            cell.errors.append(RejectedError(told.format(what=", ".join(lacking))))
        left, left_by = self._leaving(cell)
        admission = Admission(*(cell(column, read) for column, read in self._roster.items()))
        count = cell("members", parse_count, 1)
        if not is_group and count != 1:
            cell.errors.append(RejectedError(_("One person is named, but the number of members is not 1.")))
        name, begun_by = "" if is_group else admission.name, admission.begun_by or members.ADMISSION
        return admission._replace(name=name, begun_by=begun_by, left=left, left_by=left_by, members=count)

    def _departure(self, cell: _Cells) -> Departure:
        left, left_by = self._leaving(cell)
        if not left and not cell.errors:
            cell.errors.append(RejectedError(_("The day on which the member left is missing.")))
        read = ("name", "born", "union", "card", "id_number")
        departure = Departure(left or "", left_by or "", *(cell(it, self._roster[it]) for it in read))
        return departure._replace(member=cell("member"))

    def _leaving(self, cell: _Cells) -> tuple[str | None, str | None]:
        """Read when and why a member left; the heading over the day may say why."""
        days = {it: day for it in LEFT_ON if (day := cell(it, self._once(_past_day)))}
        reasons = {cell("left_by", self._once(members.parse_reason)), *(LEFT_ON[it] for it in days)} - {None}
        told = ""
        if len({*days.values()}) > 1 or len(reasons) > 1:
            told = _("There are two days of leaving here, or two reasons: keep one.")
        elif days and not reasons:
            told = _("This member left on the day given here, but no reason is given: add a column “Lý do”.")
        elif reasons and not days:
            told = _("A reason for leaving is given, but no day.")
        if told and not cell.errors:
            cell.errors.append(RejectedError(told))
        return (days.popitem()[1].isoformat(), reasons.pop()) if days and reasons else (None, None)

    def _columns(self, rows: Sequence[InputRow]) -> Iterable[Admission] | None:
        """Read members column by column, as `_admission` does row by row; None where anything is wrong or unusual."""
        there = set[str]().union(*(row.values for row in rows))
        texts = {
            column: [row.values.get(column, "") for row in rows] if column in there else [""] * len(rows)
            for column in (*self._roster, "members")
        }
        names = " ".join(texts["name"])
        numbers = [it for column in _NUMBERS for it in texts[column] if not it.isdigit()]
        # Many names share few words.
        words = {*names.split(), *" ".join(chain({*texts["union"]}, {*texts["decision"]}, texts["card"])).split()}
        if (
            any(row.values.get(column) for column in there & _SELDOM for row in rows)
            or not {*texts["members"]} <= {"", "1"}
            or not _ERASED.isdisjoint(texts["name"])
            or any(row.fault for row in rows)
            or not all(all(texts[column]) for column in _NEEDED)
            or _DIGIT.search(names)
            or any(not it[0].isalpha() for it in texts["name"])
            or not words.isdisjoint(_TRUTHS)
            or not _NO_VALUES.isdisjoint(texts["name"])
            or _NO_NUMBER.search("\n".join(numbers))
            or "?" in "\n".join(words)
            or _CODED.search("\n".join(words))
            or is_suspect("\n".join(it for it in words if not it.isascii()))
            or max(map(len, chain(texts["name"], texts["union"], texts["card"]))) > LONGEST_NAME
        ):
            return None
        ways = self._roster
        if normalised(names) == names:  # so is each of them
            ways = {**ways, "name": str}
        try:
            return [*map(Admission, *(map(read, texts[column]) for column, read in ways.items()))]
        except UcliError:
            return None

    def _once(self, find: Callable[..., object], *about: object) -> Callable[[str], object]:
        """Return a reader that looks each text up once, however many rows name it."""
        return lambda text: self._found[find, *about, text]

    def _unit(self, day: date | None, among: Sequence[str] = KINDS) -> Callable[[str], object]:
        """Return a reader that finds the unit by its name or code on a day."""
        return lambda text: self._found[_unit, self._db, day, among, text]

    def _union(self, text: str) -> Unit:
        """Find a union; an error repeats the text only if it looks like a union's name, for it may be a person's."""
        try:
            return _unit(self._db, None, GRASSROOTS, text)
        except SeveralError:
            told = _("“{text}” can mean several grassroots unions; type the code or the whole name.")
        except UcliError:
            told = _("The grassroots union “{text}” is not in the ledger.")
            if " " in text and own_name(text) == fold(text):
                told = _("The grassroots union is not in the ledger.")
        raise RejectedError(told.format(text=text[:60]))


def _unit(db: sqlite3.Connection, day: date | None, among: Sequence[str], text: str) -> Unit:
    """Find a unit; a number in a table is always a code, never part of a name."""
    unit = units.find(db, text, among=among, day=day)
    if text.isdigit() and text != unit.code:
        told = _("“{text}” is not the code of a unit.").format(text=text)
        raise RejectedError(told, why=_("A spreadsheet drops leading zeros: 01 becomes 1."))
    return unit


def _require_text(column: str, text: str) -> None:
    """Refuse a text that is damaged, too long, or holds an ID number where none belongs."""
    if len(text) > LONGEST_NAME:
        (name_of if column in _NAMES else remark_of)(text)
    if (column in _NUMBERS and _NO_NUMBER.match(text)) or (column == "code" and _NO_CODE.match(text)):
        told = _(
            "The column of {column} holds a number rounded by a spreadsheet (1,23E+11), a decimal, a day, TRUE or NaN."
        )
        why = _("Its digits are lost: make the column text, and type it again.")
        raise RejectedError(told.format(column=_(_SAID_OF[column])), why=why)
    if column == "name" and (text in _TRUTHS or text in _NO_VALUES or not any(map(str.isalpha, text))):
        raise RejectedError(_("The column of names holds something that is not a name: it has no letter, or is TRUE."))
    if lost := letters_lost(text, is_name=column in _NAMES):
        raise lost
    if column in _FREE_TEXTS:
        members.refuse_id_number(text)


def letters_lost(text: str, *, is_name: bool = True) -> RejectedError | None:
    """Say which old font or wrong encoding a text is in, and the repaired text where certain; None if it is sound."""
    if coded := "://" not in text and _CODED.search(text):
        told = _("Letters of a text are written as codes (“{code}”): get a new copy of the file, or correct it.")
        return RejectedError(told.format(code=coded[0]))
    if _MIXED.search(text):
        return RejectedError(_("A word of Latin letters contains a letter of another alphabet: type the word again."))
    damage = damage_of(text)
    if damage and damage.kind != LOST:
        told = _("The letters are not Unicode; they look like {font}.").format(font=_(_FONTS[damage.kind]))
        why = _("Is it “{text}”?").format(text=damage.repaired[:60]) if damage.repaired else ""
        if damage.kind in DECODERS:
            why = f"{why} " + _("--encoding {kind} reads it that way.").format(kind=damage.kind)
        return RejectedError(told, why=why.strip())
    if damage or ("://" not in text and (_ASKED_IN_A_NAME if is_name else _ASKED).search(text)):
        return RejectedError(
            _("Letters of a text are lost (“?” or “�” in a word): get a new copy of the file, or correct it.")
        )
    return None


def _amount_paid(text: str, *, may_return: bool) -> int:
    """Read an amount; money given back is negative, an unknown amount 0."""
    if fold(text) in UNKNOWN_ALIASES:
        return 0
    return -parse_money(text[1:]) if may_return and text[0] in "-−" else parse_money(text)


def _past_day(text: str) -> date:
    return require_fact_day(day_of(text))


def _no_day(text: str) -> str:
    """Return a value as typed; refuse one that a spreadsheet has turned into a day."""
    try:
        day = day_of(text)
    except RejectedError:
        return text
    told = _("The value is a day, {day}, as spreadsheets turn a share such as 5/6 into: type it as text.")
    raise RejectedError(told.format(day=date_text(day)))


def _day(sentence: str) -> Callable[[str], date]:
    """Return a reader of days whose error does not repeat the text, for it may be personal."""

    def read(text: str) -> date:
        try:
            return day_of(text)
        except UcliError:
            raise RejectedError(_(sentence), why=why_no_day(text)) from None

    return read


_admission_day = _day(marked("The day of admission is not a day like 30/6/2024."))
_birth_day = _day(marked("The birth date is not a day like 30/6/1990."))


def _choice(name: str, sentence: str) -> Callable[[str], str]:
    """Return the reader of a choice; `sentence` is its error, which names the codes."""
    return one_of(codes(name), spoken(name), lambda _text: RejectedError(_(sentence)))


_sector = _choice("economic sector", marked("The sector is none of: nhà nước, sự nghiệp, ngoài nhà nước, FDI."))
_form = _choice("form of support", marked("The form is neither xây mới nor sửa chữa."))
_speaks_for = _choice("units a figure includes", marked("The column for merged units takes “có” or “không”."))
_begun_by = _choice(
    "start of a membership", marked("How the membership began is none of: kết nạp, chuyển sinh hoạt, thành lập.")
)
# Words in front of the kind of a unit: cấp huyện, LĐLĐ huyện.
_BEFORE_A_KIND = re.compile(r"^(?:cap|ldld|lien doan lao dong|cong doan|cd)(?: cap)? ")


def _kind(text: str) -> str:
    """Read the kind of a unit, by its code or as people call it."""
    typed = fold(text)
    kind = KIND_ALIASES.get(typed) or KIND_ALIASES.get(_BEFORE_A_KIND.sub("", typed), typed)
    if kind not in KINDS:
        told = _("“{text}” is not a kind of unit. The kinds are: {kinds}.")
        raise RejectedError(told.format(text=text[:40], kinds=", ".join(f"{_(NAMES[it])} ({it})" for it in KINDS)))
    return kind


def _require_union(text: str) -> None:
    if _kind(text) != UNION:
        raise RejectedError(_("It is not a grassroots union; “ucli import units” takes units of any kind."))


def _refuse(sentence: str, _text: str) -> None:
    raise RejectedError(_(sentence))
