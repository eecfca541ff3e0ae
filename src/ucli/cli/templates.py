"""Templates: tables for officers to fill in."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ucli.cli.commands import UcliCommand, command
from ucli.cli.opening import reading
from ucli.cli.output import write_file
from ucli.cli.session import tell
from ucli.cli.values import choice, kind_of_table
from ucli.errors import UsageError
from ucli.i18n import _, chosen, marked
from ucli.importing.columns import FORMS, FormColumn
from ucli.importing.templates import Choice, Template, template_workbook
from ucli.ledger import catalogue, periods, units
from ucli.render import SHIPPED, rendered, sheet_of_texts
from ucli.render.cells import percent_text
from ucli.render.labels import word
from ucli.render.progress import working
from ucli.reports.figures import Figure
from ucli.reports.scope import Tree
from ucli.reports.template_rows import grid_of, standing
from ucli.values.indicators import AVERAGE, RATIO, Indicator
from ucli.values.members import LEFT_BY
from ucli.values.names import fold
from ucli.values.units import GRASSROOTS, KINDS

_suffix = choice(marked("kind of file"), (".xlsx", ".csv"), {})
# Columns with a fixed set of words, and the codes that are kept.
_FIXED = {
    "sex": {"Nam": "male", "Nữ": "female"},
    "sector": {"Nhà nước": "state", "Sự nghiệp": "public", "Ngoài nhà nước": "non-state", "FDI": "fdi"},
    "form": {"Xây mới": "new-build", "Sửa chữa": "repair"},
}
# The columns that name units, with the kinds allowed.
_KINDS = {
    "union": GRASSROOTS,
    "parent": tuple(it for it in KINDS if it not in GRASSROOTS),
    "unit": KINDS,
    "issuer": KINDS,
}
_TITLES = {
    "members": marked("Members"),
    "departures": marked("Members who left"),
    "unions": marked("Grassroots unions"),
    "units": marked("Units"),
    "payouts": marked("Payouts"),
    "figures": marked("Figures"),
    "targets": marked("Targets"),
}


_shipped_suffix = choice(marked("kind of file"), (".docx", ".html"), {})
_DOCUMENT = "document"


def _kind(text: str) -> str:
    return _DOCUMENT if fold(text) in (_DOCUMENT, "van ban") else kind_of_table(text)


_kind.choices = (*FORMS, _DOCUMENT)  # type: ignore[attr-defined]


@command(UcliCommand)
def template(
    kind: str,
    output: Path,
    period: str | None = None,
    unit: str | None = None,
    indicator: Sequence[str] = (),
    force: bool = False,
) -> None:
    """Figures with --period give a grid: the units directly below, a column for each indicator, the last statements."""
    if kind != "figures" and (period or unit or indicator):
        raise UsageError(
            _("Only a table of figures can be made for a period, a unit or indicators."),
            instead=_("Leave --period, --unit and --indicator out."),
        )
    suffix = output.suffix or output.name
    if kind == _DOCUMENT:
        content = (SHIPPED / f"document{_shipped_suffix(suffix)}").read_bytes()
        write_file(output, content, replace=force, personal=False)
        tell(_("The template is in {file}; “ucli report --template” fills it in.").format(file=output))
        return
    _suffix(suffix)
    if not period and (unit or indicator):
        raise UsageError(
            _("--unit and --indicator choose what the grid for a period holds."), instead=_("Name it with --period.")
        )
    with working(_("Writing {file}").format(file=output.name)):
        with reading() as db:
            made = _grid(db, period, unit, indicator) if period else _form(db, kind)
        heading, *rows = made.cells()
        is_csv = output.suffix.lower() == ".csv"
        filled = rendered(sheet_of_texts(heading, rows), "excel") if is_csv else template_workbook(made)
    write_file(output, filled, replace=force, personal=False)
    tell(_("The table to be filled in is in {file}.").format(file=output))


def _form(db: sqlite3.Connection, kind: str) -> Template:
    """Return a template with the columns of a form, and the choices for those that name something in the ledger."""
    form = [column for column in FORMS[kind] if "unoffered" not in column.flags]
    lists = {it.heading: choices for it in form if (choices := _choices(db, it.name))}
    return Template(_(_TITLES[kind]), form, lists)


def _choices(db: sqlite3.Connection, column: str) -> Sequence[Choice]:
    """Return the choices of a column."""
    if kinds := _KINDS.get(column):
        found = standing(db, kinds, date.today().isoformat())  # noqa: DTZ011
        return found if column == "unit" else _by_name(found)  # its heading asks for a code
    if column in ("kind", "left_by"):
        return [(word(it), it) for it in (KINDS if column == "kind" else LEFT_BY)]
    if column in ("programme", "indicator"):
        listed = catalogue.programmes(db) if column == "programme" else catalogue.indicators(db)
        return _by_name([(it.code, it.name_vi) for it in listed])
    return [(typed, word(code)) for typed, code in _FIXED.get(column, {}).items()]


def _by_name(found: Sequence[tuple[str, str]]) -> list[Choice]:
    """Offer each by its name, or by its code if the name is not unique."""
    count = Counter(fold(name) for _code, name in found)
    return [(name, code) if count[fold(name)] == 1 else (code, name) for code, name in found]


def _grid(db: sqlite3.Connection, period: str, unit: str | None, asked: Sequence[str]) -> Template:
    """Return a template as a grid of units and indicators for a period."""
    window = periods.find_window(db, period)
    top = units.find(db, unit, day=window.end) if unit else units.office(db)
    if top is None:
        raise UsageError(_("No unit or cluster was named."), instead=_("Name a unit with --unit."))
    codes = [catalogue.find_indicator(db, it).code for it in asked]
    grid = grid_of(db, Tree(db), top.id, window, catalogue.indicators(db), codes)
    names = [it.name(chosen()) for it in grid.indicators]
    form = {column.name: column for column in FORMS["figures"]}
    name = _column("Tên đơn vị", _("For reading only; it is not imported."), "")
    before = [form["unit"], name, form["period"]]
    comments = {
        (row, place): f"{figure.window.code}: {_typed(figure, it)}"
        for row, below in enumerate(grid.units)
        for place, it in enumerate(grid.indicators, start=len(before))
        if (figure := grid.last.get((below.id, it.id)))
    }
    # Two indicators of one name are told apart by their codes.
    columns = [
        _of_indicator(it, f"{it.code if names.count(named) > 1 else named} ({it.measure})")
        for it, named in zip(grid.indicators, names, strict=True)
    ]
    lists = {form["indicator"].heading: _by_name([(it.code, it.name_vi) for it in grid.indicators])}
    rows = [[it.code, it.name, window.code] for it in grid.units]
    return Template(_(_TITLES["figures"]), [*before, *columns], lists, rows, comments)


def _typed(figure: Figure, indicator: Indicator) -> str:
    """Write a figure's value so that it can be typed again: ≥ 7.000, 350.000.000 đồng, 56/56, 87,5%."""
    if figure.value is None:
        return percent_text(figure.stated_percent or "0", figure.stated_qualifier)
    return indicator.text(figure.value)


def _column(heading: str, takes: str, example: str) -> FormColumn:
    return FormColumn("", frozenset({"text"}), (heading,), takes, takes, example)


def _of_indicator(indicator: Indicator, heading: str) -> FormColumn:
    """Return what to type into the column of an indicator."""
    if indicator.kind == RATIO:
        takes, example = _("A part and its whole, or only a percentage as printed, 95%."), "56/56"
    elif indicator.kind == AVERAGE:
        takes, example = _("A total and the number of items it was taken over."), "744/572"
    elif indicator.is_money:
        takes, example = _("An amount, in đồng or with its unit."), "96,4 tỷ"
    elif indicator.is_stock:
        takes, example = _("How many on the last day of the period."), "7.000"
    else:
        takes, example = _("How many in the period."), "120"
    return _column(heading, f"{takes} {_('A cell left empty records nothing.')}", example)
