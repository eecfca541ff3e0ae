"""What is typed as a figure: a value, a part of a whole, an estimate, only a percentage, or “not applicable”."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _, chosen
from ucli.values.indicators import AVERAGE, RATIO, Indicator
from ucli.values.names import fold
from ucli.values.numbers import LARGEST, decimal_text, doubt_about_money
from ucli.values.periods import Window
from ucli.values.quantities import (
    ESTIMATE,
    NOT_APPLICABLE,
    STATED,
    Value,
    looks_like_percent,
    looks_like_share,
    parse_quantity,
    parse_share,
    parse_stated_percent,
    split_estimate,
    value_of,
    without_measure,
)

SAYS_NOT_APPLICABLE = ("khong ap dung", "n/a", "not applicable", NOT_APPLICABLE)


class Statement(NamedTuple):
    """A figure's value as typed: a value, a part and a whole, or only a printed percentage."""

    value: int | None = None
    part: int | None = None
    whole: int | None = None
    qualifier: str | None = None
    stated_percent: str | None = None
    stated_qualifier: str | None = None
    kind: str = STATED

    @property
    def number(self) -> Value | None:
        return value_of(self.value, self.part, self.whole, self.qualifier)


def parse_statement(text: str, indicator: Indicator, *, percent: str | None, weight: int | None) -> Statement:
    """Parse a figure's value for its indicator: "hơn 7.000", "96,4 tỷ", "56/56", "ước 500", or only "95%".

    `percent` is a percentage that the source printed beside it, kept but never computed with; `weight` is the number an
    average was taken over.
    """
    if fold(text) in SAYS_NOT_APPLICABLE:
        if percent is not None or weight is not None:
            raise RejectedError(
                _("“{text}” has no percentage and no weight.").format(text=text), instead=_("Leave them out.")
            )
        return Statement(kind=NOT_APPLICABLE)
    is_estimate, text = split_estimate(text)
    text = without_measure(text, indicator.measure)
    statement = Statement()
    if looks_like_percent(text):
        if percent is not None:
            raise RejectedError(
                _("Two percentages are given: {one} and {other}.").format(one=text[:20], other=percent[:20]),
                instead=_("Give the value, and the printed percentage with --stated-percent."),
            )
        percent = text
    else:
        statement = _value(text, indicator, weight)
        if weight is not None and indicator.kind != AVERAGE:
            raise RejectedError(
                _("--weight is for averages, and {indicator} is not an average.").format(indicator=indicator.code),
                instead=_("Leave it out."),
            )
    if percent is not None:
        qualifier, number = parse_stated_percent(percent)
        statement = statement._replace(stated_percent=f"{number:f}", stated_qualifier=qualifier)
    return statement._replace(kind=ESTIMATE) if is_estimate else statement


def _value(text: str, indicator: Indicator, weight: int | None) -> Statement:
    if indicator.kind == AVERAGE and not looks_like_share(text):
        return _average(text, indicator, weight)
    if indicator.is_share:
        may_exceed = indicator.may_exceed or indicator.kind == AVERAGE
        share = parse_share(text, may_exceed=may_exceed, money=indicator.is_money)
        return Statement(part=share.part, whole=share.whole, qualifier=share.qualifier)
    if looks_like_share(text):
        done, _slash, target = text.partition("/")
        raise RejectedError(
            _("“{text}” is two numbers, but {indicator} is one.").format(
                text=text[:60], indicator=indicator.name(chosen())
            ),
            why=_("It reads as a result against a target, or as a part of a whole."),
            instead=_(
                "Record both: ucli add-figure {indicator} {done} …, ucli set-target {indicator} {target} …."
            ).format(indicator=indicator.code, done=done, target=target),
        )
    quantity = parse_quantity(text, money=indicator.is_money, signed=indicator.may_be_negative)
    return Statement(value=quantity.value, qualifier=quantity.qualifier)


def _average(text: str, indicator: Indicator, weight: int | None) -> Statement:
    if not weight:
        raise RejectedError(
            _("An average cannot be added up without the number of items it was taken over."),
            instead=_("Give --weight, like --weight 120, or the total and the number: 1.020.000.000/120."),
        )
    quantity = parse_quantity(text, money=indicator.is_money)
    if quantity.value * weight > LARGEST:
        raise RejectedError(_("The average times its weight is larger than any figure a ledger keeps."))
    return Statement(part=quantity.value * weight, whole=weight, qualifier=quantity.qualifier)


def doubt_about(statement: Statement, indicator: Indicator) -> str | None:
    """Return what is doubtful about a statement; None if nothing is."""
    if indicator.is_money and statement.value and (doubt := doubt_about_money(statement.value)):
        return doubt
    if statement.stated_percent is None:
        return None
    percent = f"{decimal_text(Decimal(statement.stated_percent))}%"
    if statement.value is None and not indicator.is_share:
        return _(
            "{percent}: {indicator} is counted in {measure}; the percentage is kept as printed, but is not a figure."
        ).format(percent=percent, indicator=indicator.code, measure=indicator.measure)
    if indicator.kind == RATIO and not indicator.may_exceed and Decimal(statement.stated_percent) > 100:
        return _("{percent} of {indicator} is more than the whole.").format(percent=percent, indicator=indicator.code)
    return None


def in_time(statement: Statement, window: Window, indicator: Indicator) -> Statement:
    """Return a statement as of the day it is recorded: hedged before its window is over, it is an estimate.

    For a window that has not begun nothing can be stated, for one that is not over no fact.
    """
    today = date.today()  # noqa: DTZ011
    if window.start > today:
        raise RejectedError(
            _("The period {period} has not begun.").format(period=window.text()),
            instead=_("Figures are for what has happened; for goals use “ucli set-target”."),
        )
    if window.end <= today or statement.kind != STATED:
        return statement
    if statement.qualifier or statement.stated_qualifier:
        return statement._replace(kind=ESTIMATE)
    value = stated_text(statement, indicator)
    raise RejectedError(
        _("The period {period} is not over.").format(period=window.text()),
        why=_("A figure for it is either the result to date ({to_date}) or an estimate (“ước {value}”).").format(
            to_date=_to_date(window, today, indicator), value=value
        ),
        instead=_("Give the period to date, or type “ước {value}”.").format(value=value),
    )


def _to_date(window: Window, today: date, indicator: Indicator) -> str:
    """Return the --period for the past part of a window: its days to today, or its full months from January on."""
    if indicator.is_stock:
        return f"--period {today.isoformat()}"
    ways = [f"--period {window.start.isoformat()}..{today.isoformat()}"]
    months = date.fromordinal(today.toordinal() + 1).month - 1 or 12
    if (window.start.month, window.start.day) == (1, 1) and window.start.year == today.year and months < 12:
        ways.insert(0, f"--period {today.year}-{months}M")
    return _(" or ").join(ways)


def stated_text(statement: Statement, indicator: Indicator) -> str:
    """Write a statement for people, without its hedge."""
    if statement.kind == NOT_APPLICABLE:
        return _("not applicable")
    if value := value_of(statement.value, statement.part, statement.whole, qualifier=None):
        return indicator.text(value)
    return f"{decimal_text(Decimal(statement.stated_percent or 0))}%"
