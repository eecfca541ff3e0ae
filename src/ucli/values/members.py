"""What is known about a person: as little as the trade needs, and never a whole ID number on a screen."""

import re
from collections.abc import Collection
from datetime import date
from functools import cache

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.values.choices import CHOICES, codes, one_of, spoken
from ucli.values.names import fold, remark_of, seen

# How a membership can begin.
FOUNDING, ADMISSION, TRANSFER = "founding", "admission", "transfer"

# Why a member left: the reasons of the statute, with the words that people type.
LEFT_BY = CHOICES["reason why a member leaves"]
_STAYS = (
    *("dang sinh hoat", "con sinh hoat", "dang cong tac", "dang lam viec", "dang hoat dong", "hoat dong"),
    *("mien sinh hoat", "active"),
)
_LEFT_BY = (
    spoken("reason why a member leaves")
    | {it: it for it in LEFT_BY}
    | dict.fromkeys(
        ("chuyen sinh hoat", "chuyen sinh hoat cong doan", "chuyen sinh hoat doan vien", TRANSFER), TRANSFER
    )
)
# What may follow a reason: (từ 1/6/2024), theo chế độ, do tai nạn; folded.
_BESIDE_A_REASON = re.compile(
    r"\s*(?:\(.*\)|(?:ngay |thang |t)?[0-9][0-9/.-]*"
    r"|\skhac|\s(?:theo|do|vi|tu|ke tu|den|ve|sang|dung tuoi|truoc|som)\b.*)?[.;]?$"
)
# What remarks also say of those who left, without the reason.
_LEFT_FOR_NO_REASON = ("nghi", "da nghi", "nghi che do", "da nghi che do", "da chuyen", "da giam", "giam")
UNION_DISSOLVED = "union-dissolved"
# What else ends a membership, though no one left the trade union: it goes on in another union.
MERGED = "merged"

# Younger people may sign a labour contract in a few trades only, and are unlikely to be members.
_WORKING_AGE = 15
_OLDEST = 100
# What the ledger keeps as the name of an erased person; people read it in their own language.
ERASED = "(đã xóa)"

# What a spreadsheet makes of a code, card or ID number typed as a number; decimals only in the latter two.
NOT_KEPT = r"\d(?:[.,]\d+)?E[+-]\d+|true|false|nan|none|null|\d{4}-\d\d-\d\d(?: .*)?|\d+:\d\d:\d\d"
NO_NUMBER = rf"^(?:{NOT_KEPT}|đúng|sai|\d+,\d+|[1-9]\d*\.\d{{1,2}}|\d+\.0+|0\.\d+)$"

# Digits of an identity number, and of the old card before it.
_LENGTHS = (12, 9)

_TWELVE_DIGITS = re.compile(r"(?:\D*\d){12}")  # a quick test before the slow one
# Twelve digits in a row, or with spaces, dots or dashes between them, that are not part of a longer number.
# Compiled only when a text has as many digits.
_APART = r"[\s.\-\u2010-\u2015]"
_ID_NUMBER = rf"(?<!\d)\d{{12}}(?!\d)|(?<!\d)(?<!\d[.-])\d(?:{_APART}{{0,3}}\d){{11}}(?![.-]?\d)"
# Other things with as many digits: days, a row of years, an amount of money.
_NO_ID_NUMBER = (
    r"(?i)(?<!\d)(?:\d{1,2}[.-]\d{1,2}[.-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
    rf"|(?:19|20)\d\d(?:{_APART}{{1,3}}(?:19|20)\d\d)+"
    r"|(?<!\.)[1-9]\d{0,2}(?:\.\d{3})+(?=\s*(?:đ|vnd|vnđ)))(?!\d)"
)


def _no_sex(_text: str) -> RejectedError:
    return RejectedError(_("The sex is neither nam nor nữ."), instead=_("Type nam or nữ."))


parse_sex = one_of(codes("man or woman"), spoken("man or woman"), _no_sex)  # male or female


def parse_reason(text: str) -> str | None:
    """Parse a reason for leaving, as offices write it; None if it says that the member stays.

    A transfer of the membership to another union is no reason for leaving.
    """
    whole = fold(text).removeprefix("da ")
    for typed in (whole, _BESIDE_A_REASON.sub("", whole)):
        if typed in _STAYS:
            return None
        if reason := _LEFT_BY.get(typed):
            return reason
    raise RejectedError(
        _(
            "The reason why the member left is none of: nghỉ hưu, thôi việc (chấm dứt HĐLĐ), chuyển công tác, xin ra,"
            " khai trừ, từ trần (chết), giải thể, chuyển sinh hoạt."
        )
    )


