"""Whether the ledger is sound: everything found in one run, and accepting what is as it should be."""

import sqlite3
from collections.abc import Iterator
from typing import Annotated

import typer

from ucli.cli import tampering
from ucli.cli.app import ReadCommand, WriteCommand, command, remark, require_value, session_of
from ucli.cli.options import arg, flag, opt
from ucli.cli.output import form_asked, show, show_text
from ucli.cli.session import reading, recording, said, tell, warn_if_open_to_others
from ucli.cli.submissions import lines_now
from ucli.errors import NotFoundError, RefusedError, UsageError
from ucli.i18n import _
from ucli.ledger.chain import Head, first_unknown
from ucli.ledger.closing import closed_windows
from ucli.ledger.rules import (
    CHAIN,
    FAULT,
    RULES,
    WARNING,
    Finding,
    Look,
    accept,
    accepted_findings,
    explained,
    found_in_file,
    rule,
    violations,
)
from ucli.ledger.units import get_ever
from ucli.render.labels import listed
from ucli.reports.checks import Line, folded, in_order
from ucli.values.numbers import grouped

_FOUND = 4
# The formats that programs and spreadsheets work on; all others are for reading.
_EVERY_FINDING = {"csv", "excel", "tsv", "json", "ndjson", "xlsx"}
_COLUMNS = ["code", "severity", "ref", "unit", "what", "accepted"]


@rule("C17-report-changed", "closing", warning=True)
def changed_reports(look: Look) -> Iterator[Finding]:
    """The report of a closed period is the one that was handed in.

    A stock rests on earlier days too, and a merger carries along what was before. “ucli diff” lists what changed and by
    which operation; undo it, or hand in a correction and accept the finding.
    """
    for closing in closed_windows(look.db):
        lines = lines_now(look.db, closing)
        if lines:
            what = _("{period}: {indicators} now differ from the submitted report; “ucli diff {typed}” shows it.")
            said = what.format(
                period=closing.told(look.db),
                indicators=", ".join(dict.fromkeys(it.indicator for it in lines)),
                typed=closing.typed(look.db),
            )
            numbers = tuple(number for it in lines for number in it.numbers)
            yield Finding(look.code, str(closing.number), said, closing.unit, numbers)


def _code(text: str) -> str:
    """Read the code of a finding, as it is printed or only its number: C11."""
    typed = require_value(text).strip().lower()
    for code in dict.fromkeys(it.code for it in RULES):
        if typed in (code.lower(), code.partition("-")[0].lower()):
            return code
    raise UsageError(
        _("“{text}” is no code of a finding.").format(text=text[:40]),
        instead=_("“ucli check” prints it in the first column."),
    )


@command(
    ReadCommand,
    "ucli check",
    "ucli check --all",
    "ucli check --format json",
    'ucli check --head "$(ucli log --head)"',
    "ucli check --explain C11",
)
def check(
    ctx: typer.Context,
    head: Annotated[
        Head | None,
        opt(
            "--head",
            tampering.noted_head,
            "NUMBER:HASH",
            "Check that the log still goes through this point, which “ucli log --head” printed.",
        ),
    ] = None,
    all_: Annotated[
        bool,
        flag(
            "--all",
            "List every finding, however many are of one kind; csv, tsv, json, ndjson and xlsx always have all.",
        ),
    ] = False,
    explain: Annotated[
        str | None,
        opt("--explain", _code, "CODE", "Say what holds by the rule of a finding, why, and what to do."),
    ] = None,
) -> None:
    """Faults come first, of each kind the worst; where a kind has many, a few stand for the rest.

    What was accepted with a reason is listed last, and does not count.
    """
    if explain:
        show_text(ctx, f"{explained(explain)}\n")
        return
    session = session_of(ctx)
    warn_if_open_to_others(session)
    with reading(ctx) as db:
        found = in_order(_findings(db, head))
        reasons = accepted_findings(db)
        open_ = [it for it in found if (it.code, it.as_found) not in reasons]
        accepted = [it for it in found if (it.code, it.as_found) in reasons]
        every = all_ or form_asked(ctx) in _EVERY_FINDING
        lines = [line for some in (open_, accepted) for line in (map(Line, some) if every else folded(some))]
        # Also of units that count no longer.
        names = {unit: get_ever(db, unit) for unit in {it.finding.unit for it in lines} if unit}
    records = [
        _record(it, names.get(it.finding.unit or 0), reasons.get((it.finding.code, it.finding.as_found)))
        for it in lines
    ]
    # Who reads it on a screen needs no table of nothing; anyone who asked for a format or a file reads that.
    if records or session.format or session.output or session.excel:
        show(ctx, listed(records, _COLUMNS))
    if head and not any(it.code == CHAIN for it in found):
        tell(_("The log goes through {head}.").format(head=head))
    if not open_:
        tell(
            _(
                "No finding is open: the file, the log, the reports handed in"
                " and the totals signed off are as they should be."
            )
        )
        return
    # What is to be done stands behind what holds.
    for code in dict.fromkeys(it.code for it in open_ if it.severity == FAULT):
        tell(f"{code}: {explained(code).partition(chr(10) * 2)[2]}")
    said = [_("Findings: {count}.").format(count=grouped(len(open_)))]
    if any(it.severity == WARNING for it in open_):
        said.append(_("A warning that is as it should be: ucli accept-finding CODE REF --reason “…”."))
    tell(" ".join(said))
    raise typer.Exit(_FOUND)


