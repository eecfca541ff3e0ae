"""The rules: what must hold for the rows of a ledger, or deserves a look where it does not; each defined once.

A rule is a function: its docstring says what holds, why, and what to do (`ucli check --explain CODE` prints it), and
its queries yield the violations. Before an operation commits, the rules that refuse are asked about the rows it wrote
and the rows these concern. `ucli check` asks all rules about all rows.

    rows       what no operation may write
    figures    what is worth a question of figures
    repeats    what may be there twice: members, payouts
    file       the file itself: damage, what another program changed
    ucli.reports.checks, ucli.cli.check    those that count, and those that make a report

Other refusals have other places: a meaningless word is refused where it is parsed (`cli.values`, `values`), a row that
needs an answer or another command by its verb, a value out of range by a CHECK in schema.sql. What must hold between
rows, and for closed windows, is a rule.

A new rule is a function in one of these modules with the next free code. Its query calls the table of the rows it is
about `a`, those of other rows `b` and `c` (`Look.find`), in its outermost FROM alone: tables of subqueries have other
names. The first paragraph of its docstring says what holds, the next what to do. Rows that are written again, as by
`value-payout`, `merge-person` or `--carry`, are checked again too. An operation that only ends rows is not asked, but
where a rule says which rows are concerned then (as C01 and C28 do).
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from ucli.errors import RefusedError, UcliError
from ucli.i18n import _
from ucli.ledger.operations import Operation, first_op, written
from ucli.ledger.units import get_ever
from ucli.ledger.verbs import put
from ucli.values.numbers import first_lines

# Codes never change once released; these are used elsewhere too.
CHAIN = "C04-chain"
CLOSED_PERIOD = "C24-closed-period"
# When a rule is asked: before an operation commits, which it refuses; or only by `check`, for errors, for warnings that
# can be accepted, and, before all others, for what is wrong with the file.
REFUSED, FAULT, WARNING, FILE = "refused", "fault", "warning", "file"
# The most violations that a refusal names.
_TOLD_AT_MOST = 12
_TABLES = re.compile(r"(?:FROM|JOIN) (\w+) ([abcr])\b")


class Finding(NamedTuple):
    """A violation of a rule: the rule's code, a reference in one word, and a sentence without personal data."""

    code: str
    ref: str  # the same at every check
    what: str
    unit: int | None = None
    numbers: tuple[object, ...] = ()  # the values it is about, which may change
    indicator: str | None = None  # as people read it
    apart: float = 0  # how far apart values are that should agree: the more, the worse
    table: str = ""
    row: object = None  # the number of the row in its table, or the first column of its key
    other: int | None = None  # the operation of the row that a new row contradicts
    why: str | None = None
    instead: str | None = None
    correct_by: str = ""  # the command that would make it possible
    error: type[UcliError] = RefusedError  # the refusal of an operation that breaks the rule

    @property
    def severity(self) -> str:
        return WARNING if any(it.code == self.code and it.kind == WARNING for it in RULES) else FAULT

    @property
    def as_found(self) -> str:
        """The reference with its values, as it is accepted: with other values the question is asked anew."""
        return " ".join([self.ref, "/".join(map(str, self.numbers))]).strip()


Words = str | Callable[[sqlite3.Connection, dict[str, Any]], UcliError]


class Query(NamedTuple):
    """A sentence, the query that finds what it is about, and what helps; as `Look.find` takes them."""

    words: Words
    sql: str
    instead: str = ""


Broken = Iterator[Finding | Query]  # what a rule yields


class Look(NamedTuple):
    """What a rule looks at: all rows, or those that an operation wrote and the rows these concern."""

    db: sqlite3.Connection
    code: str = ""  # of the rule
    number: int | None = None  # the operation; None for all rows
    touched: frozenset[str] = frozenset()  # the tables into which it wrote, or whose rows it ended

    def found_by(self, find: "Callable[[Look], Broken]") -> Iterator[Finding]:
        """Yield the violations of a rule; for an operation its queries run for the new rows under each alias."""
        for broken in find(self):
            if isinstance(broken, Finding):
                yield broken
            elif self.number is None:
                yield from self.find(*broken)
            else:
                for table, only, met in _sides(broken.sql):
                    if table in self.touched:
                        yield from self.find(*broken, only=only, met=met)

    def find(
        self, words: Words, query: str, instead: str = "", *, only: str = "1", met: str = "NULL"
    ) -> Iterator[Finding]:
        """Yield a finding for each row of a query, with its columns in the sentence, or with an error that has it.

        It selects `ref`, and `unit`, `row`, `numbers`, `indicator`, `apart` where it can; of a register its rows are
        `a`, and those that they meet `b` and `c`, or `r` as a source has them (`ledger.registers`). In it {only} stands
        for a condition, {met} for the operation of the row that one contradicts.
        """
        table = _tables(query).get("a", "")
        for row in self.db.execute(query.format(only=only, met=f"{met} AS met"), {"op": self.number}):
            it = dict(row)
            said = (
                words(self.db, it)
                if callable(words)
                else RefusedError(words.format(**it), instead=instead.format(**it))
            )
            yield Finding(
                self.code,
                str(it["ref"]),
                said.what,
                it.get("unit"),
                (it["numbers"],) if "numbers" in it else (),
                it.get("indicator"),
                it.get("apart") or 0,
                table,
                next((it[key] for key in ("row", "number", "one") if key in it), None),
                it.get("met"),
                said.why,
                said.instead,
                error=type(said),
            )


