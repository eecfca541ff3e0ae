"""Figures, targets and payouts of ucli's own lists, which part them in columns, put together as they are typed."""

import re
from collections.abc import Mapping

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.columns import spoken
from ucli.values.names import fold
from ucli.values.numbers import UNKNOWN, UNKNOWN_ALIASES, parse_money
from ucli.values.quantities import STATED
from ucli.values.statements import SAYS_NOT_APPLICABLE
from ucli.values.targets import RANGE

# The columns that only lists have.
PARTS = {"part", "whole", "qualifier", "stated_qualifier", "kind", "target_kind", "target_upper", "target_percent"}
PARTS |= {"value_status"}

_SAY_NOTHING = spoken((STATED, RANGE))  # what the number says by itself
_DECIMAL_POINT = re.compile(r"(?<=[0-9])[.](?=[0-9])")


def put_together(kind: str, values: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Return the values of a row, the parts of a figure or target as one text; and what is wrong with them, or nothing.

    A list's words are those that are typed: “ước thực hiện” and “ít nhất” beside 7.000 are “ước thực hiện ít nhất
    7.000”. Percentages are numbers with a comma, or a point as machines write it: 87,5 and 87.5.
    """
    said = dict(values)
    try:
        if kind == "figures":
            _figure(said)
        elif kind == "targets":
            _target(said)
        elif kind == "payouts":
            _payout(said)
        elif "name" in said:
            said["name"] = said["name"].lstrip("· ")  # as a tree sets it in
    except RejectedError as error:
        return said, error.what
    return said, ""


def _figure(said: dict[str, str]) -> None:
    value, percent = said.get("value", ""), said.get("stated_percent", "")
    if said.keys() >= {"part", "whole", "qualifier"}:  # as lists have it, and not as a spreadsheet holds 95%
        percent = _percent(percent)
    share = [said.get(it, "") for it in ("part", "whole")]
    if any(share):
        _require_one(value)
        value = "/".join(share)
    kind = said.get("kind", "")
    if fold(kind) in SAYS_NOT_APPLICABLE:
        _require_one(value or percent)
        said["value"] = kind
        return
    if not value:
        value, percent = percent, ""
    said["value"] = _typed(kind, said.get("qualifier", ""), value)
    said["stated_percent"] = _typed(said.get("stated_qualifier", ""), percent)


def _target(said: dict[str, str]) -> None:
    value, upper = said.get("value", ""), said.get("target_upper", "")
    if percent := _percent(said.get("target_percent", "")):
        _require_one(value or upper)
        value = percent
    said["value"] = f"{value}-{upper}" if upper else _typed(said.get("target_kind", ""), value)


def _payout(said: dict[str, str]) -> None:
    """Say of an amount that is not known that it is; a list says so in a column of its own, beside 0."""
    status = fold(said.get("value_status", ""))
    if status not in ("", *UNKNOWN_ALIASES):
        raise RejectedError(_("What may stand here is “chưa rõ”."))
    if status:
        _require_one(said.get("amount", "").lstrip("0"))
        said["amount"] = UNKNOWN


def amount_paid(text: str, *, may_return: bool) -> int:
    """Read an amount, of money given back below 0; one that is not known is 0."""
    if fold(text) in UNKNOWN_ALIASES:
        return 0
    return -parse_money(text[1:]) if may_return and text[0] in "-−" else parse_money(text)


def _require_one(other: str) -> None:
    """Refuse a value beside one that says it already."""
    if other:
        raise RejectedError(_("A value stands here twice, in several columns: leave one."))


def _typed(*texts: str) -> str:
    """Return a number behind the words that a list has for it, or the codes: at-least."""
    *words, number = texts
    said = [word.replace("-", " ") for word in words if word and fold(word) not in _SAY_NOTHING]
    return " ".join([*said, number]) if number else ""


def _percent(text: str) -> str:
    return f"{_DECIMAL_POINT.sub(',', text.removesuffix('%'))}%" if text else ""
