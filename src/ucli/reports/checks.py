"""Rules that count, of what was stated or assigned against what reports say; and findings in their order."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from operator import lt

import ucli.ledger.rules.file
import ucli.ledger.rules.repeats  # noqa: F401  what they find is told too
from ucli.i18n import _, chosen
from ucli.ledger.catalogue import cross_checks, indicators
from ucli.ledger.rules import WARNING, Finding, Look, rule
from ucli.ledger.rules.figures import INSIDE, LARGER
from ucli.ledger.units import unit_at, units_at
from ucli.reports.counting import Counter, Question, count
from ucli.reports.figures import Figure, figures_where
from ucli.reports.registers import keeps
from ucli.reports.scope import Tree, day_after
from ucli.reports.stocks import Stocks
from ucli.reports.structure import Span, children_of, scope_of
from ucli.reports.targets import allocated_below, rows_in_effect
from ucli.values.cross_checks import REPORT, ZERO, CrossCheck, side_text
from ucli.values.dates import date_text
from ucli.values.indicators import MOVEMENTS, Indicator
from ucli.values.periods import Window
from ucli.values.quantities import Quantity, Value
from ucli.values.targets import EACH_AT_LEAST


class Counts:
    """Counts for many units and windows, by the organisation of each day."""

    def __init__(self, db: sqlite3.Connection, catalogue: Sequence[Indicator]) -> None:
        self._db = db
        self.catalogue = catalogue
        self.tree = Tree(db)
        self._stocks = Stocks(db, self.tree, catalogue)

    def counters(self, units: Sequence[int], window: Window, asked: Iterable[str] = ()) -> dict[int, Counter]:
        """Return counters for some units and a window, as in their reports, for some indicators or all."""
        question = Question(self.catalogue, self.tree, self._stocks, window, window.end, window.end, asked=tuple(asked))
        found = units_at(self._db, units, window.end)
        groups = [question.group(it, scope_of(self._db, it, window)) for it in found]
        counters = count(self._db, question, groups, one_by_one=True)
        return {it.id: counter for it, counter in zip(found, counters, strict=True)}

    def moved(self, stock: Indicator, unit: int, first: str, last: str) -> int:
        """Return how much a unit's stock moved between two days, by registers and figures."""
        window = Window("", date.fromisoformat(first), date.fromisoformat(last))
        scope = scope_of(self._db, unit_at(self._db, unit, window.end), window)
        held = self._stocks.held(stock, scope, last) - self._stocks.held(stock, scope, first)
        came, went, ended = self._stocks.passed(stock, scope, day_after(first), last)
        stated = self._stocks.moved(stock, unit, first, last, scope)
        return held + stated.value + came.value - went.value - ended.value


@rule("C16-targets-sum", WARNING)
def targets_handed_on(look: Look) -> Iterator[Finding]:
    """What a unit was assigned is allocated to the units below, no more and no less.

    The report prints both, and the difference. Set the targets below again, or accept the finding.
    """
    db = look.db
    names = {it.id: it for it in indicators(db)}
    for unit, start, end in db.execute(
        "SELECT DISTINCT t.unit, t.start_day, t.end_day FROM target t"
        " WHERE (t.unit IN (SELECT ancestor FROM ancestry WHERE depth = 1)"
        " OR t.unit IN (SELECT cluster FROM cluster_member)) ORDER BY 1, 2, 3"
    ).fetchall():
        window = Window("", date.fromisoformat(start), date.fromisoformat(end))
        as_of = min(date.today(), window.end)  # noqa: DTZ011
        children = children_of(db, unit_at(db, unit, window.end), Span(window.start, window.end))
        allocated = allocated_below(db, unit, children, window, as_of)
        for row in rows_in_effect(db, [unit], window, as_of):
            assigned, below, indicator = row["low"], allocated.get(row["indicator"]), names[row["indicator"]]
            if assigned is None or below in (None, assigned) or row["kind"] == EACH_AT_LEAST:
                continue
            what = _("Target {number}, {indicator} in {period}: assigned {assigned}, allocated below {allocated}.")
            values = {"assigned": Quantity(assigned), "allocated": Quantity(below or 0)}
            yield _finding(look, row["id"], what, unit, indicator, values, number=row["id"], period=row["period"])


