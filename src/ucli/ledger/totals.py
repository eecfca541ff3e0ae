"""Control totals: what was signed off for an indicator, a unit and a window, whatever it is made of."""

from ucli.ledger.figures import Statement
from ucli.ledger.operations import Operation
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.units import Unit


def sign_off(op: Operation, indicator: Indicator, unit: Unit, window: Window, statement: Statement) -> int:
    """Write a control total and return its number; another one for the same takes the place of the first."""
    key = {
        "indicator": indicator.id,
        "unit": unit.id,
        "start_day": window.start.isoformat(),
        "end_day": window.end.isoformat(),
    }
    values = {
        "value": statement.value,
        "part": statement.part,
        "whole": statement.whole,
        "qualifier": statement.qualifier,
    }
    there = op.db.execute(
        "SELECT * FROM control_total WHERE indicator = :indicator AND unit = :unit AND start_day = :start_day"
        " AND end_day = :end_day",
        key,
    ).fetchone()
    if there and all(there[column] == value for column, value in values.items()):
        return int(there["id"])
    if there:
        op.end("control_total", id=there["id"])
    number = op.next_id("control_total")
    op.add("control_total", id=number, **key, period=window.code, **values)
    return number
