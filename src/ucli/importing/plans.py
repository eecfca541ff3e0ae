"""Plans: what an import would do, for a second person to look at before it is done.

A plan names the table and the state of the ledger that it was made for. The rows stay in the table: a plan holds
no one's data.
"""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, refusal
from ucli.importing.tables import require_file

_SCHEMA = "ucli.plan/1"
_MOST_LETTERS = 1_000_000  # a plan holds no rows


class Plan(NamedTuple):
    """One import that was looked at and not done.

    Args:
        kind: what the rows are.
        file: the table, where it lay.
        sha256: what it held then.
        names: which column a heading of one's own is.
        given: what is said of all rows at once, by column.
        sheet: which sheet of a workbook.
        accept_valid: whether rows that cannot be taken are left out.
        roster: whether those who are not in the table are named.
        confirmed: whether --yes was said.
        after: the number of the ledger's last operation, and when that was.
        counts: what would come of it: {"new": 12, "changed": 0, "unchanged": 3, "wrong": 0}.

    """

    kind: str
    file: str
    sha256: str
    names: dict[str, str]
    given: dict[str, str]
    sheet: str | None
    accept_valid: bool
    roster: bool
    confirmed: bool
    after: list[object]
    counts: dict[str, int]

    def text(self) -> str:
        return f"{json.dumps({'schema': _SCHEMA, **self._asdict()}, ensure_ascii=False, indent=2)}\n"


_TYPES = {
    "kind": str,
    "file": str,
    "sha256": str,
    "names": dict,
    "given": dict,
    "sheet": str | None,
    "accept_valid": bool,
    "roster": bool,
    "confirmed": bool,
    "after": list,
    "counts": dict,
}


def plan_from(path: Path) -> Plan:
    """Read a plan.

    Raises:
        RejectedError: it is none.

    """
    require_file(path)
    try:
        with path.open(encoding="utf-8") as file:
            read = json.loads(file.read(_MOST_LETTERS))
    except (OSError, ValueError, RecursionError):
        read = None
    if (
        not isinstance(read, dict)
        or read.pop("schema", None) != _SCHEMA
        or read.keys() != _TYPES.keys()
        or not all(isinstance(read[name], kind) for name, kind in _TYPES.items())
        or not all(isinstance(it, str) for name in ("names", "given") for it in read[name].values())
        or "\0" in read["file"]
        or len(read["after"]) != len(("number", "at"))
    ):
        raise RejectedError(
            _("{file} is no plan.").format(file=path.name),
            instead=_("“ucli import KIND TABLE --plan FILE” makes one."),
        )
    return Plan(**read)


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
        raise RejectedError(_("The file {file} cannot be read.").format(file=path), why=refusal(error)) from error


def require_fresh(plan: Plan, last: tuple[int, str]) -> None:
    """Refuse a plan that was made for another state of the ledger, or for another table.

    Raises:
        RefusedError: something was written since, or the table is not what it was.

    """
    if plan.after != [*last]:
        raise RefusedError(
            _("The ledger has changed since the plan was made."),
            why=_("The plan follows operation {planned}; the last one is {last}.").format(
                planned=plan.after[0], last=last[0]
            ),
            instead=_("Make the plan again with “ucli import … --plan”, and look at it."),
        )
    require_same_table(plan)


def require_same_table(plan: Plan) -> None:
    """Refuse a plan whose table is not what it was; asked before and after the table is read, for it may be swapped.

    Raises:
        RefusedError: it is not.

    """
    if digest(Path(plan.file)) != plan.sha256:
        raise RefusedError(
            _("The table {file} has changed since the plan was made.").format(file=Path(plan.file).name),
            instead=_("Make the plan again with “ucli import … --plan”, and look at it."),
        )
