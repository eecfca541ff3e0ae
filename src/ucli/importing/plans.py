"""Plans: what an import would do, written to a file for a second person to look at first.

A plan names the table and the state of the ledger it was made for. It holds no rows, so no personal data.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, marked
from ucli.importing.reader import opened
from ucli.values.letters import DECODERS

_SCHEMA = "ucli.plan/1"
_MOST_LETTERS = 1_000_000  # a plan holds no rows
_AGAIN = marked("Make the plan again with “ucli import … --plan”, and check it.")


class Plan(NamedTuple):
    """An import as requested, and what it would do."""

    kind: str
    file: str
    names: dict[str, str]  # --map: headings and the columns they are
    given: dict[str, str]  # by column: what options say of all rows
    sheet: str | None
    accept_valid: bool
    roster: bool
    confirmed: bool
    sha256: str = ""  # of the table when the plan was made
    after: list[Any] | None = None  # the number and time of the ledger's last operation then
    counts: dict[str, int] | None = None  # {"new": 12, "changed": 0, "unchanged": 3, "wrong": 0}
    encoding: str | None = None  # --encoding, of rows that are not Unicode
    area: str | None = None  # --range
    fill_down: bool = False  # --fill-down: whether an empty cell for the unit repeats the one above

    @property
    def path(self) -> Path:
        return Path(self.file)

    def text(self) -> str:
        return f"{json.dumps({'schema': _SCHEMA, **self._asdict()}, ensure_ascii=False, indent=2)}\n"

    def require_same_ledger(self, last: tuple[int, str]) -> None:
        """Refuse the plan if the ledger has changed since it was made."""
        number, _at = planned = tuple(self.after or (0, ""))
        if planned != last:
            raise RefusedError(
                _("The ledger has changed since the plan was made."),
                why=_("The plan follows operation {planned}; the last one is {last}.").format(
                    planned=number, last=last[0]
                ),
                instead=_(_AGAIN),
            )

    def require_same_table(self) -> None:
        """Refuse the plan if its table has changed; asked before and after reading, for the file may be swapped."""
        if digest(self.path) != self.sha256:
            told = _("The table {file} has changed since the plan was made.").format(file=self.path.name)
            raise RefusedError(told, instead=_(_AGAIN))


_TYPES = (str, str, dict, dict, str | None, bool, bool, bool, str, list, dict, str | None, str | None, bool)


def plan_from(path: Path) -> Plan:
    try:
        with opened(path, encoding="utf-8") as file:
            read = json.loads(file.read(_MOST_LETTERS))
        is_plan = read.pop("schema") == _SCHEMA and len(read) == len(_TYPES)
        plan = Plan(**read)
        texts = [*plan.names.values(), *plan.given.values()]
        is_plan &= all(isinstance(it, kind) for it, kind in zip(plan, _TYPES, strict=True))
        is_plan &= all(isinstance(it, str) for it in texts) and "\0" not in plan.file
        is_plan &= plan.encoding in (None, *DECODERS)
        is_plan &= len(plan.after or ()) == len(("number", "at"))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        is_plan = False
    if not is_plan:
        raise RejectedError(
            _("{file} is not a plan.").format(file=path.name),
            instead=_("“ucli import KIND TABLE --plan FILE” makes one."),
        )
    return plan


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
