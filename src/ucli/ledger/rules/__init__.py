"""The rules: what must hold of the rows of a ledger, or is worth a look where it does not; each stands once, here.

A rule is a function: its docstring says what holds, why, and what to do (`ucli check --explain CODE` prints it), and
its queries yield what breaks it. Every operation is held, before it is written, against the rules that refuse: for the
rows that it wrote, and those that they meet. `ucli check` holds all rows against all rules.

    rows       what no operation may write
    figures    what is worth a question of figures
    repeats    what may be there twice: members, payouts
    file       the file itself: damage, what another program changed
    ucli.reports.checks, ucli.cli.check    those that count, and those that make a report

What is refused elsewhere is refused there for a reason: a word that says nothing where it is typed (`cli.values`,
`values`), a row that needs an answer or another command in its verb, one value out of its range by a CHECK in
schema.sql. What must hold of rows beside each other, and of closed windows, is a rule.

A new rule is a function in one of these modules with the next free code. Its query names the table of the rows it is
about `a`, those that they meet `b` and `c` (`Look.find`). The first paragraph of its docstring says what holds, the
next what to do. A row that is written again, as by `value-payout`, `merge-person` or `--carry`, is held against it too.
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

# A code stays what it is once released; these are told of elsewhere too.
CHAIN = "C04-chain"
CLOSED_PERIOD = "C24-closed-period"
# When a rule is asked: before an operation is written, which may not break it; or by `check` only, for what is a fault,
# for what is a question and is accepted where it is as it should be, and first of all for what is wrong with the file.
REFUSED, FAULT, WARNING, FILE = "refused", "fault", "warning", "file"
# So much of what breaks a rule a refusal names.
_TOLD_AT_MOST = 12
_TABLES = re.compile(r"(?:FROM|JOIN) (\w+) ([abcr])\b")


class Finding(NamedTuple):
    """One thing that breaks a rule: the rule's code, what it is about in one word, and a sentence without names."""

    code: str
    ref: str  # the same for the same thing at every check
    what: str
    unit: int | None = None
    numbers: tuple[object, ...] = ()  # what it is about, as far as that may change
    indicator: str | None = None  # as people read it
    apart: float = 0  # how far what should agree is apart: the more, the worse
    table: str = ""
    row: object = None  # of the table, the number of the row, or the first of what tells it apart
    other: int | None = None  # of what an operation wrote: the operation of the row that it contradicts
    why: str | None = None
    instead: str | None = None
    correct_by: str = ""  # the command after which it may be
    error: type[UcliError] = RefusedError  # as which an operation is refused that breaks it

    @property
    def severity(self) -> str:
        return WARNING if any(it.code == self.code and it.kind == WARNING for it in RULES) else FAULT

    @property
    def as_found(self) -> str:
        """What is accepted: the reference with its numbers, so that others are asked about anew."""
        return " ".join([self.ref, "/".join(map(str, self.numbers))]).strip()


Words = str | Callable[[sqlite3.Connection, dict[str, Any]], UcliError]


class Query(NamedTuple):
    """What is said, the query that finds what it is said of, and what helps; all as `Look.find` takes them."""

    words: Words
    sql: str
    instead: str = ""


Broken = Iterator[Finding | Query]  # what a rule yields


class Look(NamedTuple):
    """What a rule looks at: all rows, or those that an operation wrote and those that they meet."""

    db: sqlite3.Connection
    code: str = ""  # of the rule
    number: int | None = None  # of the operation; None for all rows
    touched: frozenset[str] = frozenset()  # the tables into which it wrote, or whose rows it ended

    def found_by(self, find: "Callable[[Look], Broken]") -> Iterator[Finding]:
        """Yield what breaks a rule. Of an operation, its queries are asked for its rows under each of their aliases."""
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
        """Yield what a query finds, said in sentences with columns of the query in them, or as an error that says it.

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
    """Return each table of a query, what limits it to an operation's rows of it, and the operation that those met."""
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


# All that are loaded: `check` loads those that no operation is held against.
RULES: list[Rule] = []


def rule(code: str, kind: str) -> Callable[[Callable[[Look], Broken]], Callable[[Look], Broken]]:
    """Add a function to the rules, under the code that `check` tells; several may have the same."""

    def add(find: Callable[[Look], Broken]) -> Callable[[Look], Broken]:
        RULES.append(Rule(code, kind, find))
        return find

    return add


def text_of(code: str) -> str:
    """Return what holds by the rules of a code, why, and what to do."""
    from inspect import getdoc  # noqa: PLC0415  what only writes does without it

    return "\n".join(_(getdoc(it.find) or "") for it in RULES if it.code == code)


def violations(db: sqlite3.Connection, op: Operation | None = None) -> Iterator[Finding]:
    """Yield what breaks a rule: of all rows, or what refuses an operation, of the rows that it wrote."""
    if op:
        op.keep_tables()
    of_op = (op.number, frozenset(op.tables)) if op else ()
    for it in RULES:
        if it.kind == REFUSED or (op is None and it.kind != FILE):
            yield from Look(db, it.code, *of_op).found_by(it.find)


def found_in_file(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what breaks a rule about the file itself; where it does, its rows may be beyond looking at."""
    for it in RULES:
        if it.kind == FILE:
            yield from Look(db, it.code).found_by(it.find)


def accepted_findings(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return the warnings that are as they should be: by code, and reference with the numbers, the reason."""
    return {(code, ref): reason for code, ref, reason in db.execute("SELECT code, ref, reason FROM accepted_finding")}


def accept_finding(op: Operation, found: Finding, reason: str) -> None:
    """Write why a warning is as it should be, as it was found; a new reason takes the place of the old one."""
    put(op, "accepted_finding", {"code": found.code, "ref": found.as_found}, reason=reason)


def refusal(db: sqlite3.Connection, number: int, found: Iterable[Finding]) -> UcliError:
    """Return the refusal of what an operation wrote, in the words of the rules that it breaks."""
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


# They take from here what they are made with.
import ucli.ledger.rules.rows  # noqa: E402, F401
