"""The rules: what must hold of the rows of a ledger, or is worth a look where it does not; each stands once, here.

A rule is a function: its docstring says what holds, why, and what to do (`ucli check --explain CODE` prints it), and
its queries yield what breaks it. Every operation is held, before it is written, against the rules that refuse: for the
rows that it wrote, and those that they meet. `ucli check` holds all rows against all rules.
"""

import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ucli.errors import RefusedError
from ucli.i18n import _, marked
from ucli.ledger.lives import HAPPENINGS
from ucli.ledger.operations import NAMED_BY, VERSIONED, first_op, touched
from ucli.ledger.units import get_ever
from ucli.values.dates import date_text
from ucli.values.indicators import MONEY
from ucli.values.numbers import grouped
from ucli.values.periods import FOREVER
from ucli.values.units import KINDS, belongs_under

# A code stays what it is once released.
FOREIGN_KEY = "C01-foreign-key"
OUTSIDE_LIFE = "C07-outside-life"
SAME_PERSON = "C08-same-person"
CLOSED_PERIOD = "C24-closed-period"
PARENT = "C25-parent"
CODE_TWICE = "C26-code-twice"
STATED_TWICE = "C27-stated-twice"

# So much of what breaks a rule a refusal names.
_TOLD_AT_MOST = 12


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
    correct_by: str = ""  # the command after which it may be

    @property
    def as_found(self) -> str:
        """What is accepted: the reference with its numbers, so that others are asked about anew."""
        return " ".join([self.ref, "/".join(map(str, self.numbers))]).strip()


class Look:
    """What a rule looks at: all rows, or those that an operation wrote and those that they meet.

    Args:
        db: the ledger.
        code: of the rule.
        number: of the operation; None for all rows.
        touched: the tables into which it wrote, or whose rows it ended.

    """

    def __init__(self, db: sqlite3.Connection, code: str, number: int | None, touched: Container[str]) -> None:
        self.db = db
        self.code = code
        self.number = number
        self.touched = touched

    def rows(self, sentence: str, query: str, **tables: str) -> Iterator[Finding]:
        """Yield what a query finds: of all rows, or of those that the operation wrote into one of its tables.

        Args:
            sentence: with columns of the query in it, as `find` takes it.
            query: as `find` takes it.
            tables: what tables the aliases of the query stand for, first that of the row which is found.

        """
        if self.number is None:
            yield from self.find(tables["a"], sentence, query)
            return
        for place, side in enumerate(tables):
            others = [first_op(tables[it], it) for it in tables if it != side]
            only = [f"{side}.op = :op", *(f"{it}.op <> :op" for it in [*tables][:place])]
            other = f"max({', '.join(others)}, 0)" if others else "NULL"
            if tables[side] in self.touched:
                yield from self.find(tables["a"], sentence, query, only=" AND ".join(only), against=other)

    def find(
        self, table: str, sentence: str, query: str, *, only: str = "1", against: str = "NULL"
    ) -> Iterator[Finding]:
        """Yield what a query finds.

        Args:
            table: of the rows that are found.
            sentence: with columns of the query in it. Whole numbers that begin with `n_` are written for people, by
                the `measure` of their indicator, and days that begin with `d_`.
            query: it selects `ref` and {against}, and `unit`, `row`, `numbers`, `indicator`, `apart` where it can.
            only: the condition that takes the place of {only} in it.
            against: the operation of the row that one contradicts, which takes the place of {against}.

        """
        for row in self.db.execute(query.format(only=only, against=f"{against} AS against"), {"op": self.number}):
            it = dict(row)
            yield Finding(
                self.code,
                str(it["ref"]),
                sentence.format(**{key: _said(key, value, it.get("measure")) for key, value in it.items()}),
                it.get("unit"),
                (it["numbers"],) if "numbers" in it else (),
                it.get("indicator"),
                it.get("apart") or 0,
                table,
                next((it[key] for key in ("row", "number", "one") if key in it), None),
                it["against"],
            )


Find = Callable[[Look], Iterable[Finding]]


class Rule(NamedTuple):
    code: str
    find: Find
    tables: tuple[str, ...]  # what it is about
    refuses: bool  # else `check` tells it


RULES: list[Rule] = []


def rule(code: str, *tables: str, refuses: bool = False) -> Callable[[Find], Find]:
    def add(find: Find) -> Find:
        RULES.append(Rule(code, find, tables, refuses))
        return find

    return add