@rule("C11-stated-collected", WARNING)
def collected_as_stated(look: Look) -> Iterator[Finding]:
    """A figure equals what is recorded within it: figures of units below or of parts of its period, and registers.

    What was collected may be less while days or units below are open: those may have had the rest. Ask the unit
    that stated it which is right; if both are, accept the finding.
    """
    catalogue = indicators(look.db)
    counts, by_number = Counts(look.db, catalogue), {it.id: it for it in catalogue}
    openings = _Openings(look.db, counts.tree)
    windows: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    registered = [it.id for it in catalogue if it.register]
    only = f"{STATED} AND ({_HOLDS_OTHERS}) AND NOT ({_EXCEEDED})"
    for figure in figures_where(look.db, only, among=json.dumps(registered)):
        if not by_number[figure.indicator].is_stock:
            windows[figure.start, figure.end].append(figure)
    for found in windows.values():
        asked = {by_number[it.indicator].code for it in found}
        counters = counts.counters([*{it.unit for it in found}], found[0].window, asked)
        for figure in found:
            indicator = by_number[figure.indicator]
            counted = counters[figure.unit].count(indicator)
            below = counted.collected.get(figure.id)
            if below is None or figure.value is None or figure.value.numbers == below.numbers:
                continue
            is_more = any(map(lt, figure.value.numbers, below.numbers)) and not indicator.may_be_negative
            if is_more or not openings.any_in(figure, indicator, counted.inside[figure.id]):
                what = _("{indicator}: stated {stated} for {period}, collected from below {below}.")
                values = {"stated": figure.value, "below": below}
                yield _finding(look, figure.id, what, figure.unit, indicator, values, period=figure.period)


STATED = "f.kind = 'stated' AND coalesce(f.value, f.whole) NOTNULL"
# Figures that may include others, or rows of a register.
_HOLDS_OTHERS = (
    "f.indicator IN (SELECT value FROM json_each(:among))"
    " OR EXISTS (SELECT 1 FROM ancestry b WHERE b.ancestor = f.unit AND b.depth = 1)"
    " OR f.unit IN (SELECT unit FROM unit_name WHERE kind = 'cluster')"
    " OR EXISTS (SELECT 1 FROM figure i WHERE i.unit = f.unit AND i.indicator = f.indicator"
    " AND i.id <> f.id AND i.end_day BETWEEN f.start_day AND f.end_day AND i.start_day >= f.start_day)"
)
# A figure exceeded by one for a part of its window is found by another rule.
_EXCEEDED = (
    f"EXISTS (SELECT 1 FROM figure a JOIN figure b {INSIDE} JOIN indicator_entry e ON e.indicator = a.indicator"
    f" AND e.kind = 'flow' WHERE b.id = f.id AND {LARGER})"
)


@rule("C13-stock-balance", WARNING)
def stocks_balance(look: Look) -> Iterator[Finding]:
    """A stock, plus everything that came and went since, gives the next statement.

    Admissions, losses or transfers may be missing, or one of the two statements is wrong. “ucli movement” shows them.
    """
    catalogue = indicators(look.db)
    counts = Counts(look.db, catalogue)
    for stock in (it for it in catalogue if it.is_stock and it.register in MOVEMENTS):
        figures = figures_where(look.db, f"{STATED} AND f.indicator = :stock", stock=stock.id)
        for unit, of_unit in groupby(sorted(figures, key=lambda it: (it.unit, it.id)), key=lambda it: it.unit):
            # The newer of two statements for one day counts.
            by_day = sorted({it.day: it for it in of_unit}.items())
            for (day, before), (last, after) in pairwise(by_day):
                if not isinstance(before.value, Quantity) or not isinstance(after.value, Quantity):
                    continue
                due = before.value.value + counts.moved(stock, unit, day, last)
                if due == after.value.value:
                    continue
                what = _(
                    "{indicator}: {opening} on {day} plus everything that came and went gives {due}, but "
                    "{closing} was stated on {last} (figure {number})."
                )
                values = {"opening": before.value, "due": Quantity(due), "closing": after.value}
                days = {"day": date_text(date.fromisoformat(day)), "last": date_text(date.fromisoformat(last))}
                yield _finding(look, after.id, what, unit, stock, values, number=after.id, **days)


