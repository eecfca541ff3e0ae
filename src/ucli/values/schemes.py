"""Scoring schemes (bảng chấm điểm): what earns points and how many, as an office writes it in a table.

A line is a criterion, a bonus, a penalty, a condition or a class; `Line` says what its cells mean for each.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from hashlib import sha256
from io import StringIO
from math import inf
from typing import Any, NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.members import refuse_id_number
from ucli.values.names import fold, normalised
from ucli.values.numbers import parse_decimal

CRITERION, BONUS, PENALTY, CONDITION, CLASS = "criterion", "bonus", "penalty", "condition", "class"
SCORED = (CRITERION, BONUS, PENALTY)
_KINDS = {
    **dict.fromkeys(("tieu chi", "noi dung", CRITERION), CRITERION),
    **dict.fromkeys(("thuong", "diem thuong", "diem cong", BONUS), BONUS),
    **dict.fromkeys(("tru", "diem tru", PENALTY), PENALTY),
    **dict.fromkeys(("dieu kien", CONDITION), CONDITION),
    **dict.fromkeys(("xep loai", "loai", CLASS), CLASS),
}
# The columns with their headings; a kept scheme is written with the first of each.
COLUMNS = {
    "kind": ("Loại", "Kind"),
    "name": ("Nội dung", "Tiêu chí", "Name", "Criterion"),
    "indicator": ("Mã", "Chỉ tiêu", "Mã chỉ tiêu", "Indicator", "Code"),
    "points": ("Điểm", "Điểm tối đa", "Thang điểm", "Points"),
    "rule": ("Cách chấm", "Cách tính", "Rule"),
    "most": ("Tối đa", "Không quá", "Most"),
}
REQUIRED = ("kind", "name", "points")

_PROPORTIONAL = ("", "ty le", "theo ty le", "proportional")
_AS_TYPED = ("diem", "so diem", "theo diem", "points")
_NUMBER = r"[0-9]+(?:,[0-9]+)?"
_STEP = re.compile(rf"({_NUMBER})\s*%\s*[:=]\s*({_NUMBER})(?:\s*(?:diem|points))?\s*(?:[;|,]\s*|$)")
_EACH = re.compile(rf"(?:moi|each)?\s*({_NUMBER})\s*(%?)")
_ATTAINED = re.compile(rf"(?:dat|hoan thanh|attained)\s+({_NUMBER})\s*%(?: chi tieu| of the target)?")
_LEAST = re.compile(rf"(?:moi tieu chi|each criterion)?\s*(?:it nhat|at least|>=|≥)?\s*({_NUMBER})\s*%")


class Line(NamedTuple):
    """One line of a scheme.

    A criterion earns up to `points`: in proportion to attainment, by `steps`, or the number that a figure itself is. A
    bonus or penalty is `points` for every full `each`: of the value, or percent above or below the target; never above
    `most`. A condition is a goal, or how much of the target must be reached: a unit that fails it is left out, or gets
    no better class than `best`. A class takes a total of `points`, and of every criterion at least the share `least`.
    """

    kind: str
    name: str
    indicator: str  # as typed; a class has none
    points: Fraction
    most: Fraction | None = None
    steps: tuple[tuple[Fraction, Fraction], ...] = ()  # (attainment from which, points), the highest first
    as_typed: bool = False
    each: Fraction | None = None
    in_percent: bool = False  # `each` is percent of the target
    goal: str = ""
    attained: Fraction | None = None
    best: str = ""
    least: Fraction = Fraction(0)


class Scheme(NamedTuple):
    """A scheme as a whole."""

    name: str
    lines: tuple[Line, ...]
    text: str  # its rows as a table, by which schemes are compared

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    @property
    def most(self) -> Fraction:
        """The most that all criteria together can earn."""
        return sum((it.points for it in self.lines if it.kind == CRITERION), Fraction(0))

    @property
    def classes(self) -> list[Line]:
        """The classes, the best first."""
        return sorted((it for it in self.lines if it.kind == CLASS), key=lambda it: -it.points)


def scheme_of(name: str, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Scheme:
    """Parse the rows of a table, each with its line in the file, as a scheme.

    Raises:
        RejectedError: a line cannot be read, or there is no criterion.
    """
    lines, kept = [], []
    for number, row in rows:
        cells = {key: normalised(row[key]) for key in COLUMNS}
        if not any(cells.values()):
            continue
        try:
            lines.append(_line(cells))
        except RejectedError as error:
            what = _("Line {line} of the scheme: {what}").format(line=number, what=error.what)
            raise RejectedError(what, why=error.why, instead=error.instead) from error
        kept.append([*cells.values()])
    if not any(it.kind == CRITERION for it in lines):
        raise RejectedError(_("The scheme has no criterion."), instead=_("Add lines of the kind “tiêu chí”."))
    classes = {fold(it.name): it.name for it in lines if it.kind == CLASS}
    for it in lines:
        if it.best and fold(it.best) not in classes:
            raise RejectedError(
                _("The scheme has no class “{name}”.").format(name=it.best),
                instead=_("Name one of {classes}.").format(classes=", ".join(classes.values())) if classes else None,
            )
    lines = [it._replace(best=classes[fold(it.best)]) if it.best else it for it in lines]
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([[it[0] for it in COLUMNS.values()], *kept])
    return Scheme(name, tuple(lines), text.getvalue())


def kept_scheme(name: str, text: str) -> Scheme:
    """Return a scheme from the text it was kept as."""
    _header, *rows = csv.reader(StringIO(text), delimiter=";")
    return scheme_of(name, [(number, dict(zip(COLUMNS, row, strict=True))) for number, row in enumerate(rows, 2)])


def _line(cells: Mapping[str, str]) -> Line:
    kind = _KINDS.get(fold(cells["kind"]))
    if kind is None:
        raise RejectedError(
            _("“{text}” is not a kind of line.").format(text=cells["kind"][:40]),
            instead=_("Write tiêu chí, thưởng, trừ, điều kiện or xếp loại."),
        )
    if not cells["name"] or (kind != CLASS and not cells["indicator"]):
        raise RejectedError(
            _("it lacks a name or an indicator."),
            instead=_("For what no figure gives, add an indicator of your own: “ucli add-indicator”."),
        )
    rule = _rule(kind, fold(cells["rule"]), cells)
    if rule is None:
        raise RejectedError(
            _("“{text}” is not a rule for a line of this kind.").format(text=cells["rule"][:60]),
            instead=_(
                "Write “tỷ lệ”, “điểm” or steps “100%: 20; 80%: 15” for a criterion; “mỗi 1” or “mỗi 10%” for a bonus"
                " or penalty; “tối đa 0”, “85%” or “đạt 50%” for a condition; “mỗi tiêu chí 50%” for a class."
            ),
        )
    points = _number(cells["points"]) if cells["points"] or kind != CONDITION else Fraction(0)
    if kind != CONDITION and cells["most"]:
        rule["most"] = _number(cells["most"])
    line = Line(kind, refuse_id_number(cells["name"]), cells["indicator"], points, **rule)
    if any(earns > points for _from, earns in line.steps):
        raise RejectedError(
            _("a step earns more than the criterion's {points} points.").format(points=cells["points"]),
            instead=_("Points above it need a line of their own, of the kind “thưởng”."),
        )
    if [it[1] for it in line.steps] != sorted((it[1] for it in line.steps), reverse=True):
        raise RejectedError(_("a higher step earns fewer points than a lower one."))
    return line


def _rule(kind: str, rule: str, cells: Mapping[str, str]) -> dict[str, Any] | None:
    """Parse the rule of a line of some kind; None if that kind has none."""
    if kind == CONDITION:
        if attained := _ATTAINED.fullmatch(rule):
            return {"attained": _number(attained[1]) / 100, "best": cells["most"]}
        return {"goal": cells["rule"], "best": cells["most"]} if rule else None
    if kind == CLASS:
        least = _LEAST.fullmatch(rule)
        return {"least": _number(least[1]) / 100} if least else None if rule else {}
    if kind in (BONUS, PENALTY):
        each = _EACH.fullmatch(rule)
        return {"each": _number(each[1]), "in_percent": bool(each[2])} if each and _number(each[1]) else None
    if rule in (*_PROPORTIONAL, *_AS_TYPED):
        return {"as_typed": rule in _AS_TYPED}
    steps = sorted(((_number(it[1]) / 100, _number(it[2])) for it in _STEP.finditer(rule)), reverse=True)
    return {"steps": tuple(steps)} if steps and not _STEP.sub("", rule).strip() else None


def _number(text: str) -> Fraction:
    return Fraction(parse_decimal(text))


def earned(line: Line, attained: Fraction | float, value: Fraction | float) -> Fraction | float:
    """Return the points of a criterion, bonus or penalty at an exact, or infinite, attainment and value.

    They are monotonic in either.
    """
    if line.as_typed:
        return min(max(value, 0), line.points)
    if line.each is not None:
        over = (attained - 1 if line.kind == BONUS else 1 - attained) * 100 if line.in_percent else value
        points = _times(over, line.each) * line.points
        return points if line.most is None else min(points, line.most)
    if line.steps:
        return next((points for least, points in line.steps if attained >= least), Fraction(0))
    return attained * line.points if attained < 1 else line.points


def _times(value: Fraction | float, each: Fraction) -> Fraction | float:
    """Return how many full steps a value holds."""
    if value <= 0:
        return Fraction(0)
    return value if value == inf else Fraction(value // each)
