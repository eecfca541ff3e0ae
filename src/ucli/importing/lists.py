"""Figures, targets and payouts of ucli's own lists, which part them in columns, put together as they are typed."""

import re
from collections.abc import Callable, Mapping

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.importing.columns import one_of
from ucli.values.names import fold
from ucli.values.numbers import UNKNOWN, UNKNOWN_ALIASES, parse_money
from ucli.values.quantities import ABOUT, AT_LEAST, BELOW, ESTIMATE, NOT_APPLICABLE, SIGNS, STATED
from ucli.values.targets import AT_LEAST as GOAL_AT_LEAST
from ucli.values.targets import AT_MOST, EACH_AT_LEAST, MORE_THAN, RANGE

# The columns that only lists have.
PARTS = {"part", "whole", "qualifier", "stated_qualifier", "kind", "target_kind", "target_upper", "target_percent"}
PARTS |= {"value_status"}

# What stands before the number for what lists say.
_HEDGES = {"": "", AT_LEAST: SIGNS[AT_LEAST], BELOW: SIGNS[BELOW], ABOUT: SIGNS[ABOUT]}
_KINDS = {"": "", STATED: "", ESTIMATE: "ước ", NOT_APPLICABLE: "n/a"}
_GOALS = {"": "", GOAL_AT_LEAST: "≥ ", AT_MOST: "≤ ", MORE_THAN: "> ", EACH_AT_LEAST: "mỗi đơn vị ít nhất ", RANGE: ""}
_DECIMAL_POINT = re.compile(r"(?<=[0-9])[.](?=[0-9])")


def _reader(words: Mapping[str, str], sentence: str) -> Callable[[str], str]:
    """Return what reads a word of a list for what is typed; the sentence says what there is."""
    read = one_of({code: code for code in words}, sentence)
    return lambda text: words[read(text)]


_hedge = _reader(_HEDGES, marked("The hedge is none of: ít nhất, dưới, xấp xỉ."))
_kind = _reader(_KINDS, marked("The kind of figure is none of: số thực hiện, ước thực hiện, không áp dụng."))
_goal = _reader(
    _GOALS, marked("The kind of target is none of: ít nhất, tối đa, trong khoảng, trên mức, mỗi đơn vị ít nhất.")
)


def put_together(kind: str, values: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Return the values of a row, the parts of a figure or target as one text; and what is wrong with them, or nothing.

    Percentages are numbers with a comma, or a point as machines write it: 87,5 and 87.5.
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
    if any(share) and value:
        raise RejectedError(_("A value stands here, and a part and a whole beside it: leave one."))
    value = value or (f"{share[0]}/{share[1]}" if any(share) else "")
    hedge, kind = _hedge(said.get("qualifier", "")), _kind(said.get("kind", ""))
    if kind == "n/a":
        if value or percent:
            raise RejectedError(_("What is not applicable has no value."))
        said["value"] = kind
        return
    if value:
        percent_hedge = _hedge(said.get("stated_qualifier", ""))
        said["stated_percent"] = percent and f"{percent_hedge}{percent}"
    else:
        value, said["stated_percent"] = percent, ""
    said["value"] = value and f"{kind}{hedge}{value}"


def _target(said: dict[str, str]) -> None:
    kind = _goal(said.get("target_kind", ""))
    value, upper = said.get("value", ""), said.get("target_upper", "")
    percent = _percent(said.get("target_percent", ""))
    if percent and (value or upper):
        raise RejectedError(_("A target in percent stands here, and a number beside it: leave one."))
    said["value"] = f"{kind}{percent or value}" if percent or value else ""
    if upper:
        said["value"] = f"{value}-{upper}"


def _payout(said: dict[str, str]) -> None:
    """Say of an amount that is not known that it is; a list says so in a column of its own, beside 0."""
    status = fold(said.get("value_status", ""))
    if status not in ("", *UNKNOWN_ALIASES):
        raise RejectedError(_("What may stand here is “chưa rõ”."))
    if status and said.get("amount", "") not in ("", "0"):
        raise RejectedError(_("An amount stands here, and that it is not known: leave one."))
    if status:
        said["amount"] = UNKNOWN


def amount_paid(text: str, *, may_return: bool) -> int:
    """Read an amount, of money given back below 0; one that is not known is 0."""
    if fold(text) in UNKNOWN_ALIASES:
        return 0
    return -parse_money(text[1:]) if may_return and text[0] in "-−" else parse_money(text)


def _percent(text: str) -> str:
    return f"{_DECIMAL_POINT.sub(',', text.removesuffix('%'))}%" if text else ""
