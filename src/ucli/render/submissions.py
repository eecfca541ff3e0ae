"""Sentences on who has reported what and when, and who has not."""

from ucli.i18n import _, chosen, counted
from ucli.render.labels import first_of, runs_of, units_named
from ucli.reports.attainment import Report, Reporting, Table
from ucli.reports.timeliness import LATE, ON_TIME, SILENT, Timeliness
from ucli.values.dates import date_text
from ucli.values.names import some_of


def reporting_notes(table: Table) -> list[str]:
    """Yield how many of the expected units have reported what, and which have not."""
    sentence = _("{text}. Not yet: {names}.")
    return [reporting_text(it, sentence) for it in reported_by(table)]


def reported_by(table: Table) -> list[Reporting]:
    """Return completeness by indicator, the complete ones last; a single entry if everything is complete."""
    if len(table.reporting) > 1 and not any((table.missing, *(it.missing for it in table.reporting))):
        return [Reporting((), table.expected, ())]
    return sorted(table.reporting, key=lambda it: not it.missing)


def reporting_text(it: Reporting, lacking: str) -> str:
    """Return how many units have reported, and, in the caller's sentence, which have not."""
    numbers = {"reported": it.expected - len(it.missing), "expected": it.expected}
    text = counted(_("{reported}/{expected:unit has|units have} reported"), **numbers)
    if it.indicators:
        names = [one.name(chosen()) for one in it.indicators]
        between = "; " if any("," in name for name in names) else ", "
        text = _("{name}: {what}").format(name=some_of(names, between=between), what=text)
    return lacking.format(text=text, names=units_named(it.missing)) if it.missing else f"{text}."


def piece_notes(report: Report) -> list[str]:
    """Yield for pieces of time who has not reported, merging neighbours that lack the same."""
    pieces = [it for it in report.groups or [] if it.window != report.total.window]
    told = runs_of((it.label, _piece_text(it)) for it in pieces)
    return [f"  {name}: {text}" for name, text in told if text]


def _piece_text(piece: Table) -> str:
    if piece.missing and len(piece.missing) == piece.expected:
        return _("no unit has reported.")
    return " ".join(reporting_notes(piece)) if piece.missing else ""


def timeliness_notes(found: Timeliness) -> list[str]:
    """Yield how many units reported by the due date, which were late and by how much, and which are silent."""
    text = _("Due {due}: {n}/{units} units reported on time.")
    on_time, late = found.of(ON_TIME), found.of(LATE)
    notes = [text.format(due=date_text(found.due), n=len(on_time), units=len(found.receipts))]
    if late:
        days = _("{unit} ({days:day|days})")
        notes.append(
            _("Late: {names}.").format(
                names=first_of([counted(days, days=it.days_late or 0).format(unit=it.unit.name) for it in late])
            )
        )
    if silent := found.of(SILENT):
        notes.append(_("Not yet: {names}.").format(names=units_named(it.unit for it in silent)))
    return [" ".join(notes)]
