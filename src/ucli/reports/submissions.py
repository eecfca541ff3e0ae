"""Reports that were handed in beside what they would say now, line by line, and what each of their lines rests on."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from ucli.reports.registers import table_of
from ucli.reports.rows import Change, Said
from ucli.values.indicators import Indicator

# What of a line is compared, by the key of its heading: what follows from it, and what time alone changes, is not.
_COMPARED = {
    "target": "target",
    "target_kind": "target_kind",
    "target_upper": "target_upper",
    "target_percent": "target_percent",
    "value": "actual",
    "qualifier": "qualifier",
    "part": "numerator",
    "whole": "denominator",
}
# Whose facts are whose at all: that is what every sum rests on.
_STRUCTURE = ("ancestry", "succession", "cluster_member")


class Line(NamedTuple):
    """A line of a report that reads otherwise now; None where it was not there, or is no more."""

    indicator: str
    then: Said | None
    now: Said | None

    @property
    def numbers(self) -> tuple[object, ...]:
        """What tells this difference from a later one."""
        return tuple(value for said in (self.then, self.now) for value in (said or {}).values())


def lines_apart(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Line]:
    """Return the lines of two reports, as `ucli.report/1`, in which they differ, those of predecessors too."""
    apart: list[Line] = []
    before, after = _lines(then), _lines(now)
    for key in dict.fromkeys([*before, *after]):
        pairs = zip_longest(before.get(key, []), after.get(key, []))
        apart += [Line(key[0], one, other) for one, other in pairs if one != other]
    return apart


def rests_on(code: str, change: Change, by_code: Mapping[str, Indicator]) -> bool:
    """Tell whether what an indicator comes to rests on a row that changed; its targets are none of it."""
    if change.register in _STRUCTURE:
        return True
    indicator = by_code[code]
    if indicator.counts == "targets":
        return change.register != "unit_name"
    said = change.after or change.before or {}
    if change.register == "figure" and said["indicator"] == code:
        return True
    if indicator.formula:
        left, _sign, right = indicator.formula
        return any(rests_on(it, change, by_code) for it in (left, right))
    if indicator.register is None:
        return False
    programme = indicator.register.partition(":")[2]
    return change.register == table_of(indicator.register) and programme in ("", said.get("programme"))


def has_stock(code: str, by_code: Mapping[str, Indicator]) -> bool:
    """Tell whether an indicator rests on what was before its window: a stock, or what is made of one."""
    formula = by_code[code].formula
    return by_code[code].is_stock or bool(formula and any(has_stock(it, by_code) for it in (formula[0], formula[2])))


def touching(lines: Iterable[str], changes: Sequence[Change], by_code: Mapping[str, Indicator]) -> list[Change]:
    """Return the changes that some lines, by the codes of their indicators, rest on."""
    codes = [code for code in lines if code in by_code]
    return [it for it in changes if any(rests_on(code, it, by_code) for code in codes)]


def _lines(report: Mapping[str, Any]) -> dict[tuple[str, int, str | None], list[Said]]:
    """Return what the lines of a report say, by indicator, place of the part and issuer."""
    lines: dict[tuple[str, int, str | None], list[Said]] = {}
    for place, part in enumerate([report, *report.get("parts", [])]):
        for row in part["rows"]:
            issuer = row["issuer"]["code"] if row.get("issuer") else None
            said: Said = {"indicator": row["indicator"]}
            said |= {key: row[it] for key, it in _COMPARED.items() if row.get(it) is not None}
            lines.setdefault((row["indicator"], place, issuer), []).append(said)
    return lines
