"""Importing tables, directly or through a plan."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from typing import Any

from ucli.cli.commands import TableCommand, WriteCommand, command
from ucli.cli.opening import reading, writing
from ucli.cli.output import check_place, write_file
from ucli.cli.session import answer, current_session, tell, warn
from ucli.cli.values import kind_of_table, table_file
from ucli.errors import NotFoundError, RefusedError, RejectedError, UcliError, UsageError
from ucli.i18n import _
from ucli.importing import loader
from ucli.importing.cells import InputRow
from ucli.importing.columns import FORMS, GIVEN_BY
from ucli.importing.layout import lines_text
from ucli.importing.loader import Outcome
from ucli.importing.plans import Plan, digest, plan_from
from ucli.importing.reader import area_of
from ucli.importing.table import InputTable
from ucli.ledger import catalogue, units
from ucli.ledger.backup import NoRoomError, keep_before
from ucli.ledger.files import same_file
from ucli.ledger.operations import Operation, last_operation
from ucli.render import rendered, sheet_of_texts
from ucli.render.progress import working
from ucli.values.indicators import Indicator
from ucli.values.members import without_id_number
from ucli.values.names import fold
from ucli.values.numbers import first_lines, grouped
from ucli.values.units import UNION

_MOST_DOUBTS = 200  # has no table of its own
_MOST_FAULTS = 20
_FEW_FAULTS, _MOST_REASONS = 10, 5  # beyond this, faults are counted by reason instead
# Until then a ledger holds only its office.
_FIRST_WORTH_KEEPING = 2


def _pair(text: str) -> tuple[str, str]:
    heading, _sign, column = text.rpartition("=")
    if not heading.strip() or not column.strip():
        raise UsageError(
            _("“{text}” does not map a heading to a column.").format(text=text[:60]),
            instead=_("Type it as --map 'Tên CNLĐ=Họ và tên'."),
        )
    return heading.strip(), column.strip()


def _area(text: str) -> str:
    area_of(text)
    return text


@command(TableCommand)
def import_(
    kind: str,
    file: Path,
    period: str | None = None,
    indicator: str | None = None,
    unit: str | None = None,
    programme: str | None = None,
    on: date | None = None,
    names: Sequence[Any] = (),
    sheet: str | None = None,
    area: Any = None,
    fill_down: bool = False,
    encoding: str | None = None,
    accept_valid: bool = False,
    wrong: Path | None = None,
    roster: bool = False,
    plan: Path | None = None,
) -> None:
    """Every invalid row is listed with its line and the reason. Importing the same table twice changes nothing."""
    session = current_session()
    if roster and kind != "members":
        raise UsageError(_("--roster is only for members."), instead=_("Leave it out."))
    if indicator:
        with reading() as db:
            indicator = catalogue.find_indicator(db, indicator).code
    day = on.isoformat() if on else None
    said = {"--unit": unit, "--period": period, "--indicator": indicator, "--programme": programme, "--on": day}
    given = _given(kind, said)
    asked = Plan(
        kind,
        str(file),
        dict(names),
        given,
        sheet,
        accept_valid,
        roster,
        confirmed=session.yes,
        encoding=encoding,
        area=area,
        fill_down=fill_down,
    )
    if any(it and same_file(it, file) for it in (wrong, plan)):
        raise UsageError(_("--wrong and --plan cannot be the table itself."), instead=_("Name another file."))
    if wrong and plan and same_file(wrong, plan):
        raise UsageError(_("--wrong and --plan cannot be the same file."), instead=_("Name another file."))
    for it in filter(None, (wrong, plan)):
        check_place(it, replace=session.force)
    if not plan:
        _carry_out(asked, wrong)
        return
    session.dry_run = True
    before = digest(file)
    counts = _carry_out(asked, wrong)
    with reading() as db:
        after = [*last_operation(db)]
    made = asked._replace(file=str(file.resolve()), sha256=before, after=after, counts=counts)
    made.require_same_table()
    write_file(plan, made.text(), replace=session.force, personal=True)
    tell(_("The plan is in {file}; apply it with “ucli apply {file}”.").format(file=plan))


@command(WriteCommand)
def apply(plan: Path) -> None:
    found = plan_from(plan)
    kind_of_table(found.kind)
    table_file(found.file)
    with reading() as db:
        found.require_same_ledger(last_operation(db))
    found.require_same_table()
    _carry_out(found, None)


def _given(kind: str, typed: Mapping[str, str | None]) -> dict[str, str]:
    """Return by column what options say about all rows."""
    given: dict[str, str] = {}
    for option, text in typed.items():
        filled = [column.name for column in FORMS[kind] if GIVEN_BY.get(column.name) == option]
        if text and not filled:
            told = _("A table of {kind} has no column that {option} could fill.").format(kind=kind, option=option)
            raise UsageError(told, instead=_("Leave it out."))
        given |= dict.fromkeys(filled, text) if text else {}
    return given


def _carry_out(plan: Plan, wrong: Path | None) -> dict[str, int]:
    """Load a table, report the outcome, and return the counts.

    A plan is checked against the ledger and the table again once no other process can write.
    """
    with ExitStack() as until_written, writing() as (op, say):
        if plan.sha256:
            plan.require_same_ledger(last_operation(op.db, before=op.number))
        table = InputTable(plan, _indicators(op.db))
        outcome, is_only_closed = load(op, plan, table)
        if plan.sha256:
            plan.require_same_table()
        _tell(table, outcome, wrong)
        _doubt_titles(op.db, table)
        if outcome.faults and wrong:
            _write_wrong([*table.wrong(outcome.faults)], wrong)
        counts = _counts(outcome)
        counted = _("{new} new, {changed} changed, {unchanged} unchanged, {wrong} invalid.").format(
            **{name: grouped(number) for name, number in counts.items()}
        )
        say.created = {"kind": plan.kind, **counts, **_created(plan, table, outcome)}
        if outcome.faults and not plan.accept_valid:
            answer({**say.created, "operation": None})
            raise _refusal(plan, counts["wrong"], counted, is_only_closed=is_only_closed)
        if outcome.partly:
            told = _(
                "Only the cells named above are left out of these rows, the others are recorded; importing the "
                "row again counts nothing twice. {lines}"
            )
            tell(told.format(lines=lines_text(outcome.partly)))
        op.summary = f"{without_id_number(plan.path.name)}: {counted}"
        # Printed with the counts: “nothing changed” may mean that all was there, or that all was wrong.
        say.nothing = _("Nothing was written. {what}").format(what=op.summary)
        until_written.enter_context(working(_("Writing the ledger")))
        say.when_safe = until_written.close
        _keep_before(op)
    return counts


def _write_wrong(rows: list[list[str]], wrong: Path) -> None:
    form = "xlsx" if wrong.suffix.lower() == ".xlsx" else "excel"
    heading, *others = rows
    content = rendered(sheet_of_texts(heading, others), form)
    write_file(wrong, content, replace=current_session().force, personal=True)
    tell(_("The invalid rows are in {file}.").format(file=wrong))


def _counts(outcome: Outcome) -> dict[str, int]:
    rows = {"new": outcome.new, "changed": outcome.changed, "unchanged": outcome.unchanged}
    return {**rows, "wrong": len({fault.line for fault in outcome.faults})}


def _created(plan: Plan, table: InputTable, outcome: Outcome) -> dict[str, object]:
    """Return an outcome for machines: lines of the table, and who is absent from it."""
    absent = {"absent": [it.number for it in outcome.absent]} if plan.roster else {}
    return {
        "faults": [it._asdict() for it in outcome.faults],
        "repeated": [it.line for it in outcome.repeated],
        "doubtful": [it.line for it in outcome.doubtful],
        "id_doubts": sorted({line for lines in outcome.numbers.values() for line in lines}),
        "foot": table.notes["foot"],
        "between": sorted(table.notes["between"]),
        "hidden": table.notes["hidden"],
        **absent,
    }


def _refusal(plan: Plan, wrong: int, counted: str, *, is_only_closed: bool) -> UcliError:
    told = _("Invalid rows in {file}: {count}; nothing was written.")
    told = told.format(count=wrong, file=plan.path.name)
    if is_only_closed:
        instead = _("Reopen the period, or repeat the command with --accept-valid, which leaves these rows out.")
        return RefusedError(told, why=counted, instead=instead)
    instead = _(
        "Correct them in the table and import it again; or “--accept-valid --wrong FILE.csv” takes the other rows, and"
        " writes these to a file, to be corrected and imported."
    )
    return RejectedError(told, why=counted, instead=instead)


def _keep_before(op: Operation) -> None:
    """Back up the ledger before an import is committed, unless it holds nothing yet.

    If there is no room for a backup the import continues with a warning, for it can be undone as well.
    """
    session = current_session()
    if op.rows and op.number > _FIRST_WORTH_KEEPING and not session.dry_run:
        try:
            keep_before("import", session.path)
        except NoRoomError as error:
            text = _("{what} {why} The import continues without it; “ucli undo” reverses it.")
            warn(text.format(what=error.what, why=error.why))


def load(op: Operation, plan: Plan, table: InputTable) -> tuple[Outcome, bool]:
    """Load a table; return the outcome, and whether every fault is a closed window."""
    try:
        with working(_("Reading and recording {file}").format(file=plan.path.name)) as watch:

            def rows() -> Iterable[InputRow]:
                return watch.over(table.rows(), table.last_line, _("Checking the rows together"))

            return loader.load(op, plan.kind, rows, confirmed=plan.confirmed, roster=plan.roster)
    except RejectedError:
        for told in table.notes.on_layout():
            tell(told)
        raise


def _indicators(db: sqlite3.Connection) -> dict[str, Indicator]:
    """Return the indicators by folded headings, with or without their unit of measure."""
    known = catalogue.indicators(db)
    codes = {it.code: it for it in known}
    short = [(name, codes[code]) for name, code in catalogue.short_names().items() if code in codes]
    named = [(name, it) for it in known for name in (it.name_en, it.name_vi, it.alias, it.code) if name]
    return {fold(heading): it for name, it in (*short, *named) for heading in (name, f"{name} ({it.measure})")}


def _doubt_titles(db: sqlite3.Connection, table: InputTable) -> None:
    """Warn of a title above the table that names another grassroots union than that of all rows."""
    titles = table.notes["titles"]
    given = next((it for column, it in table.plan.given.items() if column in ("union", "unit")), "") if titles else ""
    if not (whose := units.named(db, given, among=(UNION,))):
        return
    for line, title in titles:
        with suppress(NotFoundError):
            named = units.find(db, title.partition(":")[2] or title, among=(UNION,))
            if named != whose:
                told = _("Line {line}, above the table, names {other}; the rows are read as those of {unit}.")
                warn(told.format(line=line, other=named.name, unit=whose.name))


def _tell(table: InputTable, outcome: Outcome, wrong: Path | None) -> None:
    """Report what was skipped, why rows are doubtful or wrong, and who is absent."""
    for told in (*table.notes.on_layout(), *table.notes.on_rows()):
        tell(told)
    for doubt, about in outcome.numbers.items():
        warn(f"{doubt} {lines_text(about)}")
    listed = ((outcome.repeated, _MOST_DOUBTS), (outcome.doubtful, _MOST_DOUBTS), (outcome.faults, _MOST_FAULTS))
    for faults, most in listed:
        for text in first_lines([_("Line {line}: {what}").format(line=it.line, what=it.what) for it in faults], most):
            tell(text)
    reasons = Counter(it.what for it in outcome.faults).most_common(_MOST_REASONS)
    for what, lines in reasons if len(outcome.faults) > _FEW_FAULTS else ():
        if lines > 1:
            tell(_("In {count} rows: {what}").format(count=grouped(lines), what=what))
    if len(outcome.faults) > _MOST_FAULTS and not wrong:
        tell(_("To get all of them with their errors: --wrong FILE.csv."))
    for it in outcome.absent:
        told = _("In the ledger and not in the table: member {number}, {name}, {unit}.")
        named = f"{it.name} ({it.id_number})" if it.id_number else it.name
        tell(told.format(number=it.number, name=named, unit=it.union))
