"""What in a ledger was not written by ucli, as findings: its schema, the shipped catalogue, the log, persons."""

import re
import sqlite3
from collections.abc import Iterator

from ucli.cli.app import require_value
from ucli.errors import UsageError
from ucli.i18n import _, marked
from ucli.ledger.chain import Head, first_broken, goes_through
from ucli.ledger.identities import known_by, mismatched_persons
from ucli.ledger.schema import schema_mismatches
from ucli.reports.findings import CHAIN, SCHEMA, Finding

_LONGEST_NAME = 60
# As it is printed, or with no more of the hash than suffices.
_HEAD = re.compile(r"([0-9]{1,15}):([0-9a-f]{16,64})")

# By kind, and whether it was put in; else it is missing or was changed.
_SCHEMA = {
    ("trigger", True): marked(
        "Another program put the trigger {name} into the ledger, which can change what is recorded;"
        " nothing more is recorded until that program takes it out: DROP TRIGGER."
    ),
    ("view", True): marked("Another program put the view {name} into the ledger; ucli does not read it."),
    ("view", False): marked("The view {name} is missing or was changed outside ucli; restore a backup from before."),
    ("index", True): marked("Another program put the index {name} into the ledger; take it out with that program."),
    ("index", False): marked("The index {name} is missing or was changed outside ucli; restore a backup from before."),
    ("table", True): marked(
        "Another program put the table {name} into the ledger; ucli does not read it."
        " Take it out with that program, or restore a backup from before."
    ),
    ("table", False): marked(
        "The table {name} is missing, or how it is made was changed outside ucli; restore a backup from before."
    ),
    ("step", True): marked(
        "The list of migrations of this ledger names {name}, which is none of ucli's; restore a backup from before."
    ),
    ("step", False): marked("The list of migrations of this ledger lacks {name}; restore a backup from before."),
}
_SOMEBODY = {
    "membership": marked("The personal data of member {number} was changed outside ucli."),
    "payout": marked("The personal data of whom payout {number} names was changed outside ucli."),
    "person": marked("Person {number}, whom no member or payout names, was written outside ucli."),
}


def noted_head(text: str) -> Head:
    """Read where the log ended once, as “ucli log --head” prints it."""
    found = _HEAD.fullmatch(require_value(text).strip().lower())
    if not found:
        raise UsageError(
            _("“{text}” is not the end of a log.").format(text=text[:80]),
            instead=_("Type it as “ucli log --head” prints it, NUMBER:HASH; 16 digits of the hash are enough."),
        )
    return Head(int(found[1]), found[2])


def schema_findings(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what in the ledger's schema was put in, changed or taken out by another program."""
    for kind, name, is_foreign in schema_mismatches(db):
        # ucli makes no trigger, so none is ever missing; damage may have left a kind that there is not.
        what = _(_SCHEMA.get((kind, is_foreign), _SCHEMA["table", is_foreign])).format(name=name[:_LONGEST_NAME])
        yield Finding(SCHEMA, f"{kind}-{name}"[:_LONGEST_NAME], what)


def chain_findings(db: sqlite3.Connection, unknown: int | None) -> Iterator[Finding]:
    """Yield what of the log and the persons is not what was sealed.

    Args:
        db: the ledger.
        unknown: an operation that a row names and that never was; None where there is none.

    """
    broken = first_broken(db)
    operation = unknown if broken is None else broken
    if operation == 0:
        what = _("The list of indicators and programmes that comes with ucli was changed outside ucli.")
        yield Finding(CHAIN, "0", what)
    elif operation is not None:
        what = _("Operation {number}, or what it wrote, was changed outside ucli; “ucli log {number}” shows it.")
        yield Finding(CHAIN, str(operation), what.format(number=operation))
    for person in mismatched_persons(db):
        register, number = known_by(db, person)
        yield Finding(CHAIN, f"{register}-{number}", _(_SOMEBODY[register]).format(number=number))


def head_findings(db: sqlite3.Connection, noted: Head) -> Iterator[Finding]:
    """Yield that the log does not go through where it ended once."""
    if not goes_through(db, noted):
        what = _(
            "The log does not go through {head}: since that was noted, operations were cut off or rewritten"
            " outside ucli, or an older backup was restored."
        )
        yield Finding(CHAIN, f"head-{noted.number}", what.format(head=noted))