def violations(db: sqlite3.Connection, number: int | None = None) -> Iterator[Finding]:
    """Yield what breaks a rule: of all rows, or what refuses an operation, of the rows that it wrote."""
    about = {*VERSIONED} if number is None else {*touched(db, number)}
    for it in RULES:
        if number is None or (it.refuses and not about.isdisjoint(it.tables)):
            yield from it.find(Look(db, it.code, number, about))


def refusal(db: sqlite3.Connection, number: int, found: Iterable[Finding]) -> RefusedError:
    """Return the refusal of what an operation wrote, in the words of the rules that it breaks."""
    first, *others = found
    alike = [first, *(it for it in others if it.code == first.code)]
    said = [*dict.fromkeys(it.what if it.correct_by else f"{_named(db, it, number)}{it.what}" for it in alike)]
    more = [_("… and {count} more.").format(count=grouped(rest))] if (rest := len(said) - _TOLD_AT_MOST) > 0 else []
    commands = [*dict.fromkeys(it.correct_by for it in alike if it.correct_by)]
    return RefusedError(
        " ".join([*said[:_TOLD_AT_MOST], *more]),
        why=first.why,
        instead=_("To correct it: {commands}.").format(commands="; ".join(commands))
        if commands
        else _("“ucli check --explain {code}” says what holds, and what to do.").format(code=first.code[:3]),
    )


def _named(db: sqlite3.Connection, it: Finding, number: int) -> str:
    return f"{get_ever(db, it.unit, before=number)}: " if it.unit else ""


def number_text(number: int, measure: str) -> str:
    """Write a number for people; money with its unit."""
    return f"{grouped(number)} {MONEY}" if measure.startswith(MONEY) else grouped(number)


def _said(column: str, value: object, measure: object) -> object:
    if column.startswith("n_"):
        return number_text(int(str(value)), str(measure or ""))
    return date_text(date.fromisoformat(str(value))) if column.startswith("d_") else value


# --- What a row names counts, and lies where it belongs.


@rule(FOREIGN_KEY, *VERSIONED, refuses=True)
def names_what_counts(look: Look) -> Iterable[Finding]:
    """What a row names – a unit, an indicator, a programme, a member, a closed period – counts too.

    Lists and reports would lack it otherwise. Void the row, or bring back what it names with “ucli redo”.
    """
    sentence = _("Row {ref} of the table {named_in} names {named} {number}, which does not count.")
    for (table, key), columns in NAMED_BY.items():
        for named_in, column in columns:
            same = f"c WHERE c.{key} = a.{column}"
            query = (
                f"SELECT {_key(named_in)} AS ref, a.{VERSIONED[named_in][0]} AS row, '{named_in}' AS named_in,"
                f" '{table}' AS named, a.{column} AS number, {{against}} FROM {named_in} a"
                f" WHERE {{only}} AND a.{column} NOTNULL AND NOT EXISTS (SELECT 1 FROM {table} {same})"
                # Who never was in the register, as a beneficiary who is no member, is missed by no one.
                f" AND EXISTS (SELECT 1 FROM {table}_history {same}) {_recorded(named_in)}"
            )
            ended = f"(SELECT max(ended_by) FROM {table}_history {same})"
            gone = f"a.{column} IN (SELECT {key} FROM {table}_history WHERE ended_by = :op) AND a.op <> :op"
            if look.number is None:
                yield from look.find(named_in, sentence, query)
            elif named_in in look.touched:
                yield from look.find(named_in, sentence, query, only="a.op = :op", against=ended)
            if look.number is not None and table in look.touched:
                yield from look.find(named_in, sentence, query, only=gone, against=first_op(named_in, "a"))


# By table, what is said of a row that lies outside its unit's life.
_OUTSIDE = {
    "membership": marked("Member {number} was admitted when this unit had not been founded yet, or was closed."),
    "payout": marked("Payout {number} was made when this unit had not been founded yet, or was closed."),
    "figure": marked("Figure {number} is for a time when this unit had not been founded yet, or was closed."),
    "target": marked("Target {number} is for a time when this unit had not been founded yet, or was closed."),
    "term": marked("Term {code} is for a time when this unit had not been founded yet, or was closed."),
    "cluster_member": marked("It is listed in a cluster of {year}, when it had not been founded yet, or was closed."),
}


