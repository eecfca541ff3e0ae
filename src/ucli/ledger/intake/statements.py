"""Taking in tables of figures and of targets; a value that differs from the one that stands takes its place."""

from collections.abc import Iterable

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, marked
from ucli.ledger import catalogue, figures, targets
from ucli.ledger.intake.rows import (
    SUBJECTS,
    Fault,
    Look,
    Outcome,
    Part,
    Row,
    RowStatus,
    Values,
    cell,
    coded,
    past_day,
    required,
    take_each,
)
from ucli.ledger.operations import Operation
from ucli.values import quantities
from ucli.values.dates import date_text, parse_date
from ucli.values.indicators import Indicator
from ucli.values.numbers import parse_count
from ucli.values.periods import Window
from ucli.values.quantities import refuse_bare_fraction, split_qualifier
from ucli.values.targets import Goal, parse_goal
from ucli.values.units import Unit

FIGURES = (
    *("unit", "period", "indicator", "value", "source", "stated_percent", "weight", "decision"),
    *("speaks_for", "reason", "received"),
)
TARGETS = ("unit", "period", "indicator", "value", "issuer", "decision")

_SPEAKS_FOR = {
    **dict.fromkeys(("co", "yes", "x", "with-predecessors", "ca don vi da sap nhap"), quantities.PREDECESSORS),
    **dict.fromkeys(("khong", "no", "own-only", "rieng don vi"), quantities.OWN),
    quantities.PREDECESSORS: quantities.PREDECESSORS,
    quantities.OWN: quantities.OWN,
}


def state_all(op: Operation, rows: Iterable[Row]) -> Outcome:
    """Write the figures of a table.

    Args:
        op: the operation.
        rows: with the columns of `FIGURES`; a unit, a period, an indicator and a value must be there.

    """
    statements = _Statements(op)
    outcome = take_each(op, rows, statements.take_figure, statements.parts_of_figure)
    outcome.doubtful = statements.doubts
    return outcome


def set_all(op: Operation, rows: Iterable[Row]) -> Outcome:
    """Write the targets of a table, or the revisions of those that stand.

    Args:
        op: the operation.
        rows: with the columns of `TARGETS`; a unit, a period, an indicator and a value must be there.

    """
    statements = _Statements(op)
    return take_each(op, rows, statements.take_target, statements.parts_of_target)


class _Statements:
    def __init__(self, op: Operation) -> None:
        self._op = op
        self._look = Look(op)
        self._indicators: dict[str, Indicator] = {}
        self.doubts: list[Fault] = []
        self._taken: dict[tuple[object, ...], tuple[object, int]] = {}  # the value of each, and the line it is from

        parts: list[Part] = [
            lambda values: self._look.require_known(_unit(values), SUBJECTS),
            _period,
            self._subject,
            self._indicator,
        ]
        self.parts_of_figure: list[Part] = [
            *parts,
            self._statement,
            cell("speaks_for", _speaks_for),
            cell("received", past_day),
        ]
        self.parts_of_target: list[Part] = [*parts, self._goal, cell("issuer", self._look.require_known)]

    def take_figure(self, row: Row) -> RowStatus:
        values = row.values
        indicator = self._indicator(values)
        unit, window = self._subject(values)
        window = window.lasted
        statement = figures.in_time(self._statement(values), window, indicator)
        key = (unit.id, indicator.id, window.start, window.end, statement.kind == quantities.ESTIMATE)
        self._require_one_value(row.line, key, statement)
        before = self._op.rows
        written = figures.state(
            self._op,
            indicator,
            unit,
            window,
            statement,
            source=values.get("source") or None,
            decision=values.get("decision") or None,
            speaks_for=_speaks_for(values["speaks_for"]) if values.get("speaks_for") else None,
            reason=values.get("reason") or None,
            received=past_day(values["received"]) if values.get("received") else None,
            replace=True,
        )
        if self._op.rows == before:
            return RowStatus.UNCHANGED
        if doubt := figures.doubt_about(statement, indicator):
            self.doubts.append(Fault(row.line, doubt))
        return RowStatus.CHANGED if written.revised else RowStatus.NEW

    def take_target(self, row: Row) -> RowStatus:
        values = row.values
        indicator = self._indicator(values)
        unit, window = self._subject(values)
        issuer = self._look.unit(values["issuer"], window.end) if values.get("issuer") else None
        before = self._op.rows
        number, goal, revised = targets.set_target(
            self._op,
            indicator,
            _value(values),
            unit,
            window,
            issuer=issuer,
            decision=values.get("decision") or None,
        )
        self._require_one_value(row.line, (number,), goal)
        if self._op.rows == before:
            return RowStatus.UNCHANGED
        return RowStatus.CHANGED if revised else RowStatus.NEW

    def _require_one_value(self, line: int, key: tuple[object, ...], value: object) -> None:
        there, first = self._taken.setdefault(key, (value, line))
        if there != value:
            raise RefusedError(_("Line {line} gives it another value.").format(line=first))

    def _subject(self, values: Values) -> tuple[Unit, Window]:
        return self._look.subject(_unit(values), _period(values))

    def _indicator(self, values: Values) -> Indicator:
        text = required(values, "indicator", marked("The indicator is missing."))
        if text not in self._indicators:
            self._indicators[text] = catalogue.find_indicator(self._op.db, text)
        return self._indicators[text]

    def _statement(self, values: Values) -> figures.Statement:
        refuse_bare_fraction(split_qualifier(values.get("stated_percent", ""))[1])
        return figures.parse_statement(
            _value(values),
            self._indicator(values),
            percent=values.get("stated_percent") or None,
            weight=parse_count(values["weight"]) if values.get("weight") else None,
        )

    def _goal(self, values: Values) -> Goal:
        return parse_goal(_value(values), self._indicator(values))


def _unit(values: Values) -> str:
    return required(values, "unit", marked("The unit is missing."))


def _speaks_for(text: str) -> str:
    return coded(text, _SPEAKS_FOR, marked("Whether it speaks for merged units is “có” or “không”."))


def _period(values: Values) -> str:
    return required(values, "period", marked("The period is missing."))


def _value(values: Values) -> str:
    """Return the value as it stands.

    Raises:
        RejectedError: there is none, or a spreadsheet made a day of it.

    """
    text = required(values, "value", marked("The value is missing."))
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
