"""What is worth a look of figures: beside each other, beside what was printed, beside today."""

from ucli.i18n import _, chosen
from ucli.ledger.rules import FAULT, WARNING, Broken, Look, Query, rule
from ucli.values.indicators import MONEY
from ucli.values.targets import EACH_AT_LEAST

# A change is sudden from this factor on, where the larger of the two is not small: in numbers, and in đồng.
_FACTOR, _SMALL, _SMALL_MONEY = 5, 20, 10_000_000
# Windows of one length, as months and half-years are.
_DAYS_APART = 3


def _of_figures(what: str, *, apart: str = "0") -> str:
    """Return the beginning of a query for figures `a`, with their indicators `e` as people read them."""
    return (
        f"SELECT a.unit, a.period, e.name_{chosen()} AS indicator, e.measure, {what}, {apart} AS apart"
        " FROM figure a JOIN indicator_entry e ON e.indicator = a.indicator"
    )


def _apart(one: str, other: str) -> str:
    """Return in SQL by how many times the smaller of two numbers they differ, 0 taken as 1."""
    return f"abs({one} - {other}) * 1.0 / max(min(abs({one}), abs({other})), 1)"


def _told(number: str) -> str:
    """Return in SQL how a number of an indicator is written for people: 7.000, 5.000.000 đồng."""
    return f"replace(printf('%,d', {number}), ',', '.') || iif(e.measure LIKE '{MONEY}%', ' {MONEY}', '')"


_PRINTED = "replace(a.stated_percent, '.', ',') || '%'"


def _in_pairs(windows: str) -> str:
    """Return the beginning of a query for figures `a` and `b` of two windows `i` and `o`, which a condition pairs.

    Windows are few, and by them the figures are found; of a unit with very many each would meet all.
    """
    return (
        "WITH day_pair AS (SELECT DISTINCT start_day, end_day FROM figure), pair AS MATERIALIZED (SELECT i.start_day,"
        " i.end_day, o.start_day AS other_start, o.end_day AS other_end FROM day_pair i JOIN day_pair o"
        f" ON {windows} AND (i.start_day, i.end_day) <> (o.start_day, o.end_day)) "
    )


_OTHER = (
    " CROSS JOIN pair w ON w.start_day = a.start_day AND w.end_day = a.end_day CROSS JOIN figure b ON b.unit = a.unit"
    " AND b.indicator = a.indicator AND b.start_day = w.other_start AND b.end_day = w.other_end AND b.kind = 'stated'"
)
INSIDE = (
    "ON b.unit = a.unit AND b.indicator = a.indicator AND b.id <> a.id AND b.kind = 'stated'"
    " AND a.start_day BETWEEN b.start_day AND b.end_day AND a.end_day <= b.end_day"
)
# A growth may be less than nothing, and then all of a year comes to less than a half of it.
LARGER = (
    "a.kind = 'stated' AND a.value > b.value AND e.counts NOT LIKE '% - %'"
    " AND coalesce(a.qualifier, 'at-least') = 'at-least' AND coalesce(b.qualifier, 'below') = 'below'"
)


@rule("C10-part-larger", FAULT)
def parts_within_the_whole(_look: Look) -> Broken:
    """What a unit states for a part of a period is not more than what it states for all of it.

    One of the two is wrong, or is for other days. Correct it with “ucli add-figure … --replace”.
    """
    yield Query(
        _("{indicator}: {value} in {period} (figure {number}), but {whole} in all of {longer} (figure {other})."),
        _in_pairs("i.start_day BETWEEN o.start_day AND o.end_day AND i.end_day <= o.end_day")
        + _of_figures(
            f"a.id || '-' || b.id AS ref, a.id AS number, b.id AS other, {_told('a.value')} AS value,"
            f" {_told('b.value')} AS whole, b.period AS longer",
            apart=_apart("a.value", "b.value"),
        )
        + f" AND e.kind = 'flow'{_OTHER} WHERE {LARGER} ORDER BY a.id, b.id",
    )


@rule("C15-sudden-change", WARNING)
def no_sudden_change(_look: Look) -> Broken:
    """A figure is not more than five times the one before it, nor less than a fifth of it.

    There may be a zero too many, or another unit of measure. If it is right, accept the finding.
    """
    small = f"CASE WHEN e.measure LIKE 'đồng%' THEN {_SMALL_MONEY} ELSE {_SMALL} END"
    what = _(
        "{indicator}: {value} in {period}, {before} in {earlier},"
        " more than 5 times apart (figures {number} and {other})."
    )
    found = _of_figures(
        f"b.id || '-' || a.id AS ref, a.id AS number, b.id AS other, {_told('a.value')} AS value,"
        f" {_told('b.value')} AS before, b.period AS earlier, b.value || '/' || a.value AS numbers",
        apart=_apart("a.value", "b.value"),
    )
    sudden = (
        f" WHERE a.kind = 'stated' AND max(a.value, b.value) >= {small}"
        f" AND max(a.value, b.value) > {_FACTOR} * min(a.value, b.value) ORDER BY a.id, b.id"
    )
    # The statement before: of a flow for a window of the same length that ended the day before, of a stock the last.
    longer = "abs(julianday(i.end_day) - julianday(i.start_day) - julianday(o.end_day) + julianday(o.start_day))"
    the_day_before = f"o.end_day = date(i.start_day, '-1 day') AND {longer} <= {_DAYS_APART}"
    yield Query(what, f"{_in_pairs(the_day_before)}{found} AND e.kind = 'flow'{_OTHER}{sudden}")
    last = (
        "SELECT c.id FROM figure c WHERE c.unit = a.unit AND c.indicator = a.indicator AND c.kind = 'stated'"
        " AND c.value NOTNULL AND c.end_day < a.end_day ORDER BY c.end_day DESC, c.id DESC LIMIT 1"
    )
    yield Query(what, f"{found} AND e.kind = 'stock' JOIN figure b ON b.id = ({last}){sudden}")


