"""Scores as a sheet: schema `ucli.score/1`, keys only ever added."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import ceil, floor

from ucli.i18n import _
from ucli.render import Column, Record, Sheet
from ucli.render.cells import Measured
from ucli.render.labels import naming
from ucli.render.ranking import in_order
from ucli.reports.attainment import Report
from ucli.reports.scoring import Score
from ucli.values.attainment import NO_DATA, NO_TARGET, UNDECIDED
from ucli.values.indicators import Indicator
from ucli.values.quantities import NOT_APPLICABLE
from ucli.values.schemes import BONUS, CRITERION, PENALTY, SCORED, Line, Scheme

_SIGNS = {CRITERION: "", BONUS: "+ ", PENALTY: "− "}


def scoring_sheet(
    report: Report,
    scores: Sequence[Score],
    scheme: Scheme,
    indicators: Mapping[str, Indicator],
    decimals: int,
    *,
    is_kept: bool,
) -> Sheet:
    """Return units by points as a sheet, with a column for each line of the scheme that earns points."""
    lines = [it for it in scheme.lines if it.kind in SCORED]
    columns = [
        *(_of_line(it, number, indicators[it.indicator].code, decimals) for number, it in enumerate(lines)),
        Column(_("Total"), partial(_total, decimals=decimals), "total", lambda it: _bare(_shown(it.total, decimals))),
        Column(_("Class") if scheme.classes else "", _grade, "class", lambda it: it.grade and it.grade.name),
        _of_points(_("To the next place"), partial(_missing, decimals=decimals), "to_next"),
    ]
    about = {"name": scheme.name, "sha256": scheme.digest, "kept": is_kept, "most": _bare(_shown(scheme.most, 2))}
    return in_order(
        report,
        scores,
        columns,
        _notes(scores, scheme),
        partial(_record, decimals=decimals),
        schema="ucli.score/1",
        subject={"scheme": about},
        title=_("Units by points: {title}"),
        day=report.as_of,
    )


def _of_line(line: Line, number: int, code: str, decimals: int) -> Column:
    def cell(score: Score) -> Measured | None:
        points = score.points[number]
        return _shown(points.counted, decimals, mark="?" if points.state else "") if points.is_asked else None

    most = line.points if line.kind == CRITERION else line.most
    heading = _SIGNS[line.kind] + line.name
    heading += f" ({_shown(most, 2)})" if most is not None else ""
    return _of_points(heading, cell, f"{number + 1}_{line.kind}_{code}")


def _of_points(heading: str, cell: Callable[[Score], Measured | None], key: str) -> Column:
    """Return a column of points, a bare number for machines."""
    return Column(heading, cell, key, lambda it: _bare(cell(it)))


def _total(score: Score, decimals: int) -> Measured | None:
    if not (score.is_ranked or score.is_left_out):
        return None  # it does not apply
    return _shown(score.total, decimals, mark="?" if score.low != score.high else "")


def _grade(score: Score) -> str | None:
    if score.is_left_out:
        return _("left out")
    if not score.is_ranked:
        return None
    return f"{score.grade.name if score.grade else '—'}{'?' if score.grade_uncertain else ''}"


def _shown(points: Fraction, decimals: int, *, mark: str = "", up: bool = False) -> Measured:
    """Write points with limited decimals: points cut, missing points rounded up, so that neither flatters."""
    cut = Decimal((ceil if up else floor)(points * 10**decimals)).scaleb(-decimals)
    return Measured(cut.quantize(Decimal(1)) if cut == cut.to_integral_value() else cut.normalize(), suffix=mark)


def _missing(score: Score, decimals: int) -> Measured | None:
    return None if score.missing is None else _shown(score.missing, decimals, up=True)


def _bare(points: Measured | None) -> str | None:
    return None if points is None else f"{points.number:f}"


def _exact(points: Fraction | float | None) -> list[int] | None:
    """Return points as numerator and denominator; None if unbounded."""
    return [*points.as_integer_ratio()] if isinstance(points, Fraction) else None


def _record(score: Score, decimals: int) -> Record:
    return {
        "total": _bare(_shown(score.total, decimals)),
        "exact": _exact(score.total),
        "least": _exact(score.low),
        "most": _exact(score.high),
        "class": score.grade and score.grade.name,
        "class_uncertain": score.grade_uncertain,
        "to_next": _bare(_missing(score, decimals)),
        "left_out": score.is_left_out,
        "failed": [it.name for it in score.failed],
        "undecided": [it.name for it in score.open],
        "points": [
            {
                "kind": it.line.kind,
                "name": it.line.name,
                "indicator": it.indicator.code,
                "points": _bare(_shown(it.counted, decimals)) if it.is_asked else None,
                "exact": _exact(it.counted) if it.is_asked else None,
                "of": _bare(_shown(it.line.points, 2)) if it.line.kind == CRITERION else None,
                "state": it.state or None,
            }
            for it in score.points
        ],
    }


def _notes(scores: Sequence[Score], scheme: Scheme) -> list[str]:
    notes = [
        _("Scheme {name}, {points} points, SHA-256 {digest}.").format(
            name=scheme.name, points=_shown(scheme.most, 2), digest=scheme.digest[:12]
        ),
        _("Places by exact points; equals share one. Points are printed cut, never rounded up."),
    ]
    for it in scores:
        for line in it.failed:
            told = _("{unit}: left out, because it fails “{name}”.")
            if line.best:
                told = _("{unit}: no better class than {best}, because it fails “{name}”.")
            notes.append(told.format(unit=it.unit.name, name=line.name, best=line.best))
    sentences = {
        NO_DATA: _("?: no data, counted as 0: {names}."),
        UNDECIDED: _("?: cannot be decided, only what is certain is counted: {names}."),
        NO_TARGET: _("—: no target, left out of the maximum: {names}."),
        NOT_APPLICABLE: _("—: does not apply, left out of the maximum: {names}."),
    }
    for state, sentence in sentences.items():
        found = []
        for it in scores:
            lines = [points.line.name for points in it.points if points.state == state]
            lines += [line.name for line in it.open if state == UNDECIDED]
            found += [f"{it.unit.name} ({'; '.join(lines)})"] if lines else []
        notes += naming(sentence, found)
    return notes
