"""Plans: what an import would do, for a second person to look at before it is done.

A plan names the table and the state of the ledger that it was made for. The rows stay in the table: a plan holds
nobody's data.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, refusal
from ucli.importing.reader import require_file
from ucli.importing.workbook import unreadable

_SCHEMA = "ucli.plan/1"
_MOST_LETTERS = 1_000_000  # a plan holds no rows


class Plan(NamedTuple):
    """An import as it was asked for, and what it would do.

    Args:
        kind: what the rows are.
        file: the table, where it lies.
        names: which column a heading of one's own is.
        given: what is said of all rows at once, by column.
        sheet: which sheet of a workbook.
        accept_valid: whether rows that cannot be taken are left out.
        roster: whether those who are not in the table are named.
        confirmed: whether --yes was said.
        sha256: what the table held when it was looked at.
        after: the number of the ledger's last operation then, and when that was.
        counts: what would come of it: {"new": 12, "changed": 0, "unchanged": 3, "wrong": 0}.

    """

    kind: str
    file: str
    names: dict[str, str]
    given: dict[str, str]
    sheet: str | None
    accept_valid: bool
    roster: bool
    confirmed: bool
    sha256: str = ""
    after: list[Any] = []  # noqa: RUF012  never changed
    counts: dict[str, int] = {}  # noqa: RUF012

    @property
    def path(self) -> Path:
        return Path(self.file)

    def text(self) -> str:
        return f"{json.dumps({'schema': _SCHEMA, **self._asdict()}, ensure_ascii=False, indent=2)}\n"

    def require_same_ledger(self, last: tuple[int, str]) -> None:
        """Refuse a plan that was made for another state of the ledger; `last` is its last operation now.

        Raises:
            RefusedError: something was written since.

        """
        if self.after != [*last]:
            raise RefusedError(
                _("The ledger has changed since the plan was made."),
                why=_("The plan follows operation {planned}; the last one is {last}.").format(
                    planned=self.after[0], last=last[0]
                ),
                instead=_("Make the plan again with “ucli import … --plan”, and look at it."),
            )

    def require_same_table(self) -> None:
        """Refuse a plan whose table is not what it was; asked before and after it is read, for it may be swapped.

        Raises:
            RefusedError: it is not.

        """
        if digest(self.path) != self.sha256:
            raise RefusedError(
                _("The table {file} has changed since the plan was made.").format(file=self.path.name),
                instead=_("Make the plan again with “ucli import … --plan”, and look at it."),
            )


_TYPES = (str, str, dict, dict, str | None, bool, bool, bool, str, list, dict)


def plan_from(path: Path) -> Plan:
    """Read a plan.

    Raises:
        RejectedError: it is none.

    """
    require_file(path)
    try:
        with path.open(encoding="utf-8") as file:
            read = json.loads(file.read(_MOST_LETTERS))
        is_plan = read.pop("schema") == _SCHEMA and read.keys() == {*Plan._fields}
        plan = Plan(**read)
        texts = [*plan.names.values(), *plan.given.values()]
        is_plan = is_plan and all(isinstance(it, kind) for it, kind in zip(plan, _TYPES, strict=True))
        is_plan = is_plan and all(isinstance(it, str) for it in texts) and "\0" not in plan.file
    except (OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        is_plan = False
    if not is_plan or len(plan.after) != len(("number", "at")):
        raise RejectedError(
            _("{file} is no plan.").format(file=path.name),
            instead=_("“ucli import KIND TABLE --plan FILE” makes one."),
        )
    return plan


def digest(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        RejectedError: it cannot be read.

    """
    require_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(path, refusal(error)) from error