def says_left(remark: str) -> bool:
    """Tell whether a remark says that a member left, and nothing else: “Nghỉ hưu 1/3/2024”, “đã nghỉ”."""
    if fold(remark) in _LEFT_FOR_NO_REASON:
        return True
    try:
        return parse_reason(remark) is not None
    except RejectedError:
        return False


def parse_id_number(text: str) -> str:
    """Read an identity number: 12 digits, or 9 on the old card. The number is never repeated in the error."""
    if len(text) in _LENGTHS and text.isascii() and text.isdigit():
        return text
    number = "".join(seen(text).split())
    length = len(number) if number.isascii() and number.isdigit() else 0
    if length in _LENGTHS:
        return number
    if length in (8, 10, 11):
        what = _("The ID number given has {count} digits; a spreadsheet drops leading zeros.")
        why = None
    else:
        what, why = _("The ID number given is not valid."), _("It has 12 digits, or 9 on the old card.")
    instead = _("Check the card, and type only the digits.")
    raise RejectedError(what.format(count=length), why=why, instead=instead)


def parse_card(text: str) -> str:
    """Read the number of a union card as typed; refuse what a spreadsheet made of one, which no table would give back.

    The number is never repeated in the error.
    """
    card = remark_of(text.strip())
    if re.match(NO_NUMBER, card, re.IGNORECASE):
        raise RejectedError(
            _("The card number given is a decimal, a day or a rounded number, as spreadsheets make of it."),
            instead=_("Type it as it is on the card."),
        )
    return card


def refuse_id_number(text: str) -> str:
    """Return a text that lists and the log will show as typed; refuse it if it may hold an ID number."""
    if _TWELVE_DIGITS.match(text) and re.search(_ID_NUMBER, re.sub(_NO_ID_NUMBER, "/", text)):
        raise RejectedError(
            _("A text holds what looks like an ID number, which lists or the log would show."),
            instead=_("Leave it out; a member's ID number goes with --id-number, or in a column of its own."),
        )
    return text


def without_id_number(file: str) -> str:
    """Return a file's name as the log keeps it, without anything that looks like an ID number."""
    return re.sub(_ID_NUMBER, "…", file)


def doubts_about(digits: str, sex: str | None, year: str, provinces: Collection[str]) -> list[str]:
    """Return, as messages, how the first six of 12 digits contradict the sex and year recorded.

    The first three are the province (seldom the country) of birth, the fourth is century and sex, the last two the
    year. `provinces` are the valid codes of provinces; `year` is empty if unknown.
    """
    century, is_female = divmod(int(digits[3]), 2)
    said = 1900 + 100 * century + int(digits[4:6])
    doubts = []
    if digits[:3] not in provinces:
        doubts.append(
            marked("The ID number does not begin with the digits of a province; the person may be born abroad.")
        )
    if sex and (sex == "female") != bool(is_female):
        doubts.append(marked("The ID number is for the other sex than the one recorded."))
    if year and int(year) != said:
        doubts.append(marked("The ID number is for another year of birth than the one recorded."))
    elif said > _this_year():
        doubts.append(marked("The ID number is for a person who is not born yet."))
    return doubts


def masked(id_number: str | None) -> str | None:
    """Return an ID number as lists show it: its last three digits."""
    return None if id_number is None else f"***{id_number[-3:]}"


def doubt_about_age(born: str, admitted: str) -> str | None:
    """Return the doubt that somebody was admitted too young or is too old, or None; both days are ISO dates."""
    years = int(admitted[:4]) - int(born[:4])
    if years < _WORKING_AGE or (years == _WORKING_AGE and admitted[4:] < born[4:]):
        return _("Admitted before the age of {years}.").format(years=_WORKING_AGE)
    if born < _too_long_ago():
        return _("More than {years} years old.").format(years=_OLDEST)
    return None


@cache
def _too_long_ago() -> str:
    return f"{_this_year() - _OLDEST:04d}"


def _this_year() -> int:
    return date.today().year  # noqa: DTZ011
