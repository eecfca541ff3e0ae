"""Rows of text become rows of values: what each cell of a table says, or why it says nothing.

Units, days and periods are looked up once for all rows that name them. Members, who come by the hundred thousand, are
read column by column; where anything in them is wrong or rare, row by row, so that the words are the same.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain, repeat
from typing import Any, NamedTuple, TypeVar

from ucli.errors import RejectedError, SeveralError, UcliError
from ucli.i18n import _, marked
from ucli.ledger import catalogue, members, payouts, periods, units
from ucli.ledger.figures import Figure, parse_statement
from ucli.ledger.memberships import find_member
from ucli.ledger.operations import Operation
from ucli.ledger.targets import Target
from ucli.ledger.unions import Founding
from ucli.values import quantities
from ucli.values.dates import date_text, parse_date
from ucli.values.indicators import Indicator
from ucli.values.members import parse_id_number, parse_sex, refuse_id_number
from ucli.values.names import fold, own_name
from ucli.values.numbers import parse_count, parse_money
from ucli.values.periods import Window
from ucli.values.quantities import refuse_bare_fraction, split_qualifier
from ucli.values.texts import LONGEST_NAME, name_of, remark_of
from ucli.values.units import CLUSTER, KINDS, SECTOR_ALIASES, UNION, Unit, require_fact_day, require_founders

# The columns that name somebody or something; what else stands in a row may be as long as a remark.
_NAMES = ("name", "union", "unit", "parent", "code", "issuer", "programme", "indicator", "member", "beneficiary")
# The columns of which the texts are kept and shown as they are.
_FREE_TEXTS = ("name", "beneficiary", "fund", "source", "decision")

# Whom figures and targets are about.
_SUBJECTS = (*KINDS, CLUSTER)
_SPEAKS_FOR = {
    **dict.fromkeys(("co", "yes", "x", "with-predecessors", "ca don vi da sap nhap"), quantities.PREDECESSORS),
    **dict.fromkeys(("khong", "no", "own-only", "rieng don vi"), quantities.OWN),
    quantities.PREDECESSORS: quantities.PREDECESSORS,
    quantities.OWN: quantities.OWN,
}

_ROSTER = ("name", "union", "admitted", "born", "sex", "card", "id_number", "decision", "left")
_NOTHING: dict[Hashable, Any] = {"": None}
Value = TypeVar("Value")
Values = Mapping[str, str]  # what stands in a row, by column; empty or not there where nothing does


class Row(NamedTuple):
    line: int  # as the officer's own program numbers it
    values: Values
    fault: str = ""  # why what stands in it could not be read


class Memo(dict[Hashable, Value]):
    """What a text means, read once for all rows that hold it, or why it means nothing."""

    def __init__(self, read: Callable[[Any], Value], known: Mapping[Hashable, Value] = {}) -> None:
        super().__init__(known)
        self._read = read
        self._wrong: dict[Hashable, UcliError] = {}

    def __missing__(self, key: Hashable) -> Value:
        if key in self._wrong:
            raise self._wrong[key]
        try:
            self[key] = value = self._read(key)
        except UcliError as error:
            self._wrong[key] = error
            raise
        return value


class _Cells:
    """The cells of one row, and all that is wrong with them."""

    def __init__(self, row: Row) -> None:
        self.values = row.values
        self.errors: list[UcliError] = []

    def __call__(
        self, column: str, read: Callable[[str], object] = str, default: object = None, *, missing: str = ""
    ) -> Any:
        """Read a cell; what is wrong with it is noted, with the sentence for one that must not be empty."""
        text = self.values.get(column)
        try:
            if text:
                return read(text)
            if missing:
                raise RejectedError(_(missing))
        except UcliError as error:
            self.errors.append(error)
        return default

    def text(self, column: str) -> str | None:
        return self.values.get(column) or None


class Reader:
    """Reads rows of each kind: units, days and periods are looked up once for all rows that name them."""

    def __init__(self, op: Operation, kind: str, *, confirmed: bool) -> None:
        self._db = op.db
        self._confirmed = confirmed
        self._kind = kind
        self._say = {
            "members": self._member,
            "unions": self._founding,
            "payouts": self._payout,
            "figures": self._figure,
            "targets": self._target,
        }[kind]
        self._days = Memo(lambda text: require_fact_day(parse_date(text)))
        self._units: Memo[Unit] = Memo(self._unit)
        self._terms = Memo(lambda text: periods.is_term(self._db, text))
        self._windows: Memo[Window] = Memo(lambda text: periods.find_window(self._db, text))
        self._indicators: Memo[Indicator] = Memo(lambda text: catalogue.find_indicator(self._db, text))
        self._programmes = Memo(lambda text: catalogue.find_programme(self._db, text))
        self._admissions = Memo(_admission_day)
        self._births = Memo(_birth_day, _NOTHING)
        self._sexes = Memo(parse_sex, _NOTHING)
        self.unions: Memo[Unit] = Memo(self._union)
        self._words = Memo(name_of)
        self._decisions = Memo(lambda text: refuse_id_number(remark_of(text)).strip() or None, _NOTHING)

    def read_all(self, rows: Sequence[Row]) -> Iterable[tuple[Any, Sequence[UcliError]]]:
        """Return what rows say, and all that is wrong with them."""
        columns = self._columns(rows) if self._kind == "members" else None
        return map(self._read, rows) if columns is None else zip(columns, repeat(()))

    def _columns(self, rows: Sequence[Row]) -> Iterable[members.Admission] | None:
        """Read members column by column, as `_read` does row by row; None where anything in them is wrong or rare."""
        names, unions, admitted, born, sexes, cards, numbers, decisions, left = (
            [row.values.get(column, "") for row in rows] for column in _ROSTER
        )
        digits = "".join(numbers)
        if (
            any(left)
            or any(row.fault for row in rows)
            or not (all(names) and all(unions) and all(admitted))
            or any(map(str.isdigit, "".join(names)))
            or max(map(len, chain(names, unions, cards))) > LONGEST_NAME
            or not (digits.isascii() and (digits + "0").isdigit() and {*map(len, numbers)} <= {0, 9, 12})
        ):
            return None
        try:
            columns = (
                map(self.unions.__getitem__, unions),
                [" ".join(map(self._words.__getitem__, name.split())) for name in names],
                map(self._admissions.__getitem__, admitted),
                map(self._births.__getitem__, born),
                map(self._sexes.__getitem__, sexes),
                (card.strip() or None for card in cards),
                (number or None for number in numbers),
                map(self._decisions.__getitem__, decisions),
            )
            return list(map(members.Admission, *columns))
        except UcliError:
            return None

    def _read(self, row: Row) -> tuple[Any, list[UcliError]]:
        """Return what a row says, and all that is wrong with it, each once."""
        cells = _Cells(row)
        if not row.fault:
            for column in row.values:
                cells(column, partial(_require_text, column))
        # Where cells could not be made out at all, what stands in them says nothing.
        if row.fault or cells.errors:
            return None, cells.errors[:1] or [RejectedError(row.fault)]
        value = self._say(cells)
        return value, list({error.what: error for error in cells.errors}.values())

    def _payout(self, cell: _Cells) -> payouts.Payout:
        day = cell("day", self._days.__getitem__, missing=marked("The day of the payout is missing."))
        payout = payouts.Payout(
            unit=cell("unit", self._on(day), missing=marked("The unit that paid is missing.")),
            programme=cell("programme", self._programmes.__getitem__, missing=marked("The programme is missing.")),
            day=day,
            amount=cell("amount", parse_money, 0),
            in_kind=cell("in_kind", parse_money, 0),
            recipients=cell("recipients", parse_count, 1),
            form=cell("form", _one_of(payouts.FORM_ALIASES, marked("The form is neither xây mới nor sửa chữa."))),
            fund=cell.text("fund"),
            decision=cell.text("decision"),
            member=cell("member", lambda text: find_member(self._db, text)),
            beneficiary=cell("beneficiary", name_of),
        )
        if cell.text("member") and cell.text("beneficiary"):
            cell.errors.append(RejectedError(_("A member and another beneficiary cannot both be named.")))
        return payout

    def _founding(self, cell: _Cells) -> Founding:
        founded = cell("founded", self._days.__getitem__, missing=marked("The day of the founding is missing."))
        sectors = marked("The sector is none of: nhà nước, sự nghiệp, ngoài nhà nước, FDI.")
        founding = Founding(
            name=cell("name", name_of, missing=marked("The union has no name.")),
            parent=cell("parent", self._on(founded), missing=marked("The unit that it stands under is missing.")),
            founded=founded,
            code=cell.text("code"),
            sector=cell("sector", _one_of(SECTOR_ALIASES, sectors)),
            founders=cell("members", parse_count),
            decision=cell.text("decision"),
        )
        if cell.errors:  # of a union that is there already the verb does not ask
            cell("members", lambda _text: require_founders(founding.founders, confirmed=self._confirmed))
        return founding

    def _figure(self, cell: _Cells) -> Figure:
        indicator, unit, window, value = self._subject(cell)
        weight = cell("weight", parse_count)
        cell("stated_percent", lambda text: refuse_bare_fraction(split_qualifier(text)[1]))
        percent = cell.text("stated_percent")
        statement = None
        if indicator and value:
            statement = cell("value", lambda text: parse_statement(text, indicator, percent=percent, weight=weight))
        speaks_for = _one_of(_SPEAKS_FOR, marked("Whether it speaks for merged units is “có” or “không”."))
        return Figure(
            indicator,
            unit,
            window,
            statement,  # type: ignore[arg-type]  # without one the row is wrong
            source=cell.text("source"),
            decision=cell.text("decision"),
            speaks_for=cell("speaks_for", speaks_for),
            reason=cell.text("reason"),
            received=cell("received", self._days.__getitem__),
        )

    def _target(self, cell: _Cells) -> Target:
        indicator, unit, window, value = self._subject(cell)
        issuer = cell("issuer", self._on(window and window.end))
        target = Target(indicator, value, unit, window, issuer, decision=cell.text("decision"))
        if indicator and value:
            cell("value", lambda _text: target.goal)
        return target

    def _member(self, cell: _Cells) -> members.Admission:
        what = {"name": _("name"), "union": _("grassroots union"), "admitted": _("day of admission")}
        if lacking := [said for column, said in what.items() if not cell.text(column)]:
            told = _("A member needs a name, a grassroots union and a day of admission; missing here: {what}.")
            cell.errors.append(RejectedError(told.format(what=", ".join(lacking))))
        cell("left", _refuse_left)
        return members.Admission(
            union=cell("union", self.unions.__getitem__),
            name=cell("name", name_of),
            admitted=cell("admitted", self._admissions.__getitem__),
            born=cell("born", self._births.__getitem__),
            sex=cell("sex", self._sexes.__getitem__),
            card=cell("card", lambda text: text.strip() or None),
            id_number=cell("id_number", parse_id_number),
            decision=cell("decision", self._decisions.__getitem__),
        )

    def _subject(self, cell: _Cells) -> tuple[Indicator, Unit, Window, str]:
        """Read what figures and targets are about: an indicator, a unit by what it was called then, and a window."""
        is_term = cell("period", self._terms.__getitem__, missing=marked("The period is missing."))
        window = None if is_term else cell("period", self._windows.__getitem__)
        on_the_day = self._on(window and window.end, _SUBJECTS)
        unit = cell("unit", on_the_day, missing=marked("The unit is missing."))
        if is_term and unit:
            window = cell("period", lambda text: periods.find_window(self._db, text, unit=unit.id))
        indicator = cell("indicator", self._indicators.__getitem__, missing=marked("The indicator is missing."))
        return indicator, unit, window, cell("value", _no_day, missing=marked("The value is missing."))  # type: ignore[return-value]

    def _on(self, day: date | None, among: Sequence[str] = KINDS) -> Callable[[str], Unit]:
        """Return what finds the unit that a name or code meant on a day."""
        return lambda text: self._units[text, day, among]

    def _unit(self, asked: tuple[str, date | None, Sequence[str]]) -> Unit:
        text, day, among = asked
        return _require_code(text, units.find(self._db, text, among=among, day=day))

    def _union(self, text: str) -> Unit:
        """Find a union; its name is repeated if it looks like one, for it may be a name in the wrong column."""
        try:
            return _require_code(text, units.find(self._db, text, among=(UNION,)))
        except SeveralError:
            told = _("The grassroots union “{text}” can be several; type its code or its whole name.")
        except UcliError:
            told = _("The grassroots union “{text}” is not in the ledger.")
            if " " in text and own_name(text) == fold(text):
                told = _("The grassroots union is not in the ledger.")
        raise RejectedError(told.format(text=text[:60]))


def _require_text(column: str, text: str) -> None:
    """Refuse what could not be typed: too long, or an ID number."""
    if len(text) > LONGEST_NAME:
        (name_of if column in _NAMES else remark_of)(text)
    if column in _FREE_TEXTS:
        refuse_id_number(text)


def _require_code(text: str, unit: Unit) -> Unit:
    """Return the unit that was found; a number in a table is a code, and never a part of a name."""
    if text.isdigit() and text != unit.code:
        raise RejectedError(
            _("“{text}” is no unit's code.").format(text=text), why=_("A spreadsheet cuts off zeros: 01 becomes 1.")
        )
    return unit


def _one_of(aliases: Mapping[str, str], sentence: str) -> Callable[[str], str]:
    """Return what reads a code, or what people say for it; the sentence says what there is."""

    def read(text: str) -> str:
        code = aliases.get(fold(text), fold(text))
        if code not in aliases.values():
            raise RejectedError(_(sentence))
        return code

    return read


def _no_day(text: str) -> str:
    """Return a value as it stands; refuse one that a spreadsheet made a day of."""
    try:
        day = parse_date(text)
    except RejectedError:
        return text
    shares = dict.fromkeys((f"{day.day}/{day.month}", f"{day.month}/{day.day}"))
    raise RejectedError(
        _("The value is a day, {day}, as spreadsheets make of a share: was it {shares}? Type it as text.").format(
            day=date_text(day), shares=_(" or ").join(shares)
        )
    )


def _admission_day(text: str) -> str:
    try:
        day = parse_date(text)
    except UcliError:
        raise RejectedError(_("The day of admission is not a day like 30/6/2024.")) from None
    return require_fact_day(day).isoformat()


def _birth_day(text: str) -> str:
    try:
        return parse_date(text).isoformat()
    except UcliError:
        said = _("The birth date is not a day like 30/6/1990.")
        if len(text) == 4 and text.isdecimal() and text[0] in "12":  # offices often know the year alone
            said = _("The birth date is only a year; the ledger needs a day, or an empty cell.")
        raise RejectedError(said) from None


def _refuse_left(_text: str) -> None:
    raise RejectedError(_("This member has left, on the day that stands here, and is not admitted."))
