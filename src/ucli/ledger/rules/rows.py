"""What no operation may write: references to what does not count, rows outside of a unit's life, duplicates."""

import sqlite3
from typing import Any

from ucli.errors import RefusedError, RejectedError, UcliError
from ucli.i18n import _, chosen
from ucli.ledger.figures import alike
from ucli.ledger.lineage import outside_life
from ucli.ledger.operations import NAMED_BY, VERSIONED, first_op, recorded, written
from ucli.ledger.registers import REGISTERS, SOURCES, of_kind
from ucli.ledger.rules import CLOSED_PERIOD, REFUSED, Broken, Look, Query, rule
from ucli.ledger.units import get, get_ever
from ucli.values.periods import FOREVER
from ucli.values.units import KINDS, NAMES, UNION, belongs_under


@rule("C01-foreign-key", REFUSED)
def names_what_counts(look: Look) -> Broken:
    """What a row refers to – a unit, an indicator, a programme, a member, a closed period – counts too.

    Otherwise lists and reports would lack it. Void the row, or restore what it refers to with “ucli redo”.
    """
    for (table, key), columns in NAMED_BY.items():
        for named_in, column in columns:
            if look.number is not None and look.touched.isdisjoint((named_in, table)):
                continue
            same = f"c WHERE c.{key} = a.{column}"
            missed = (
                f"NOT EXISTS (SELECT 1 FROM {table} {same})"
                # A person who never was in the register, such as a beneficiary who is no member, is not missing.
                f" AND EXISTS (SELECT 1 FROM {table}_history {same})"
            )
            if look.number is None:  # for all rows, start from the ended ones, which are few
                missed = (
                    f"a.{column} IN (SELECT b.{key} FROM {table}_history b"
                    f" WHERE NOT EXISTS (SELECT 1 FROM {table} c WHERE c.{key} = b.{key}))"
                )
            told_as = f"a.{REGISTERS[named_in].number}" if named_in in REGISTERS else "NULL"
            query = (
                f"SELECT '{named_in}-' || {_key(named_in)} AS ref, {_key(named_in)} AS row, '{named_in}' AS named_in,"
                f" {told_as} AS told_as,"
                f" '{table}' AS named, '{key}' AS key, a.{column} AS number, {{met}} FROM {named_in} a"
                f" WHERE {{only}} AND a.{column} NOTNULL AND {missed} {recorded(named_in, 'a.')}"
            )
            ended = f"(SELECT max(ended_by) FROM {table}_history {same})"
            gone = f"a.{column} IN (SELECT {key} FROM {table}_history WHERE ended_by = :op) AND a.op <> :op"
            if look.number is None:
                yield from look.find(_misses, query)
            elif named_in in look.touched:
                yield from look.find(_misses, query, only=written(named_in, "a"), met=ended)
            if look.number is not None and table in look.touched:
                yield from look.find(_misses, query, only=gone, met=first_op(named_in, "a"))


def _misses(db: sqlite3.Connection, row: dict[str, Any]) -> UcliError:
    """Return that what a row refers to was voided or undone, by its last name or number."""
    table, number = row["named"], row["number"]
    if table == "unit_life":
        named = get_ever(db, number)
    else:
        shown = {"membership": "id", "payout": "id", "closing": "period", "origin": "name"}.get(table, "code")
        query = f"SELECT {shown} FROM {table}_history WHERE {row['key']} = ? ORDER BY ended_by DESC"
        (named,) = db.execute(query, (number,)).fetchone()
        numbered = {"membership": _("member {number}"), "payout": _("payout {number}")}
        named = numbered.get(table, "{number}").format(number=named)
    why = _("it depends on {named}, which no longer counts.").format(named=named)
    told_as, register = str(row["row"]), REGISTERS.get(row["named_in"])
    what = _(register.told) if register else _("Row {number} of another table: {why}")
    if register:
        told_as = str(row["told_as"])
    elif row["named_in"] == "ancestry":  # the key begins with the unit below the one referred to
        what, told_as = "{number}: {why}", get_ever(db, int(told_as.split("-", maxsplit=1)[0]))
    instead = _("Void those first; “ucli log” shows what was recorded.")
    if register and register.void:
        instead = _("Void that one first: ucli {command} {number}.").format(command=register.void, number=told_as)
    return RefusedError(what.format(number=told_as, why=why), instead=instead)