@rule(OUTSIDE_LIFE, "ancestry", *_OUTSIDE, refuses=True)
def inside_a_life(look: Look) -> Iterable[Finding]:
    """What is recorded for a unit lies within its life, from its founding until its end.

    Nobody is admitted to a union that is not there, and it pays nothing. Void what was recorded wrongly and record it
    for the unit that was there then, or correct the founding or the end.
    """
    for it in HAPPENINGS:
        more = {"term": "a.code,", "cluster_member": "a.year,"}.get(it.table, "")
        yield from look.rows(
            _(_OUTSIDE[it.table]),
            f"SELECT '{it.table}-' || {_key(it.table)} AS ref, a.{VERSIONED[it.table][0]} AS number, {more}"
            f" a.{it.unit} AS unit, {{against}} FROM {it.table} a"
            f" LEFT JOIN ancestry b ON b.unit = a.{it.unit} AND b.depth = 0"
            f" WHERE (b.unit IS NULL OR a.{it.last} < b.from_day OR a.{it.first} >= b.to_day) AND {{only}}",
            a=it.table,
            b="ancestry",
        )
    yield from look.rows(
        _("Member {number} never left this union, which was closed."),
        "SELECT 'membership-' || a.id AS ref, a.id AS number, a.union_unit AS unit, {against} FROM membership a"
        " JOIN ancestry b ON b.unit = a.union_unit AND b.depth = 0"
        f" WHERE a.admitted < b.to_day AND coalesce(a.\"left\", '{FOREVER}') > b.to_day AND {{only}}",
        a="membership",
        b="ancestry",
    )


@rule(PARENT, "ancestry", "unit_name", refuses=True)
def one_parent_above(look: Look) -> Iterable[Finding]:
    """A unit stands under one unit at a time, which is there then, and of a kind that it belongs under.

    Every total is made of those below. Move the unit with “ucli move-unit”.
    """
    yield from look.rows(
        _("It stands under a unit that was not there at all of that time."),
        "SELECT 'unit-' || a.unit AS ref, a.unit, a.unit AS row, {against} FROM ancestry a"
        " JOIN ancestry b ON b.unit = a.ancestor AND b.depth = 0"
        " WHERE a.depth = 1 AND (a.from_day < b.from_day OR a.to_day > b.to_day) AND {only}",
        a="ancestry",
        b="ancestry",
    )
    yield from look.rows(
        _("It stands under two units at one time."),
        "SELECT 'unit-' || a.unit AS ref, a.unit, a.unit AS row, {against} FROM ancestry a"
        " JOIN ancestry b ON b.unit = a.unit AND b.depth = 1 AND (b.from_day, b.ancestor) > (a.from_day, a.ancestor)"
        " AND b.from_day < a.to_day WHERE a.depth = 1 AND {only}",
        a="ancestry",
        b="ancestry",
    )
    right = ", ".join(f"('{child}', '{parent}')" for child in KINDS for parent in KINDS if belongs_under(child, parent))
    yield from look.rows(
        _("It stands under a unit of a kind that it does not belong under."),
        "SELECT 'unit-' || a.unit AS ref, a.unit, a.unit AS row, {against} FROM ancestry a"
        " JOIN unit_name b ON b.unit = a.unit JOIN unit_name c ON c.unit = a.ancestor WHERE a.depth = 1"
        " AND max(a.from_day, b.from_day, c.from_day) < min(a.to_day, b.to_day, c.to_day)"
        f" AND (b.kind, c.kind) NOT IN (VALUES {right}) AND {{only}}",
        a="ancestry",
        b="unit_name",
        c="unit_name",
    )


@rule(CODE_TWICE, "unit_name", "indicator_entry", refuses=True)
def one_with_a_code(look: Look) -> Iterable[Finding]:
    """A code means one unit on any day, and one indicator.

    Tables that are imported name them by it. Give one of the two another code: “ucli rename-unit --code”.
    """
    yield from look.rows(
        _("Its code {code} is another unit's at that time too."),
        "SELECT a.code || '-' || a.unit || '-' || b.unit AS ref, a.unit, a.unit AS row, a.code, {against}"
        " FROM unit_name a JOIN unit_name b ON b.code = a.code COLLATE NOCASE AND b.unit > a.unit"
        " AND b.from_day < a.to_day AND a.from_day < b.to_day WHERE {only}",
        a="unit_name",
        b="unit_name",
    )
    yield from look.rows(
        _("The indicators {one} and {other} have a code or an alias in common."),
        "SELECT a.code || '-' || b.code AS ref, a.indicator AS row, a.code AS one, b.code AS other, {against}"
        " FROM indicator_entry a JOIN indicator_entry b ON b.indicator > a.indicator"
        " AND (b.code IN (a.code, a.alias) OR (b.alias <> '' AND b.alias IN (a.code, a.alias))) WHERE {only}",
        a="indicator_entry",
        b="indicator_entry",
    )


