"""The rule between figures: what an office checks of the figures of one unit and window against each other."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ucli.i18n import _, chosen
from ucli.ledger.catalogue import indicators
from ucli.ledger.cross_checks import every
from ucli.ledger.rules import WARNING, Finding, Look, rule
from ucli.reports.checks import STATED, Counts
from ucli.reports.figures import Figure, figures_where
from ucli.values.cross_checks import REPORT, ZERO, CrossCheck, side_text
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.quantities import Quantity, Value

Days = tuple[str, str]  # a first and a last
Stated = dict[str, Figure]  # by code


@rule("C30-cross-check", WARNING)
def figures_agree(look: Look) -> Iterator[Finding]:
    """The figures of a unit for a window agree with each other, as the cross-checks of “ucli checks” say.

    Ask who stated them which one is wrong; if all are right, accept the finding. “ucli add-check” adds a cross-check
    of your own, “ucli void-check” takes one away.
    """
    by_code = {it.code: it for it in indicators(look.db)}
    checks = [it for it in every(look.db) if all(code in by_code for code in it.codes)]
    among = json.dumps([by_code[code].id for code in {code for it in checks for code in it.codes}])
    only = f"{STATED} AND f.indicator IN (SELECT value FROM json_each(:among))"
    codes = {it.id: it.code for it in by_code.values()}
    said: dict[int, dict[tuple[str, Days], Figure]] = defaultdict(dict)
    for figure in figures_where(look.db, only, among=among):
        code = codes[figure.indicator]
        said[figure.unit][code, (figure.end if by_code[code].is_stock else figure.start, figure.end)] = figure
    counts = Counts(look.db, [*by_code.values()])
    for check in checks:
        by_window: dict[Days, dict[int, Stated]] = defaultdict(dict)
        for unit, figures in said.items():
            for days, found in _together(check, by_code, figures):
                by_window[days][unit] = found
        for days, units in by_window.items():
            registered = _registered(counts, check, by_code, days, units)
            for unit, found in units.items():
                values = {code: it.value for code, it in found.items() if it.value is not None}
                yield from _broken(look, check, by_code, unit, found, {**registered.get(unit, {}), **values})


def _together(
    check: CrossCheck, by_code: Mapping[str, Indicator], figures: Mapping[tuple[str, Days], Figure]
) -> Iterator[tuple[Days, Stated]]:
    """Yield the windows for which a unit has stated something of a cross-check, with its figures; a stock by day."""
    codes = check.codes
    flows = [code for code in codes if not by_code[code].is_stock]
    for days in dict.fromkeys(days for code, days in figures if code in (flows or codes)):
        keys = {code: (code, days if code in flows else (days[1], days[1])) for code in codes}
        yield days, {code: figures[key] for code, key in keys.items() if key in figures}


def _registered(
    counts: Counts, check: CrossCheck, by_code: Mapping[str, Indicator], days: Days, units: Mapping[int, Stated]
) -> dict[int, dict[str, Value]]:
    """Return by unit what the registers alone say of what some have not stated."""
    codes = [it for it in check.codes if by_code[it].register]
    asking = [unit for unit, found in units.items() if any(code not in found for code in codes)]
    if not asking:
        return {}
    first, last = map(date.fromisoformat, days)
    window = Window("", first, last)
    counted = {
        (unit, code): counter.count(by_code[code])
        for unit, counter in counts.counters(asking, window, codes).items()
        for code in codes
    }
    known: dict[int, dict[str, Value]] = defaultdict(dict)
    for (unit, code), it in counted.items():
        if it.value is not None and not (it.stated or it.added):
            known[unit][code] = it.value
    return known


def _broken(
    look: Look,
    check: CrossCheck,
    by_code: Mapping[str, Indicator],
    unit: int,
    found: Stated,
    values: dict[str, Value],
) -> Iterator[Finding]:
    missing = [code for code in check.codes if code not in values]
    if missing and check.if_missing == ZERO:
        values |= dict.fromkeys(missing, Quantity(0))
    is_told = bool(missing) and check.if_missing == REPORT
    if not is_told and (values.keys() < {*check.codes} or not check.is_broken_by(values)):
        return
    figures = sorted(found.values(), key=lambda it: it.id)
    about = {
        "check": check.text(lambda code: by_code[code].name(chosen())),
        "period": figures[0].period,
        "figures": ", ".join(str(it.id) for it in figures),
    }
    ref = "-".join([check.code, *(str(it.id) for it in figures)])
    if is_told:
        what = _("{check}, {period}: not stated: {names} (figures {figures}).")
        names = "; ".join(by_code[code].name(chosen()) for code in missing)
        yield Finding(look.code, ref, what.format(**about, names=names), unit, tuple(missing))
        return
    left, right = (side_text(it, lambda code: by_code[code].text(values[code])) for it in (check.left, check.right))
    what = _("{check}, {period}: {left} against {right} (figures {figures}).")
    yield Finding(look.code, ref, what.format(**about, left=left, right=right), unit, _numbers(check.codes, values))


def _numbers(codes: Sequence[str], values: Mapping[str, Value]) -> tuple[object, ...]:
    return tuple(number for code in codes for number in values[code].numbers)
