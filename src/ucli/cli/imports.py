"""Taking in the tables that officers keep, at once or by way of a plan."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ucli.cli.commands import TableCommand, WriteCommand, command
from ucli.cli.options import MaybePeriod
from ucli.cli.outcomes import (
    counts_of,
    counts_text,
    tell_of,
    tell_of_absent,
    tell_of_own_periods,
    tell_of_partly,
    write_wrong,
)
from ucli.cli.output import check_place, write_file
from ucli.cli.session import answer, keep_before_import, reading, recording, said, tell
from ucli.cli.shared import expanded, require_value, session_of
from ucli.cli.taking import Asked, Taken, take
from ucli.cli.values import coded, name_text, one_of
from ucli.errors import RefusedError, RejectedError, UcliError, UsageError
from ucli.i18n import _, marked
from ucli.importing.forms import FORMS
from ucli.importing.loader import Outcome
from ucli.importing.plans import Plan, digest, plan_from, require_fresh, require_same_table
from ucli.ledger.database import is_database, is_part_of_database
from ucli.ledger.files import is_there, same_file
from ucli.ledger.operations import last_operation
from ucli.values.members import without_id_number

app = typer.Typer()

KINDS = tuple(FORMS)
_KIND_ALIASES = {
    "doan vien": "members",
    "cdcs": "unions",
    "cham lo": "payouts",
    "chi cham lo": "payouts",
    "so lieu": "figures",
    "chi tieu": "targets",
}

Kind = Annotated[
    str,
    typer.Argument(
        parser=lambda text: coded(text, _KIND_ALIASES, KINDS, _("kind of table")),
        metavar="|".join(KINDS),
        help=marked("What the rows are: members, unions, payouts, figures or targets."),
    ),
]


def _path(text: str) -> Path:
    return expanded(require_value(text))


def _require_table(path: Path) -> None:
    """Refuse to read what SQLite alone may open: this process may be writing it.

    Raises:
        RejectedError: it is a ledger, another database, or a part of one.

    """
    if is_there(path) and path.is_file() and (is_database(path) or is_part_of_database(path)):
        raise RejectedError(
            _("{file} is a ledger or another database.").format(file=path), instead=_("Name another file.")
        )


def _pair(text: str) -> tuple[str, str]:
    heading, _sign, column = require_value(text).rpartition("=")
    if not heading.strip() or not column.strip():
        raise UsageError(
            _("“{text}” does not say which heading is which column.").format(text=text[:60]),
            instead=_("Type it as --map 'Tên CNLĐ=Họ và tên'."),
        )
    return heading.strip(), column.strip()


@command(
    app,
    TableCommand,
    "printf 'Họ và tên;Công đoàn cơ sở;Ngày kết nạp\\nĐỗ Thị Ví Dụ;May Hưng Hà;20/4/2024\\n' > doan-vien.csv",
    "ucli import members doan-vien.csv --dry-run",
    "ucli import members doan-vien.csv",
    "printf 'Mã đơn vị;news-items;legal-advice\\nHH;12;7\\n' > so-lieu.csv",
    "ucli import figures so-lieu.csv --period 2024-05 --plan ke-hoach.json",
)
def import_(
    ctx: typer.Context,
    kind: Kind,
    file: Annotated[
        Path,
        typer.Argument(parser=_path, metavar="FILE", help=marked("A .csv or a workbook.")),
    ],
    period: MaybePeriod = None,
    unit: Annotated[
        str | None,
        typer.Option(
            "--unit", parser=name_text, metavar="UNIT", help=marked("Whose the rows are, where no column says it.")
        ),
    ] = None,
    names: Annotated[
        list[Any] | None,
        typer.Option(
            "--map",
            parser=_pair,
            metavar="HEADING=COLUMN",
            help=marked("A heading of one's own; HEADING=- leaves a column out."),
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            parser=require_value,
            metavar="NAME",
            help=marked("Which sheet; otherwise the first that is shown."),
        ),
    ] = None,
    accept_valid: Annotated[
        bool, typer.Option("--accept-valid", help=marked("Take the rows that are right and leave the others out."))
    ] = False,
    wrong: Annotated[
        Path | None,
        typer.Option(
            "--wrong",
            parser=_path,
            metavar="FILE",
            help=marked("Write the rows that cannot be taken here, each with what is wrong with it."),
        ),
    ] = None,
    roster: Annotated[
        bool, typer.Option("--roster", help=marked("Also name the members who are in the ledger and not in the table."))
    ] = False,
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            parser=_path,
            metavar="FILE",
            help=marked("Write nothing; make a plan that “ucli apply” carries out."),
        ),
    ] = None,
) -> None:
    """Import a table: all rows or none; what is in the ledger already stays as it is.

    Every row that cannot be taken is named with its line and the reason. Running it again changes nothing.
    """
    if roster and kind != "members":
        raise UsageError(_("--roster is for members."), instead=_("Leave it out."))
    _require_table(file)
    asked = Asked(
        kind,
        file,
        dict(names or ()),
        _given(kind, unit, period),
        sheet,
        accept_valid,
        roster,
        session_of(ctx).yes,
    )
    if any(it and same_file(it, file) for it in (wrong, plan)):
        raise UsageError(_("--wrong and --plan cannot be the table itself."), instead=_("Name another file."))
    if wrong and plan and same_file(wrong, plan):
        raise UsageError(_("--wrong and --plan cannot be one file."), instead=_("Name another file."))
    for it in filter(None, (wrong, plan)):
        check_place(it, replace=session_of(ctx).force)
    if not plan:
        _taken(ctx, asked, wrong)
        return
    session_of(ctx).dry_run = True
    before = digest(file)
    _make_plan(ctx, plan, asked, before, _taken(ctx, asked, wrong))


@command(app, WriteCommand, "ucli apply ke-hoach.json")
def apply(
    ctx: typer.Context,
    plan: Annotated[
        Path,
        typer.Argument(parser=_path, metavar="FILE", help=marked("A plan that “ucli import … --plan” made.")),
    ],
) -> None:
    """Carry out the plan of an import, unless something was written since it was made."""
    _require_table(plan)
    found = plan_from(plan)
    table = Path(found.file)
    _require_table(table)
    with reading(ctx) as db:
        require_fresh(found, last_operation(db))
    asked = Asked(
        one_of(found.kind, KINDS, _("kind of table")),
        table,
        found.names,
        found.given,
        found.sheet,
        found.accept_valid,
        found.roster,
        found.confirmed,
    )
    _taken(ctx, asked, None, plan=found)


def _given(kind: str, unit: str | None, period: str | None) -> dict[str, str]:
    """Return what is said of all rows at once, by column."""
    columns = {column.name for column in FORMS[kind]}
    given: dict[str, str] = {}
    if unit:
        given.update({it: unit for it in ("unit", "union", "parent") if it in columns})
    if period and "period" not in columns:
        raise UsageError(_("A table of {kind} has no period.").format(kind=kind), instead=_("Leave --period out."))
    if period:
        given["period"] = period
    return given


def _taken(ctx: Any, asked: Asked, wrong: Path | None, *, plan: Plan | None = None) -> Outcome:
    """Take a table in, and say what came of it."""
    with recording(ctx) as op:
        if plan:
            # Asked again where no one else can write any more.
            require_fresh(plan, last_operation(op.db, before=op.number))
        taken = take(op, asked)
        if plan:
            require_same_table(plan)
        outcome, unread = taken.outcome, taken.read.unread
        tell_of(outcome, unread, wrong)
        tell_of_own_periods(taken.own_periods)
        if asked.roster:
            tell_of_absent(outcome)
        if outcome.faults and wrong:
            write_wrong(ctx, taken.read, outcome, wrong)
        counts = counts_of(outcome)
        created: dict[str, object] = {
            "kind": asked.kind,
            **counts,
            "faults": [it._asdict() for it in outcome.faults],
            "doubtful": [it.line for it in outcome.doubtful],
            "id_doubts": sorted({line for lines in outcome.numbers.values() for line in lines}),
            "foot": unread.lines,
            "between": sorted(unread.between),
            "hidden": unread.hidden,
            **({"absent": [it.number for it in outcome.absent]} if asked.roster else {}),
        }
        if outcome.faults and not asked.accept_valid:
            answer(ctx, {**created, "operation": None})
            raise _refusal(taken, asked)
        tell_of_partly(outcome)
        op.summary = f"{without_id_number(asked.file.name)}: {counts_text(counts)}"
        keep_before_import(ctx, op)
    if not op.rows:
        # Said with the counts: that nothing changed may mean that all was there, or that all was wrong.
        tell(_("Nothing was written. {what}").format(what=op.summary))
        answer(ctx, {**created, "operation": None})
    else:
        said(ctx, op, created)
    return outcome


def _refusal(taken: Taken, asked: Asked) -> UcliError:
    """Return why a table is not taken: its rows are wrong, or right and too late."""
    counts = counts_of(taken.outcome)
    refused = RefusedError if taken.only_closed else RejectedError
    return refused(
        _("Rows of {file} that cannot be taken: {count}; nothing was written.").format(
            count=counts["wrong"], file=asked.file.name
        ),
        why=counts_text(counts),
        instead=_("Reopen the period, or repeat the command with --accept-valid, which leaves these rows out.")
        if taken.only_closed
        else _("Correct them and run the command again; --wrong FILE.csv writes them apart."),
    )


def _make_plan(ctx: Any, path: Path, asked: Asked, before: str, outcome: Outcome) -> None:
    """Write the plan of a table that was read.

    Raises:
        RefusedError: the table was not the same all the time; `before` is what it was before it was read.

    """
    with reading(ctx) as db:
        last = last_operation(db)
    plan = Plan(
        asked.kind,
        str(asked.file.resolve()),
        before,
        asked.names,
        asked.given,
        asked.sheet,
        asked.accept_valid,
        asked.roster,
        asked.confirmed,
        [*last],
        counts_of(outcome),
    )
    require_same_table(plan)
    write_file(path, plan.text(), replace=session_of(ctx).force, personal=True)
    tell(_("The plan is in {file}; “ucli apply {file}” carries it out.").format(file=path))