@rule("C20-old-statement", WARNING)
def stated_within_a_year(_look: Look) -> Broken:
    """Every unit that ever stated a stock, and still exists, has stated it within the last year.

    Later changes are known only as far as the registers go. State it again with “ucli add-figure”.
    """
    yield Query(
        _("{indicator}: {value} was stated for {day}, more than a year ago, and not since (figure {number})."),
        _of_figures(f"a.id AS ref, a.id AS number, {_told('a.value')} AS value, strftime('%d/%m/%Y', a.end_day) AS day")
        + " AND e.kind = 'stock' WHERE a.kind = 'stated' AND a.end_day < date('now', 'localtime', '-1 year')"
        " AND NOT EXISTS (SELECT 1 FROM figure b WHERE b.unit = a.unit AND b.indicator = a.indicator"
        " AND b.kind = 'stated' AND b.end_day > a.end_day)"
        " AND NOT EXISTS (SELECT 1 FROM unit_life l WHERE l.unit = a.unit AND l.ended NOTNULL) ORDER BY a.id",
    )


@rule("C21-above-100", WARNING)
def shares_up_to_the_whole(_look: Look) -> Broken:
    """A share printed by a source is not more than 100%.

    It may be a share of the plan: then state the numbers, and set the target. If it is right, accept the finding.
    """
    yield Query(
        _("Figure {number}: {stated} printed for {indicator}, a share: is it a share of the plan?"),
        _of_figures(
            f"a.id AS ref, a.id AS number, {_PRINTED} AS stated, a.stated_percent AS numbers",
            apart=_apart("CAST(a.stated_percent AS REAL)", "100"),
        )
        + " AND e.kind = 'ratio' AND NOT e.may_exceed"
        " WHERE CAST(a.stated_percent AS REAL) > 100 AND coalesce(a.part <= a.whole, 1) ORDER BY a.id",
    )


@rule("C23-printed-percent", WARNING)
def printed_percents(_look: Look) -> Broken:
    """A percentage printed beside numbers agrees with them, as a share or of a target.

    Rounding or cutting is allowed for. The printed one is kept and never used; find out which of them is wrong.
    """
    # Less than one unit of the last digit printed.
    step = "CAST('1e-' || max(length(a.stated_percent) - instr(a.stated_percent || '.', '.'), 0) AS REAL) - 1e-9"
    value = "coalesce(a.part * 1.0 / a.whole, a.value * 1.0)"
    yield Query(
        _("Figure {number}: {stated} printed for {indicator}, but its numbers give {percent}."),
        f"WITH goal AS (SELECT t.unit, t.indicator, t.start_day, t.end_day,"
        f" coalesce(CAST(t.percent AS REAL) / 100, t.low) AS goal FROM target t WHERE t.kind <> '{EACH_AT_LEAST}'"
        " UNION ALL SELECT f.unit, f.indicator, f.start_day, f.end_day, 1.0 FROM figure f"
        " JOIN indicator_entry i ON i.indicator = f.indicator AND i.kind = 'ratio' WHERE f.whole NOTNULL)"
        f" SELECT a.id AS ref, a.id AS number, a.unit, e.name_{chosen()} AS indicator, {_PRINTED} AS stated,"
        f" rtrim(rtrim(replace(printf('%.1f', {value} / g.goal * 100), '.', ','), '0'), ',') || '%' AS percent,"
        f" a.stated_percent || '/' || {value} / g.goal AS numbers,"
        f" {_apart('CAST(a.stated_percent AS REAL)', f'{value} / g.goal * 100')} AS apart,"
        f" min(abs({value} / g.goal * 100 - CAST(a.stated_percent AS REAL))) AS away"
        " FROM figure a JOIN indicator_entry e ON e.indicator = a.indicator"
        " JOIN goal g ON g.unit = a.unit AND g.indicator = a.indicator AND g.start_day = a.start_day"
        " AND g.end_day = a.end_day AND g.goal > 0 WHERE a.kind = 'stated' AND a.stated_percent NOTNULL"
        " AND a.stated_qualifier IS NULL AND a.qualifier IS NULL AND coalesce(a.value, a.whole) NOTNULL"
        f" GROUP BY a.id HAVING away >= {step} ORDER BY a.id",
    )
