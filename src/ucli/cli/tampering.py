"""What in a ledger was not written by ucli, as findings: its schema, the shipped catalogue, the log, persons."""

import re
import sqlite3
from collections.abc import Iterator

from ucli.cli.app import require_value
from ucli.errors import UsageError
from ucli.i18n import _, marked
from ucli.ledger.chain import Head, first_broken, first_unknown, goes_through
from ucli.ledger.identities import known_by, mismatched_persons
from ucli.ledger.rules import CHAIN, Finding, Look, rule
from ucli.ledger.schema import schema_mismatches

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


@rule("C18-schema")
def schema_findings(look: Look) -> Iterator[Finding]:
    """The ledger has the tables, views and indexes that ucli makes, and no others.

    Another program put in what is named, or changed it. Take it out with that program, or restore a backup.
    """
    for kind, name, is_foreign in schema_mismatches(look.db):
        # ucli makes no trigger, so none is ever missing; damage may have left a kind that there is not.
        what = _(_SCHEMA.get((kind, is_foreign), _SCHEMA["table", is_foreign])).format(name=name[:_LONGEST_NAME])
        yield Finding(look.code, f"{kind}-{name}"[:_LONGEST_NAME], what)


@rule(CHAIN)
def chain_findings(look: Look) -> Iterator[Finding]:
    """The log and the persons are as ucli wrote them: every operation fits its seal, and the seal before it.

    Another program changed what is named. Restore a backup from before; “ucli backups” lists them.
    """
    broken = first_broken(look.db)
    operation = first_unknown(look.db) if broken is None else broken
    if operation == 0:
        what = _("The list of indicators and programmes that comes with ucli was changed outside ucli.")
        yield Finding(look.code, "0", what)
    elif operation is not None:
        what = _("Operation {number}, or what it wrote, was changed outside ucli; “ucli log {number}” shows it.")
        yield Finding(look.code, str(operation), what.format(number=operation))
    for person in mismatched_persons(look.db):
        register, number = known_by(look.db, person)
        yield Finding(look.code, f"{register}-{number}", _(_SOMEBODY[register]).format(number=number))


def head_findings(db: sqlite3.Connection, noted: Head) -> Iterator[Finding]:
    """Yield that the log does not go through where it ended once."""
    if not goes_through(db, noted):
        what = _(
            "The log does not go through {head}: since that was noted, operations were cut off or rewritten"
            " outside ucli, or an older backup was restored."
        )
        yield Finding(CHAIN, f"head-{noted.number}", what.format(head=noted))
