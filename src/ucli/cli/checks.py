"""Whether the ledger is sound: everything found in one run, and accepting what is as it should be."""

import sqlite3
from collections.abc import Iterator
from typing import Annotated

import typer

from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.handed_in import changed_reports
from ucli.cli.output import check_output, show
from ucli.cli.session import reading, recording, said, tell, warn_if_open_to_others
from ucli.cli.shared import not_swallowed, session_of
from ucli.errors import NotFoundError, RefusedError, UsageError
from ucli.language import _, marked
from ucli.ledger import catalogue
from ucli.ledger.acceptance import accept, accepted_findings
from ucli.ledger.chain import first_astray, first_broken
from ucli.ledger.sealing import known_by, persons_astray
from ucli.ledger.tallying import differences
from ucli.ledger.units import get_ever
from ucli.render.words import listed
from ucli.reports.findings import CHAIN, FAULTS, TALLY, WARNINGS, Finding
from ucli.reports.findings.collected import collected
from ucli.reports.findings.figures import figures
from ucli.reports.findings.integrity import integrity
from ucli.reports.findings.registers import registers
from ucli.reports.findings.totals import totals

app = typer.Typer()

_FOUND = 4
_SOMEBODY = {
    "membership": marked("The personal data of member {number} was changed behind ucli's back."),
    "payout": marked("The personal data of whom payout {number} names was changed behind ucli's back."),
    "person": marked("Person {number}, whom no member or payout names, was written behind ucli's back."),
}
_COLUMNS = ["code", "severity", "ref", "unit", "what", "accepted"]


def _code(text: str) -> str:
    """Read the code of a finding, as it is printed or only its number: C11."""
    typed = not_swallowed(text).strip().lower()
    for code in (*FAULTS, *WARNINGS):
        if typed in (code.lower(), code.partition("-")[0].lower()):
            return code
    raise UsageError(
        _("“{text}” is no code of a finding.").format(text=text[:40]),
        instead=_("“ucli check” prints it in the first column."),
    )


@command(app, ReadCommand, "ucli check", "ucli check --format json")
def check(ctx: typer.Context) -> None:
    """Look for all that cannot be right or is worth a look; exit code 4 where something is found.

    What was accepted with a reason is listed too, and does not count.
    """
    check_output(ctx)
    session = session_of(ctx)
    warn_if_open_to_others(session)
    with reading(ctx) as db:
        found = _findings(db)
        accepted = accepted_findings(db)
        names = {it.unit: get_ever(db, it.unit) for it in found if it.unit}  # also of units that count no longer
    records: list[dict[str, object]] = [
        {
            "code": it.code,
            "severity": it.severity,
            "ref": it.ref,
            "unit": names.get(it.unit or 0),
            "what": it.what,
            "accepted": accepted.get((it.code, it.as_found)),
        }
        for it in found
    ]
    # Who reads it on a screen needs no table of nothing; whoever asked for a format or a file reads that.
    if records or session.format or session.output or session.excel:
        show(ctx, listed(records, _COLUMNS))
    open_ = [it for it in records if it["accepted"] is None]
    if not open_:
        tell(
            _(
                "No finding is open: the file, its sums, the log, the reports handed in"
                " and the totals signed off are as they should be."
            )
        )
        return
    codes = {it["code"] for it in open_}
    # Over rows that were tampered with new sums would make those official.
    if CHAIN in codes:
        tell(_("What was changed behind ucli's back is mended from a backup: “ucli backups” lists them."))
    elif TALLY in codes:
        tell(_("“ucli rebuild” makes wrong sums anew from the registers."))
    said = [_("Findings: {count}.").format(count=len(open_))]
    if codes.intersection(WARNINGS):
        said.append(_("A warning that is as it should be: ucli accept-finding CODE REF --reason “…”."))
    tell(" ".join(said))
    raise typer.Exit(_FOUND)


@command(app, WriteCommand, "ucli accept-finding C11 1 --reason 'CĐCS chưa nộp danh sách'")
def accept_finding(
    ctx: typer.Context,
    code: Annotated[
        str, typer.Argument(parser=_code, metavar="CODE", help=marked("The code of the finding: C11-stated-collected."))
    ],
    ref: Annotated[
        str,
        typer.Argument(parser=not_swallowed, metavar="REF", help=marked("Its reference, as “ucli check” prints it.")),
    ],
    reason: Annotated[
        str, typer.Option("--reason", parser=not_swallowed, metavar="TEXT", help=marked("Why it is as it should be."))
    ],
) -> None:
    """Accept a finding of “ucli check” that is as it should be, with the reason."""
    if code not in WARNINGS:
        raise RefusedError(
            _("{code} is a fault, and none that could be accepted.").format(code=code),
            instead=_("Correct what is recorded: “ucli check” says what it is."),
        )
    with recording(ctx) as op:
        found = next((it for it in _warnings(op.db) if (it.code, it.ref) == (code, ref)), None)
        if found is None:
            raise NotFoundError(
                _("There is no finding {code} {ref}.").format(code=code, ref=ref[:40]),
                instead=_("“ucli check” lists what is found now."),
            )
        accept(op, code, found.as_found, reason)
        op.summary = _("Finding {code} {ref} is accepted ({reason}).").format(code=code, ref=ref, reason=reason)
    said(ctx, op, {"code": code, "ref": ref, "reason": reason})


def _findings(db: sqlite3.Connection) -> list[Finding]:
    """Return all that is found, in the order of the codes."""
    astray = first_astray(db)
    found = [*integrity(db), *_chain(db, astray)]
    try:
        for it in _counted(db, whole=astray is None):
            found.append(it)  # noqa: PERF402  what was found before it stumbled stays
    except (ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, sqlite3.IntegrityError):
        # Over rows that were tampered with anything may stumble; those are named by now.
        if not found:
            raise
        tell(_("No more can be looked at: what the ledger is made of was changed behind ucli's back."))
    return sorted(found, key=lambda it: it.code)


def _counted(db: sqlite3.Connection, *, whole: bool) -> Iterator[Finding]:
    for it in differences(db):
        what = _sums_text(it.table, it.cell, it.kept, it.counted)
        yield Finding(TALLY, f"{it.unit} {it.table} {it.cell}", what, it.unit)
    # Rows that lead nowhere cannot be looked at: then it is the file, the sums and the chain alone.
    if whole:
        yield from totals(db, catalogue.indicators(db))
        yield from _warnings(db)


def _chain(db: sqlite3.Connection, astray: int | None) -> Iterator[Finding]:
    broken = first_broken(db)
    number = astray if broken is None else broken
    if number is not None:
        what = _("Operation {number}, or what it wrote, was changed behind ucli's back; “ucli log {number}” shows it.")
        yield Finding(CHAIN, str(number), what.format(number=number))
    for person in persons_astray(db):
        register, number = known_by(db, person)
        yield Finding(CHAIN, f"{register}-{number}", _(_SOMEBODY[register]).format(number=number))


def _warnings(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what is found among the records, all warnings among it."""
    yield from registers(db)
    yield from figures(db)
    yield from collected(db, catalogue.indicators(db))
    yield from changed_reports(db)


def _sums_text(table: str, cell: str, kept: str, counted: str) -> str:
    return _("The sum {table} {cell} is kept as {kept}, counted anew it is {counted}.").format(
        table=table, cell=cell, kept=kept or "0", counted=counted or "0"
    )
