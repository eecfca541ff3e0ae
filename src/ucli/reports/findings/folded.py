"""Findings in the order to look at them, and folded where there are too many of a kind to be read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple

from ucli.reports.findings import Finding

# So many lines of a kind are read; what is more is folded.
MOST = 5

_NUMBERS = re.compile(r"(\d+)", re.ASCII)


class Line(NamedTuple):
    """A finding, and how many others its line stands for: of its unit and indicator, or `elsewhere` and itself too."""

    finding: Finding
    more: int = 0
    elsewhere: bool = False


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with faults first, of each kind the worst first."""
    return sorted(findings, key=lambda it: (it.severity, it.code, -it.apart, _numbered(it.ref)))


def folded(findings: Sequence[Finding]) -> Iterator[Line]:
    """Yield findings in order as lines: of a kind with many, the worst of each unit and indicator, and not of all."""
    for _code, of_code in groupby(findings, key=lambda it: it.code):
        kind = list(of_code)
        if len(kind) <= MOST:
            yield from map(Line, kind)
            continue
        places: dict[object, list[Finding]] = {}
        for it in kind:
            # What is of no unit, as a damaged row, is a place of its own.
            places.setdefault((it.unit, it.indicator) if it.unit else it.ref, []).append(it)
        for place in islice(places.values(), MOST):
            yield Line(place[0], len(place) - 1)
        rest = [it for place in islice(places.values(), MOST, None) for it in place]
        if rest:
            yield Line(rest[0], len(rest), elsewhere=True)


def _numbered(ref: str) -> list[str | int]:
    """Return a reference so that 2 comes before 10."""
    return [int(part) if place % 2 else part for place, part in enumerate(_NUMBERS.split(ref))]
