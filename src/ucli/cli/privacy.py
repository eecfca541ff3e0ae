"""A person's rights by law: to know what is held, and to have it erased."""

import sqlite3
from datetime import date
from pathlib import Path

from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.opening import log_only, opened, reading, writing
from ucli.cli.output import show
from ucli.cli.session import can_ask, current_session, tell
from ucli.cli.values import ASKED, OrAsked
from ucli.errors import RefusedError, UsageError
from ucli.i18n import _, marked
from ucli.ledger import privacy
from ucli.ledger.persons import known_by
from ucli.render import Column, Sheet
from ucli.render.labels import cell_of, heading, listed
from ucli.reports.listings import Listing, due_for_deletion, holdings
from ucli.values.members import ERASED
from ucli.values.names import same

_PARTS = {
    "person": marked("Person"),
    "earlier": marked("Recorded before"),
    "memberships": marked("Membership"),
    "payouts": marked("Payout"),
    "awards": marked("Award"),
}

_CONFIRMED = OrAsked(str, marked("Type the person's name to erase the data for good"))


@command(WriteCommand)
def erase_member(member: str | None = None, payout: int | None = None, confirm: str | None = None) -> None:
    """Backups and copies beside the ledger that still hold the person are listed: deleting them is up to you.

    Other entries of the same name are listed with the command that erases each, with --dry-run too.
    """
    session = current_session()
    if session.held and session.held.atomic:
        raise UsageError(
            _("Persons cannot be erased in an atomic batch."), instead=_("Run “ucli erase-member” on its own.")
        )
    with opened() as db:
        person = _meant(db, member, payout)
        rows = privacy.rows_of(db, person)
        is_erased = all(it["name"] == ERASED for it in rows)
        alike: dict[str, str] = {}
        copies: list[Path] = []
        notes: list[int] = []
        if not is_erased:
            alike = privacy.alike(db, rows)
            _tell_alike(alike)
            if confirm or not session.dry_run:
                _require_confirmed(rows[0]["name"], confirm)
            copies, notes = privacy.copies_holding(session.path, rows), privacy.texts_naming(db, rows)
        if not session.dry_run:
            privacy.require_alone(db, session.path)
    with writing() as (op, say):
        privacy.erase(op, rows)
        number = payout or known_by(op.db, person)[1]
        done = _("The personal data of payout {number} was erased for good.")
        done = done if payout else _("The personal data of member {number} was erased for good.")
        say(done, {"number": number}, backups=[str(it) for it in copies], notes=notes, alike=[*alike])
        say.done = _("{what} Operation {number}; it cannot be undone.")
        if not session.dry_run:
            say.nothing = _("The personal data was erased before; the ledger was cleaned again.")
            say.when_safe = _scrub
    if copies:
        said = _(
            "These copies still hold the person, or cannot be read; delete those that are not ledgers in use: {files}."
        )
        tell(said.format(files=", ".join(map(str, copies))))
    if notes:
        said = _("Texts recorded by operations {numbers} name the person; they stay as they were written.")
        tell(said.format(numbers=", ".join(map(str, notes))))


def _scrub() -> None:
    """Bring what was erased out of the file too."""
    with opened() as db:
        is_clean = privacy.scrub(db)
    if not is_clean:
        tell(_("Another command is still reading the earlier data: run this one again when it is done."))


def _meant(db: sqlite3.Connection, member: str | None, payout: int | None) -> int:
    if (member is None) == (payout is None):
        raise UsageError(_("No person was named."), instead=_("Name a member, or a payout with --payout."))
    return privacy.find_person(db, member) if member else privacy.beneficiary_of(db, payout or 0)


def _tell_alike(entries: dict[str, str]) -> None:
    """List the entries, without the name, with the command that erases each."""
    if entries:
        tell(_("Other entries have the same name, card or ID number; they are not erased with this one:"))
    for ref, told in entries.items():
        tell(f"  {told}: ucli erase-member {ref}")


def _require_confirmed(name: str, typed: str | None) -> None:
    """Make sure that this person is meant; neither name is printed."""
    typed = _CONFIRMED.answer(ASKED) if typed is None and can_ask() else typed
    if typed is None or not same(typed, name):
        raise RefusedError(
            _("Erasing cannot be undone, and the name was not confirmed."),
            instead=_("Repeat the command with --confirm and the name as it is recorded."),
        )


@command(ReadCommand)
def export_member(member: str | None = None, payout: int | None = None, reason: str | None = None) -> None:
    with reading() as db:
        person = _meant(db, member, payout)
        held = holdings(db, privacy.rows_of(db, person))
        about = payout or known_by(db, person)[1]
    log_only(_("Everything held on the person of number {number} was printed.").format(number=about), reason)
    show(_sheet(held), personal=True)


def _sheet(held: dict[str, Listing]) -> Sheet:
    """Return a person's data as a sheet, a line for each item."""
    rows: list[list[object]] = []
    for part, said in _PARTS.items():
        for record in held[part]:
            kept = {key: value for key, value in record.items() if value is not None}
            rows += [[_(said), heading(key), cell_of(key, value)] for key, value in kept.items()]
    columns = ["part", "item", "value"]
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    document = {"schema": "ucli.member/1", **held, "person": held["person"][0]}
    return Sheet([Column(_("Of")), Column(_("Item")), Column(_("Value"))], rows, records, columns, document=document)


@command(ReadCommand)
def retention(years: int) -> None:
    """Present members are never listed. A voided membership or payout is a mistake, however recent."""
    today = date.today()  # noqa: DTZ011
    is_leap_day = (today.month, today.day) == (2, 29)
    before = today.replace(year=max(today.year - years, 1), day=today.day - is_leap_day)
    with reading() as db:
        records = due_for_deletion(db, before)
    columns = ["number", "held_as", "name", "union", "left", "left_by", "last_payout"]
    show(listed(records, columns), personal=True)
    if records:
        tell(_("Persons: {count}; “ucli erase-member NUMBER” erases one.").format(count=len(records)))
    if any("payout" in str(it["held_as"]) or it["last_payout"] for it in records):
        tell(_("The number of a beneficiary is that of the payout: “ucli erase-member --payout NUMBER”."))