def _outside(db: sqlite3.Connection, row: dict[str, Any]) -> UcliError:
    error = outside_life(db, get(db, row["unit"]), row["first"], row["last"]) or RefusedError("")
    # A row just typed need not be named.
    what = (
        error.what if row["is_new"] else _(REGISTERS[row["named_in"]].told).format(number=row["number"], why=error.what)
    )
    return RefusedError(what, why=error.why, instead=error.instead)


@rule("C07-outside-life", REFUSED)
def inside_a_life(_look: Look) -> Broken:
    """What is recorded for a unit lies within its life, from its founding to its end.

    A union that does not exist admits no one and pays nothing. Void what was recorded wrongly and record it
    for the unit that existed then, or correct the founding or the end.
    """
    for it in REGISTERS.values():
        yield Query(
            _outside,
            f"SELECT '{it.table}-' || {_key(it.table)} AS ref, a.{it.number} AS number,"
            f" '{it.table}' AS named_in, a.{it.unit} AS unit, a.{it.first} AS first, a.{it.last} AS last,"
            " a.op = :op AS is_new, {met}"
            f" FROM {it.table} a JOIN ancestry b ON b.unit = a.{it.unit} AND b.depth = 0"
            f" WHERE (a.{it.last} < b.from_day OR a.{it.first} >= b.to_day) AND {{only}}",
        )
    last = f"coalesce(date(a.\"left\", '-1 day'), '{FOREVER}')"
    yield Query(
        _outside,
        "SELECT 'membership-' || a.id AS ref, a.id AS number, 'membership' AS named_in, a.union_unit AS unit,"
        f" {last} AS first, {last} AS last, a.op = :op AS is_new, {{met}} FROM membership a"
        f" JOIN ancestry b ON b.unit = a.union_unit AND b.depth = 0 WHERE a.admitted < b.to_day"
        f" AND coalesce(a.\"left\", '{FOREVER}') > b.to_day AND {{only}}",
    )


@rule("C25-parent", REFUSED)
def one_parent_above(_look: Look) -> Broken:
    """A unit is under one unit at a time, which exists then and is of a kind it may be under.

    Every total is made of the units below. Move the unit with “ucli move-unit”.
    """
    yield Query(
        _("It would be under a unit that does not exist during all of that time."),
        "SELECT 'unit-' || a.unit AS ref, a.unit, a.unit AS row, {met} FROM ancestry a"
        " JOIN ancestry b ON b.unit = a.ancestor AND b.depth = 0"
        " WHERE a.depth = 1 AND (a.from_day < b.from_day OR a.to_day > b.to_day) AND {only}",
        _("Move it with “ucli move-unit”, end it, or name the one unit that follows with --successor."),
    )
    yield Query(
        _("It is under two units at the same time."),
        "SELECT 'unit-' || a.unit AS ref, a.unit, a.unit AS row, {met} FROM ancestry a"
        " JOIN ancestry b ON b.unit = a.unit AND b.depth = 1 AND (b.from_day, b.ancestor) > (a.from_day, a.ancestor)"
        " AND b.from_day < a.to_day WHERE a.depth = 1 AND {only}",
    )
    yield Query(
        _misplaced,
        "SELECT 'unit-' || a.unit AS ref, a.unit, a.unit AS row, a.ancestor, b.kind, c.kind AS other, {met}"
        " FROM ancestry a"
        " JOIN unit_name b ON b.unit = a.unit JOIN unit_name c ON c.unit = a.ancestor WHERE a.depth = 1"
        " AND max(a.from_day, b.from_day, c.from_day) < min(a.to_day, b.to_day, c.to_day)"
        f" AND (b.kind, c.kind) NOT IN (VALUES {_BELONGS}) AND {{only}}",
    )


_BELONGS = ", ".join(f"('{child}', '{parent}')" for child in KINDS for parent in KINDS if belongs_under(child, parent))


def _misplaced(db: sqlite3.Connection, row: dict[str, Any]) -> UcliError:
    return RejectedError(
        _("A unit of kind {kind} cannot be under {parent}, which is of kind {other}.").format(
            kind=_(NAMES[row["kind"]]), parent=get(db, row["ancestor"]).name, other=_(NAMES[row["other"]])
        ),
        instead=_("Name the unit it is directly under."),
    )