@command(WriteCommand, "ucli accept-finding C11 1 --reason 'CĐCS chưa nộp danh sách'")
def accept_finding(
    ctx: typer.Context,
    code: Annotated[str, arg(_code, "CODE", "The code of the finding: C11-stated-collected.")],
    ref: Annotated[
        str,
        arg(require_value, "REF", "Its reference, as “ucli check” prints it."),
    ],
    reason: Annotated[str, opt("--reason", remark, "TEXT", "Why it is as it should be.")],
) -> None:
    if not any(it.code == code and it.severity == WARNING for it in RULES):
        raise RefusedError(
            _("{code} is a fault, and none that could be accepted.").format(code=code),
            instead=_("Correct what is recorded: “ucli check” says what it is."),
        )
    with recording(ctx) as op:
        found = next((it for it in violations(op.db) if (it.code, it.ref) == (code, ref)), None)
        if found is None:
            raise NotFoundError(
                _("There is no finding {code} {ref}.").format(code=code, ref=ref[:40]),
                instead=_("“ucli check” lists what is found now."),
            )
        accept(op, found, reason)
        op.summary = _("Finding {code} {ref} is accepted ({reason}).").format(code=code, ref=ref, reason=reason)
    said(ctx, op, {"code": code, "ref": ref, "reason": reason})


def _record(line: Line, unit: str | None, reason: str | None) -> dict[str, object]:
    it, count = line.finding, grouped(line.more)
    record: dict[str, object] = {"code": it.code, "severity": it.severity}
    if line.elsewhere:
        what = _("… and {count} more, such as {ref}: --all").format(count=count, ref=it.ref)
        return {**record, "ref": None, "unit": None, "what": what, "accepted": None}
    what = _("{what} … and {count} more: --all").format(what=it.what, count=count) if line.more else it.what
    return {**record, "ref": it.ref, "unit": unit, "what": what, "accepted": reason}


def _findings(db: sqlite3.Connection, head: Head | None) -> list[Finding]:
    """Return all that is found."""
    found: list[Finding] = []
    try:
        for it in _all(db, head):
            found.append(it)  # noqa: PERF402  what was found before it stumbled stays
    except (ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, sqlite3.IntegrityError) as error:
        _refuse_if_unexplained(found, error)
    except sqlite3.OperationalError as error:
        # Of a column or table that is gone; a lock or a full disk is another matter.
        if "no such" not in str(error):
            raise
        _refuse_if_unexplained(found, error)
    return found


def _refuse_if_unexplained(found: list[Finding], error: Exception) -> None:
    """Go on with what is named by now: over what was tampered with anything may stumble. Else it is a fault."""
    if not found:
        raise error
    tell(_("No more can be looked at: what the ledger is made of was changed outside ucli."))


def _all(db: sqlite3.Connection, head: Head | None) -> Iterator[Finding]:
    if head:
        yield from tampering.head_findings(db, head)
    yield from found_in_file(db)
    # Rows that lead nowhere cannot be looked at: then it is the file and the chain alone.
    if first_unknown(db) is None:
        yield from violations(db)
