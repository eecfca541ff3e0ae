"""What is counted now for any unit and window: what findings hold against what was stated or signed off."""

import sqlite3
from collections.abc import Sequence

from ucli.domain.indicators import MONEY, Indicator
from ucli.domain.periods import Window
from ucli.domain.quantities import SIGNS, Quantity, Share
from ucli.ledger.operations import LIVE
from ucli.reports.attainment import Question, Request, counters_of
from ucli.reports.counting import Counter
from ucli.reports.scope import Tree
from ucli.reports.stocks import Stocks
from ucli.reports.structure import node, scope_of
from ucli.vietnamese.numbers import grouped


class Counts:
    """Counts for many units and windows, by the structure of then and as known now.

    Args:
        db: the ledger.
        catalogue: every indicator.

    """

    def __init__(self, db: sqlite3.Connection, catalogue: Sequence[Indicator]) -> None:
        self._db = db
        self.catalogue = catalogue
        self._tree = Tree(db, LIVE - 1)
        self._stocks = Stocks(db, self._tree, catalogue)

    def question(self, window: Window) -> Question:
        return Question(self.catalogue, self._tree, self._stocks, window, window.end, window.end)

    def counter(self, unit: int, window: Window) -> Counter:
        """Return what counts a unit's window, as its report does."""
        whose = node(self._db, unit, window.end, LIVE - 1)
        question = self.question(window)
        request = Request(whose, scope_of(self._db, whose, window, LIVE - 1), question)
        return counters_of(self._db, question, [request.group], one_by_one=True)[0]


def numbers_of(value: Quantity | Share | None) -> tuple[int, ...]:
    """Return the numbers of a value, so that two compare without what hedges them."""
    if isinstance(value, Quantity):
        return (value.value,)
    return (value.part, value.whole) if value else ()


def value_text(value: Quantity | Share | None, indicator: Indicator) -> str:
    """Write a value for people: ≥ 7.000, 5.000.000 đồng, 56/56; 0 where there is nothing."""
    if value is None:
        return number_text(0, indicator.measure)
    sign = SIGNS[value.qualifier]
    if isinstance(value, Share):
        return f"{sign}{grouped(value.part)}/{grouped(value.whole)}"
    return sign + number_text(value.value, indicator.measure)


def number_text(number: int, measure: str) -> str:
    """Write a number for people; money with its unit."""
    return f"{grouped(number)} {MONEY}" if measure.startswith(MONEY) else grouped(number)