@rule("C26-code-twice", REFUSED)
def one_with_a_code(_look: Look) -> Broken:
    """A code means one unit on any day, and one indicator.

    Imported tables name them by it. Give one of the two another code: “ucli rename-unit --code”.
    """
    yield Query(
        _("The code {code} belongs to another unit too: {one}, {other}."),
        "SELECT a.code || '-' || a.unit || '-' || b.unit AS ref, b.unit, b.unit AS row, a.name AS one, b.name AS other,"
        " a.code, {met} FROM unit_name a JOIN unit_name b ON b.code = a.code COLLATE NOCASE AND b.unit > a.unit"
        " AND b.from_day < a.to_day AND a.from_day < b.to_day WHERE {only}",
        _("Choose another with --code."),
    )
    yield Query(
        _("The indicators {one} and {other} have a code or an alias in common."),
        "SELECT a.code || '-' || b.code AS ref, a.indicator AS row, a.code AS one, b.code AS other, {met}"
        " FROM indicator_entry a JOIN indicator_entry b ON b.indicator > a.indicator"
        " AND (b.code IN (a.code, a.alias) OR (b.alias <> '' AND b.alias IN (a.code, a.alias))) WHERE {only}",
    )


@rule("C27-stated-twice", REFUSED)
def one_statement_a_day(_look: Look) -> Broken:
    """A unit states a stock once for a day.

    There is no telling which of two is right. Void one of the two figures with “ucli void-figure”.
    """
    yield Query(
        _("Figures {one} and {other} state the same stock for the same day."),
        "SELECT a.id || '-' || b.id AS ref, a.id AS one, b.id AS other, a.unit, {met} FROM figure a"
        f" JOIN figure b ON {alike('b.', 'a.')} AND b.id > a.id WHERE {{only}}",
    )


@rule("C09-out-of-range", REFUSED)
def shares_within_the_whole(_look: Look) -> Broken:
    """A part is not more than its whole, unless the indicator allows it.

    Correct the figure with “ucli add-figure … --replace”.
    """
    yield Query(
        _("Figure {number}: {stated} for {indicator}, which cannot be more than 100%."),
        f"SELECT a.id AS ref, a.id AS number, a.unit, e.name_{chosen()} AS indicator, "
        " replace(printf('%,d/%,d', a.part, a.whole), ',', '.') AS stated,"
        " (a.part - a.whole) * 1.0 / a.whole AS apart, {met} FROM figure a JOIN indicator_entry e"
        " ON e.indicator = a.indicator AND e.kind = 'ratio' AND NOT e.may_exceed WHERE a.part > a.whole AND {only}",
    )


# Memberships of one person, by the person itself or by ID or card number.
_ONE_PERSON = (
    "SELECT a.id || '-' || b.id AS ref, a.id AS one, b.id AS number, a.union_unit AS unit, {met}"
    " FROM membership a JOIN person recorded ON recorded.id = a.person"
    " JOIN person p ON p.id = coalesce(recorded.erased_as, a.person)"
    " JOIN person q ON q.id = p.id OR q.card = p.card OR q.id_number = p.id_number"
    " JOIN person other ON other.id = q.id OR other.erased_as = q.id"
    " JOIN membership b ON b.person = other.id AND b.id <> a.id WHERE {only} AND "
)
# Overlapping, or both open.
_AT_ONCE = (
    '(a."left" IS NULL AND b."left" IS NULL OR q.id = p.id'
    f" AND a.admitted < coalesce(b.\"left\", '{FOREVER}') AND b.admitted < coalesce(a.\"left\", '{FOREVER}'))"
)
_AFTER_DEATH = "q.id = p.id AND b.left_by = 'died' AND a.admitted >= b.\"left\""