class _Openings:
    """Finds the days of a figure, and the units below, for which nothing is known."""

    def __init__(self, db: sqlite3.Connection, tree: Tree) -> None:
        self._db = db
        self._tree = tree
        self._directly_below: dict[int, list[sqlite3.Row]] = {}

    def any_in(self, figure: Figure, indicator: Indicator, inner: Sequence[Figure]) -> bool:
        """Tell whether smaller figures and kept registers leave a part of a figure open.

        Units are expected to report as in a report: unions only if no other unit is directly below.
        """
        stated: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for it in inner:
            # A state describes how things are, whatever its window.
            stated[it.unit].append((figure.start if indicator.is_state else it.start, it.end))
        # For a unit that states parts of its time registers do not fill the rest.
        goes_by_registers = figure.unit not in stated

        def keeps_it(unit: int) -> bool:
            register = indicator.register if goes_by_registers else None
            return register is not None and keeps(self._db, unit, register, figure.end)

        def open_below(unit: int, days: set[int]) -> bool:
            """Tell whether some days of a unit are open."""
            said = [*stated[unit], *self._not_applicable(unit, indicator)]
            rest = days.difference(*(range(_day(first), _day(last) + 1) for first, last in said))
            if not rest or (unit != figure.unit and keeps_it(unit)):
                return False
            below = [
                (it, {day for day in rest if _day(it["since"]) <= day < _day(it["until"])})
                for it in self._below(unit, figure)
            ]
            below = [it for it in below if it[1]]
            waited = [it for it in below if not it[0]["is_union"]] or below
            if not waited:
                return not keeps_it(unit)
            return any(open_below(child["unit"], its_days) for child, its_days in waited)

        begun, until = self._tree.life(figure.unit)
        return open_below(figure.unit, {*range(_day(max(figure.start, begun)), min(_day(figure.end) + 1, _day(until)))})

    def _not_applicable(self, unit: int, indicator: Indicator) -> list[tuple[str, str]]:
        return self._db.execute(
            "SELECT start_day, end_day FROM figure WHERE unit = ? AND indicator = ? AND kind = 'not-applicable'",
            (unit, indicator.id),
        ).fetchall()

    def _below(self, unit: int, figure: Figure) -> list[sqlite3.Row]:
        """Return the units directly below another, with their days; for a cluster, its units of the year."""
        if unit not in self._directly_below:
            self._directly_below[unit] = self._db.execute(
                "SELECT a.unit, a.from_day AS since, a.to_day AS until, NULL AS year, EXISTS (SELECT 1"
                " FROM unit_name n WHERE n.unit = a.unit AND n.kind IN ('union', 'member-union')) AS is_union"
                " FROM ancestry a WHERE a.ancestor = :unit AND a.depth = 1 UNION ALL"
                " SELECT m.unit, l.from_day, l.to_day, m.year, 0 FROM cluster_member m"
                " JOIN ancestry l ON l.unit = m.unit AND l.depth = 0 WHERE m.cluster = :unit",
                {"unit": unit},
            ).fetchall()
        return [it for it in self._directly_below[unit] if it["year"] in (None, int(figure.end[:4]))]


# What an office checks of the figures of one unit and window against each other.

Days = tuple[str, str]  # a first and a last
Stated = dict[str, Figure]  # by code


@rule("C30-cross-check", WARNING)
def figures_agree(look: Look) -> Iterator[Finding]:
    """The figures of a unit for a period agree with each other, as the checks of “ucli checks” require.

    Ask the unit which one is wrong; if all are right, accept the finding. “ucli add-check” adds a check
    of your own, “ucli void-check” removes one.
    """
    by_code = {it.code: it for it in indicators(look.db)}
    checks = [it for it in cross_checks(look.db) if all(code in by_code for code in it.codes)]
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
    """Yield the windows for which a unit has stated a part of a cross-check, with its figures; stocks by day."""
    codes = check.codes
    flows = [code for code in codes if not by_code[code].is_stock]
    for days in dict.fromkeys(days for code, days in figures if code in (flows or codes)):
        keys = {code: (code, days if code in flows else (days[1], days[1])) for code in codes}
        yield days, {code: figures[key] for code, key in keys.items() if key in figures}


def _registered(
    counts: Counts, check: CrossCheck, by_code: Mapping[str, Indicator], days: Days, units: Mapping[int, Stated]
) -> dict[int, dict[str, Value]]:
    """Return by unit what the registers say about indicators that it has not stated."""
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
    numbers = tuple(number for code in check.codes for number in values[code].numbers)
    yield Finding(look.code, ref, what.format(**about, left=left, right=right), unit, numbers)


def _day(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _finding(
    look: Look,
    ref: object,
    what: str,
    unit: int,
    indicator: Indicator,
    values: Mapping[str, Value | None],
    **said: object,
) -> Finding:
    """Return a finding on values whose last two should agree, with their distance."""
    numbers, name = [it.numbers if it else () for it in values.values()], indicator.name(chosen())
    apart = max((abs(a - b) / max(min(abs(a), abs(b)), 1) for a, b in zip(*numbers[-2:], strict=False)), default=0)
    texts = {key: indicator.text(it or Quantity(0)) for key, it in values.items()}
    return Finding(
        look.code, str(ref), what.format(indicator=name, **texts, **said), unit, sum(numbers, ()), name, apart
    )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings: errors first, in each kind the worst first, and 2 before 10."""

    def numbered(ref: str) -> list[str | int]:
        return [int(it) if place % 2 else it for place, it in enumerate(re.split(r"([0-9]+)", ref))]

    return sorted(findings, key=lambda it: (it.severity, it.code, -it.apart, numbered(it.ref)))
