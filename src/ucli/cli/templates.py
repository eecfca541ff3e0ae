"""Blank tables for officers to fill in."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ucli.cli.app import UcliCommand, command, expanded, require_value
from ucli.cli.imports import Kind
from ucli.cli.options import Indicators, MaybePeriod, MaybeUnit, flag, opt
from ucli.cli.output import write_file
from ucli.cli.session import reading, tell
from ucli.errors import UsageError
from ucli.i18n import _, chosen, marked
from ucli.importing.forms import FORMS, Form
from ucli.importing.templates import Blank, Choice, Explained, blank_workbook, csv_of
from ucli.ledger import catalogue, periods, units
from ucli.render.labels import word
from ucli.reports.scope import Tree
from ucli.reports.template_rows import grid_of, standing, typed
from ucli.values.indicators import AVERAGE, RATIO, Indicator
from ucli.values.names import fold
from ucli.values.units import KINDS, UNION

_SUFFIXES = (".xlsx", ".csv")
# What officers write in columns of few words, and the code that is kept.
_FIXED = {
    "sex": {"Nam": "male", "Nữ": "female"},
    "sector": {"Nhà nước": "state", "Sự nghiệp": "public", "Ngoài nhà nước": "non-state", "FDI": "fdi"},
    "form": {"Xây mới": "new-build", "Sửa chữa": "repair"},
}
_TITLES = {
    "members": marked("Members"),
    "unions": marked("Grassroots unions"),
    "payouts": marked("Payouts"),
    "figures": marked("Figures"),
    "targets": marked("Targets"),
}


def _file(text: str) -> Path:
    path = expanded(require_value(text))
    if path.suffix.lower() not in _SUFFIXES:
        raise UsageError(
            _("The suffix of “{file}” names no format.").format(file=path.name),
            instead=_("Use one of {suffixes}.").format(suffixes=", ".join(_SUFFIXES)),
        )
    return path


@command(
    UcliCommand,
    "ucli template members -o doan-vien-mau.csv",
    "ucli template figures --period 2024-H1 -o so-lieu-mau.csv",
)
def template(
    ctx: typer.Context,
    kind: Kind,
    output: Annotated[Path, opt("--output -o", _file, "FILE", "A .xlsx or a .csv.")],
    period: MaybePeriod = None,
    unit: MaybeUnit = None,
    indicator: Indicators = None,
    force: Annotated[bool, flag("--force", "Let --output overwrite an existing file.")] = False,
) -> None:
    """For figures with --period a grid: units directly below, a column for each indicator, and what was said last."""
    if kind != "figures" and (period or unit or indicator):
        raise UsageError(
            _("Only a table of figures is made for a period, a unit or indicators."),
            instead=_("Leave --period, --unit and --indicator out."),
        )
    if not period and (unit or indicator):
        raise UsageError(
            _("--unit and --indicator say what stands in the grid for a period."), instead=_("Name it with --period.")
        )
    with reading(ctx) as db:
        form = tuple(column for column in FORMS[kind] if "unoffered" not in column.flags)
        blank = Blank(form, _(_TITLES[kind]), _choices(db, form))
        if period:
            blank = _grid(db, blank, period, unit, [catalogue.find_indicator(db, it).code for it in indicator or ()])
    is_csv = output.suffix.lower() == ".csv"
    content = csv_of([blank.heads, *blank.rows]) if is_csv else blank_workbook(blank)
    write_file(output, content, replace=force, personal=False)
    tell(_("The table to be filled in is in {file}.").format(file=output))


def _choices(db: sqlite3.Connection, form: Form) -> dict[str, list[Choice]]:
    """Return what may stand in the columns that name something of the ledger."""
    columns = {column.name for column in form}
    offered: dict[str, list[Choice]] = {}
    if "union" in columns:
        offered["union"] = _by_name(_units(db, (UNION,)))
    if "parent" in columns:
        offered["parent"] = _by_name(_units(db, tuple(it for it in KINDS if it != UNION)))
    if columns & {"unit", "issuer"}:
        found = _units(db, KINDS)
        # The one is headed as a code.
        offered |= {"unit": [Choice(code, name) for code, name in found], "issuer": _by_name(found)}
    if "programme" in columns:
        offered["programme"] = _by_name([(it.code, it.name_vi) for it in catalogue.programmes(db)])
    if "indicator" in columns:
        offered["indicator"] = _indicators(catalogue.indicators(db))
    for column in columns & _FIXED.keys():
        offered[column] = [Choice(typed, word(code)) for typed, code in _FIXED[column].items()]
    return offered


def _units(db: sqlite3.Connection, kinds: Sequence[str]) -> list[tuple[str, str]]:
    return standing(db, kinds, date.today().isoformat())  # noqa: DTZ011


def _indicators(found: Sequence[Indicator]) -> list[Choice]:
    return _by_name([(it.code, it.name_vi) for it in found])


def _by_name(found: Sequence[tuple[str, str]]) -> list[Choice]:
    """Offer the name of each, as officers know it; its code where others are called the same."""
    count = Counter(fold(name) for _code, name in found)
    return [Choice(name, code) if count[fold(name)] == 1 else Choice(code, name) for code, name in found]


def _grid(db: sqlite3.Connection, blank: Blank, period: str, unit: str | None, asked: Sequence[str]) -> Blank:
    """Return the same as a grid of units and indicators for a period."""
    window = periods.find_window(db, period)
    top = units.find(db, unit, day=window.end) if unit else units.office(db)
    if top is None:
        raise UsageError(_("It is not said whom this is about."), instead=_("Name a unit with --unit."))
    tree = Tree(db)
    grid = grid_of(db, tree, top.id, window, catalogue.indicators(db), asked)
    names = [it.name(chosen()) for it in grid.indicators]
    # Two indicators of one name are told apart by their codes.
    heads = [
        f"{it.code if names.count(name) > 1 else name} ({it.measure})"
        for it, name in zip(grid.indicators, names, strict=True)
    ]
    before = len(("code", "name", "period"))
    comments = {
        (row, before + place): f"{figure.window.code}: {typed(figure, it)}"
        for row, unit in enumerate(grid.units)
        for place, it in enumerate(grid.indicators)
        if (figure := grid.last.get((unit.id, it.id)))
    }
    return blank._replace(
        headings=["Mã đơn vị", "Tên đơn vị", "Kỳ", *heads],
        rows=[[it.code, it.name, window.code] for it in grid.units],
        comments=comments,
        choices={"indicator": _indicators(grid.indicators)},
        explained=[
            Explained("Mã đơn vị", required=True, takes=_("The code of the unit that reports."), example="HH"),
            Explained("Tên đơn vị", required=False, takes=_("To be read only; it is not taken in."), example=""),
            Explained("Kỳ", required=True, takes=_("The period that the row is for."), example=window.code),
            *(_explained(it, head) for it, head in zip(grid.indicators, heads, strict=True)),
        ],
    )


def _explained(indicator: Indicator, heading: str) -> Explained:
    """Say what is typed into the column of an indicator."""
    if indicator.kind == RATIO:
        takes, example = _("A part and its whole, or only a percentage as printed, 95%."), "56/56"
    elif indicator.kind == AVERAGE:
        takes, example = _("A total and how many it was taken over."), "744/572"
    elif indicator.is_money:
        takes, example = _("An amount, in đồng or with its unit."), "96,4 tỷ"
    elif indicator.is_stock:
        takes, example = _("How many on the last day of the period."), "7.000"
    else:
        takes, example = _("How many in the period."), "120"
    empty = _("A cell left empty records nothing.")
    return Explained(heading, required=False, takes=f"{takes} {empty}", example=example)