@cache
def _tables(query: str) -> dict[str, str]:
    return {alias: table for table, alias in _TABLES.findall(query)}


@cache
def _sides(query: str) -> list[tuple[str, str, str]]:
    """Return for each table of a query the condition for the operation's rows, and SQL for the one contradicted."""
    tables = _tables(query)
    sides = []
    for place, side in enumerate(tables):
        only = [written(tables[side], side), *(f"{it}.op <> :op" for it in [*tables][:place])]
        others = [first_op(tables[it], it) for it in tables if it != side]
        sides.append((tables[side], " AND ".join(only), f"max({', '.join(others)}, 0)" if others else "NULL"))
    return sides


class Rule(NamedTuple):
    code: str
    kind: str
    find: Callable[[Look], Broken]


# All rules loaded so far: `check` loads those that are not asked about operations.
RULES: list[Rule] = []


def rule(code: str, kind: str) -> Callable[[Callable[[Look], Broken]], Callable[[Look], Broken]]:
    """Register a function as a rule with a code; several may share one."""

    def add(find: Callable[[Look], Broken]) -> Callable[[Look], Broken]:
        RULES.append(Rule(code, kind, find))
        return find

    return add


def text_of(code: str) -> str:
    """Return the explanation of a code: what holds, why, and what to do."""
    from inspect import getdoc  # noqa: PLC0415  what only writes does without it

    return "\n".join(_(getdoc(it.find) or "") for it in RULES if it.code == code)


def violations(db: sqlite3.Connection, op: Operation | None = None) -> Iterator[Finding]:
    """Yield violations among all rows, or those that refuse an operation among the rows it wrote."""
    if op:
        op.keep_tables()
    of_op = (op.number, frozenset(op.tables)) if op else ()
    for it in RULES:
        if it.kind == REFUSED or (op is None and it.kind != FILE):
            yield from Look(db, it.code, *of_op).found_by(it.find)


def found_in_file(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield violations of the rules about the file itself; with any, rows may not be readable."""
    for it in RULES:
        if it.kind == FILE:
            yield from Look(db, it.code).found_by(it.find)


def accepted_findings(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return the reasons of accepted warnings, by code and reference with values."""
    return {(code, ref): reason for code, ref, reason in db.execute("SELECT code, ref, reason FROM accepted_finding")}


def accept_finding(op: Operation, found: Finding, reason: str) -> None:
    """Accept a warning as found, with a reason, which replaces an earlier one."""
    put(op, "accepted_finding", {"code": found.code, "ref": found.as_found}, reason=reason)


def refusal(db: sqlite3.Connection, number: int, found: Iterable[Finding]) -> UcliError:
    """Return the refusal of an operation, in the words of the rules it breaks."""
    first, *others = found
    alike = [first, *(it for it in others if it.code == first.code)]
    names = {it: get_ever(db, it, before=number) for it in {one.unit for one in alike if not one.correct_by} if it}
    named = (it.what if (name := names.get(it.unit or 0, "")) in it.what else f"{name}: {it.what}" for it in alike)
    said = [*dict.fromkeys(named)]
    helps = [*dict.fromkeys(it.instead for it in alike if it.instead)]
    if commands := dict.fromkeys(it.correct_by for it in alike if it.correct_by):
        helps = [_("To correct it: {commands}.").format(commands="; ".join(commands))]
    if not helps:
        helps = [_("“ucli check --explain {code}” says what holds, and what to do.").format(code=first.code[:3])]
    return first.error(" ".join(first_lines(said, _TOLD_AT_MOST)), why=first.why, instead=" ".join(helps))


# Imported last, for they use what is defined above.
import ucli.ledger.rules.rows  # noqa: E402, F401
