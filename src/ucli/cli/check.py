"""Checking the ledger: all findings in one run, and accepting those that are right as they are."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import typer

from ucli.cli.closing import lines_now
from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.opening import reading, warn_if_open_to_others, writing
from ucli.cli.output import form_asked, show, show_text
from ucli.cli.session import current_session, tell
from ucli.errors import NotFoundError, RefusedError, UsageError
from ucli.i18n import _, chosen
from ucli.ledger import catalogue, rules
from ucli.ledger.chain import Head, first_unknown, goes_through
from ucli.ledger.closing import closed_windows
from ucli.ledger.rules import CHAIN, FAULT, WARNING, Finding, Look, rule
from ucli.ledger.units import get_ever
from ucli.render import form_named
from ucli.render.labels import listed
from ucli.reports.checks import in_order
from ucli.values.cross_checks import SKIP
from ucli.values.numbers import grouped

_FOUND = 4
# What a missing table or column, or an impossible value, raises.
_STUMBLES = (ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, sqlite3.Error)


def _head(text: str) -> Head:
    """Parse a former end of the log, as “ucli log --head” prints it; the hash may be shortened."""
    found = re.fullmatch(r"([0-9]{1,15}):([0-9a-f]{16,64})", text.strip().lower())
    if not found:
        raise UsageError(
            _("“{text}” is not a point of a log.").format(text=text[:80]),
            instead=_("Type it as “ucli log --head” prints it, NUMBER:HASH; 16 digits of the hash are enough."),
        )
    return Head(int(found[1]), found[2])


def _code(text: str) -> str:
    """Parse the code of a finding, whole or only its number: C11."""
    typed = text.strip().lower()
    for code in dict.fromkeys(it.code for it in rules.RULES):
        if typed in (code.lower(), code.partition("-")[0].lower()):
            return code
    raise UsageError(
        _("“{text}” is not the code of a finding.").format(text=text[:40]),
        instead=_("“ucli check” prints it in the first column."),
    )


@rule("C17-report-changed", WARNING)
def changed_reports(look: Look) -> Iterator[Finding]:
    """The report of a closed period is the one that was submitted.

    A stock depends on earlier days too, and a merger carries over what was before. “ucli diff” lists what
    changed and by which operation; undo it, or submit a correction and accept the finding.
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


@command(ReadCommand)
def check(head: Head | None = None, explain: str | None = None) -> None:
    """Errors come first, the worst of each kind on top. Accepted findings come last and are not counted."""
    if explain:
        show_text(f"{rules.text_of(explain)}\n")
        return
    session = current_session()
    warn_if_open_to_others(session)
    with reading() as db:
        found = in_order(_findings(db, head))
        reasons = rules.accepted_findings(db)
        open_ = [it for it in found if (it.code, it.as_found) not in reasons]
        accepted = [it for it in found if (it.code, it.as_found) in reasons]
        # Units that no longer count included.
        names = {unit: get_ever(db, unit) for unit in {it.unit for it in found} if unit}
    records: list[dict[str, object]] = [
        {
            "code": it.code,
            "severity": it.severity,
            "ref": it.ref,
            "unit": names.get(it.unit or 0),
            "what": it.what,
            "accepted": reasons.get((it.code, it.as_found)),
        }
        for it in (*open_, *accepted)
    ]
    # On a screen an empty table says nothing; a format or file that was asked for is written all the same.
    if records or session.format or session.output or session.excel:
        show(listed(records, ["code", "severity", "ref", "unit", "what", "accepted"]))
    if head and not any(it.code == CHAIN for it in found):
        tell(_("The log contains {head}.").format(head=head))
    if not open_:
        tell(_("No findings: the file, the log and submitted reports are in order."))
        return
    _tell_what_to_do(open_)
    raise typer.Exit(_FOUND)


def _tell_what_to_do(open_: list[Finding]) -> None:
    # The advice follows the rule itself.
    for code in dict.fromkeys(it.code for it in open_ if it.severity == FAULT):
        _holds, _line, advice = rules.text_of(code).partition("\n\n")
        tell(f"{code}: {' '.join(advice.split())}")
    said = [_("Findings: {count}.").format(count=grouped(len(open_)))]
    if any(it.severity == WARNING for it in open_):
        said.append(_("If a warning is correct as it is: ucli accept-finding CODE REF --reason “…”."))
    tell(" ".join(said))


def _findings(db: sqlite3.Connection, head: Head | None) -> list[Finding]:
    """Return all findings; if damage stops the checks, those found by then."""
    found: list[Finding] = []
    try:
        for it in _all(db, head):
            found.append(it)  # noqa: PERF402  what was found before it stumbled stays
    except _STUMBLES as error:
        # A lock or a full disk is not damage.
        is_of_rows = isinstance(error, sqlite3.IntegrityError) or not isinstance(error, sqlite3.Error)
        if not found or not (is_of_rows or "no such" in str(error)):
            raise
        tell(_("Nothing further can be checked: the structure of the ledger was changed outside ucli."))
    return found


def _all(db: sqlite3.Connection, head: Head | None) -> Iterator[Finding]:
    if head and not goes_through(db, head):
        what = _(
            "The log no longer contains {head}: since it was noted, operations were removed or rewritten outside "
            "ucli, or an older backup was restored."
        )
        yield Finding(CHAIN, f"head-{head.number}", what.format(head=head))
    is_whole = True
    for it in rules.found_in_file(db):
        is_whole &= it.code != CHAIN
        yield it
    # With dangling rows only the file and the chain can be checked.
    if is_whole or first_unknown(db) is None:
        yield from rules.violations(db)


@command(WriteCommand)
def accept_finding(code: str, ref: str, reason: str) -> None:
    if not any(it.code == code and it.kind == WARNING for it in rules.RULES):
        raise RefusedError(
            _("{code} is an error and cannot be accepted.").format(code=code),
            instead=_("Correct what was recorded: “ucli check” says what it is."),
        )
    with writing() as (op, say):
        found = next((it for it in rules.violations(op.db) if (it.code, it.ref) == (code, ref)), None)
        if found is None:
            raise NotFoundError(
                _("There is no finding {code} {ref}.").format(code=code, ref=ref[:40]),
                instead=_("“ucli check” lists the present findings."),
            )
        rules.accept_finding(op, found, reason)
        say(_("Finding {code} {ref} is accepted ({reason})."), code=code, ref=ref, reason=reason)


# Checks between figures


@command(ReadCommand)
def checks() -> None:
    with reading() as db:
        names = {it.code: it.name(chosen()) for it in catalogue.indicators(db)}
        records: list[dict[str, Any]] = [
            {
                "code": it.code,
                "expression": it.text(),
                "meaning": it.text(lambda code: names.get(code, code)),
                "if_missing": it.if_missing,
            }
            for it in catalogue.cross_checks(db)
        ]
    columns = ["code", "expression", "if_missing", "meaning"]
    if form_named(form_asked()).has_names:
        columns = ["code", "meaning", "if_missing"]
    show(listed(records, columns))


@command(WriteCommand)
def add_check(code: str, expression: str, if_missing: str = SKIP) -> None:
    """A unit's figures for one period are checked; where it has not stated one, the register is counted."""
    with writing() as (op, say):
        check = catalogue.add_cross_check(op, code, expression, if_missing)
        done = _("Check {code} was added: {expression}.")
        say(done, code=code, expression=check.text(), if_missing=if_missing)


@command(WriteCommand)
def void_check(code: str) -> None:
    with writing() as (op, say):
        catalogue.void_cross_check(op, code)
        say(_("Check {code} was voided."), code=code)