@rule("C08-same-person", REFUSED)
def one_membership_at_a_time(look: Look) -> Broken:
    """A person is a member of one union at a time; the same ID number or card means the same person.

    The member would count twice. Void one of the two with “ucli void-member”, or end it with “ucli end-membership”.
    """
    if look.number is not None:
        moves = _("“ucli transfer-member” records a move to another union, “ucli end-membership” a departure.")
        at_once = _("Member {number} is the same person, and had not left by then.")
        for sentence, when, instead in (
            (at_once, _AT_ONCE, moves),
            (_("Member {number} has died."), _AFTER_DEATH, _("Check who is meant.")),
        ):
            if "membership" in look.touched:
                met = first_op("membership", "b")
                yield from look.find(sentence, _ONE_PERSON + when, instead, only=written("membership", "a"), met=met)
        return
    for column, sentence in (
        ("id_number", _("Members {one} and {other} have the same ID number.")),
        ("card", _("Members {one} and {other} have the same card number.")),
    ):
        yield Query(
            sentence,
            "WITH spell AS MATERIALIZED (SELECT person, min(id) AS id FROM membership GROUP BY person)"
            " SELECT a.id || '-' || b.id AS ref, a.id AS one, b.id AS other"
            f" FROM spell a JOIN person p ON p.id = a.person AND p.{column} NOTNULL"
            f" JOIN person q ON q.{column} = p.{column} AND q.id > p.id JOIN spell b ON b.person = q.id",
        )


@rule("C28-part-of-payout", REFUSED)
def parts_of_a_payout(look: Look) -> Broken:
    """A further payment or returned money is not before its payout; no more is returned than was paid.

    Correct the day or the amount: void the row with “ucli void-payout” and record it again.
    """
    parts = (
        "SELECT b.id AS ref, b.id AS number, b.id AS row, a.id AS first, b.unit, {met} FROM payout b"
        " JOIN payout a ON a.id = b.part_of WHERE {only} AND "
    )
    returned = (
        "b.amount < 0 AND a.amount + a.in_kind"
        " + (SELECT sum(c.amount + c.in_kind) FROM payout c WHERE c.part_of = a.id) < 0"
    )
    of_op = {}
    if look.number is not None:
        if "payout" not in look.touched:
            return
        gone = "SELECT coalesce(part_of, id) FROM payout_history WHERE ended_by = :op"
        of_op = {"only": f"(:op IN (a.op, b.op) OR a.id IN ({gone}))", "met": first_op("payout", "b")}
    instead = _(
        "“ucli payouts” shows what was paid and returned; “ucli value-payout” records a value that was unknown."
    )
    for sentence, broken in (
        (_("Payout {number} is before payout {first}, of which it is part."), "b.day < a.day"),
        (_("More would be returned of payout {first} than was paid."), returned),
    ):
        yield from look.find(sentence, parts + broken, instead, **of_op)


@rule("C29-received-and-recorded", REFUSED)
def not_received_and_recorded(look: Look) -> Broken:
    """What an office below counts and sends is not also recorded here for the same unit and days.

    It would count twice. Void the rows that were recorded here, or end the origin with “ucli end-origin --drop”.
    """
    if not look.db.execute("SELECT 1 FROM received LIMIT 1").fetchone():
        return
    for it in (SOURCES[name] for name in ("payouts", "admissions", "departures")):
        yield Query(
            _("A bundle counts {start_day} to {end_day}, and a record of these days is here too ({row} {number})."),
            f"SELECT '{it.name}-' || r.id AS ref, a.unit, a.register AS row, a.start_day, a.end_day, r.id AS number,"
            " {met} FROM received a JOIN ancestry x ON x.ancestor = a.unit AND x.depth < 2 AND x.from_day <= a.place"
            f" AND a.place < x.to_day AND (x.depth = 0 OR {of_kind('x.unit', UNION)})"
            f" JOIN {it.table} r ON {it.unit} = x.unit AND {it.day} BETWEEN a.start_day AND a.end_day"
            f" AND {it.counts} WHERE a.register = '{it.name}' AND {{only}}",
        )


@rule(CLOSED_PERIOD, REFUSED)
def nothing_in_a_closed_period(look: Look) -> Broken:
    """Nothing is recorded or changed within a period whose report was submitted, for its unit and all below it.

    The submitted report would no longer match the ledger. Reopen the period with “ucli reopen-period” and a reason,
    record it, and close the period again. “ucli diff” lists what changed since.
    """
    if look.number is None or not look.db.execute("SELECT 1 FROM closing LIMIT 1").fetchone():
        return  # “ucli diff” lists everything else
    from ucli.ledger.closing import written_into, written_while_open  # noqa: PLC0415  seldom needed

    yield from written_while_open(look.db, look.number)
    yield from written_into(look.db, look.number)


def _key(table: str) -> str:
    return " || '-' || ".join(f"a.{it}" for it in VERSIONED[table])