@rule(STATED_TWICE, "figure", refuses=True)
def one_statement_a_day(look: Look) -> Iterable[Finding]:
    """A unit states a stock once for a day.

    Which of two would count nobody could say. Void one of the two figures with “ucli void-figure”.
    """
    yield from look.rows(
        _("Figures {one} and {other} state one stock for the same day."),
        "SELECT a.id || '-' || b.id AS ref, a.id AS one, b.id AS other, a.unit, {against} FROM figure a"
        " JOIN figure b ON b.unit = a.unit AND b.end_day = a.end_day AND b.indicator = a.indicator AND b.id > a.id"
        " AND (b.kind = 'estimate') = (a.kind = 'estimate') WHERE {only}"
        " AND EXISTS (SELECT 1 FROM indicator_entry e WHERE e.indicator = a.indicator AND e.kind = 'stock')",
        a="figure",
        b="figure",
    )


@rule(SAME_PERSON, "membership", refuses=True)
def one_membership_at_a_time(look: Look) -> Iterable[Finding]:
    """A person is a member of one union at a time; who has the same ID number or card is one person.

    The member would count twice. Void one of the two with “ucli void-member”, or end it with “ucli end-membership”.
    """
    if look.number is not None:
        yield from look.find(
            "membership",
            _("Members {one} and {other} are one person, by the ID number or the card."),
            "SELECT a.id || '-' || b.id AS ref, a.id AS one, b.id AS other, a.union_unit AS unit, {against}"
            " FROM membership a JOIN person recorded ON recorded.id = a.person"
            " JOIN person p ON p.id = coalesce(recorded.erased_as, a.person)"
            " JOIN person q ON q.id = p.id OR q.card = p.card OR q.id_number = p.id_number"
            " JOIN person other ON other.id = q.id OR other.erased_as = q.id"
            " JOIN membership b ON b.person = other.id AND b.id <> a.id"
            ' WHERE {only} AND (a."left" IS NULL AND b."left" IS NULL OR q.id = p.id'
            f" AND a.admitted < coalesce(b.\"left\", '{FOREVER}') AND b.admitted < coalesce(a.\"left\", '{FOREVER}'))",
            only="a.op = :op",
            against=first_op("membership", "b"),
        )
        return
    for column, sentence in (
        ("id_number", _("Members {one} and {other} have the same ID number.")),
        ("card", _("Members {one} and {other} have the same card number.")),
    ):
        yield from look.find(
            "membership",
            sentence,
            "WITH spell AS MATERIALIZED (SELECT person, min(id) AS id FROM membership GROUP BY person)"
            " SELECT a.id || '-' || b.id AS ref, a.id AS one, b.id AS other, {against}"
            f" FROM spell a JOIN person p ON p.id = a.person AND p.{column} NOTNULL"
            f" JOIN person q ON q.{column} = p.{column} AND q.id > p.id JOIN spell b ON b.person = q.id",
        )


@rule(CLOSED_PERIOD, *VERSIONED, refuses=True)
def nothing_in_a_closed_period(look: Look) -> Iterable[Finding]:
    """Nothing is recorded or changed inside a period whose report was handed in, of its unit and all below it.

    What was handed in would not be what the ledger says. Reopen the period with “ucli reopen-period”, with the reason,
    record it, and close the period anew. What changed since is listed by “ucli diff”.
    """
    if look.number is None or not look.db.execute("SELECT 1 FROM closing LIMIT 1").fetchone():
        return  # of all that is recorded “ucli diff” tells
    from ucli.ledger.closing import written_into, written_while_open  # noqa: PLC0415  seldom needed

    yield from written_while_open(look.db, look.number)
    yield from written_into(look.db, look.number)


def _key(table: str) -> str:
    return " || '-' || ".join(f"a.{it}" for it in VERSIONED[table])


def _recorded(table: str) -> str:
    """Return the condition that leaves out rows which only follow from others."""
    return "AND a.depth < 2" if table == "ancestry" else ""
