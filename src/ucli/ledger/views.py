"""What the ledger says at an operation, as plain tables for readers: `now_payout`, `now_figure` and so on."""

import sqlite3

TABLES = {
    "ancestry": "unit, ancestor, depth, from_day, to_day",
    "unit_name": "unit, from_day, to_day, code, name, folded, own_name, kind",
    "unit_life": "unit, founded, founders, decision, sector, ended, end_reason, end_decision, note",
    "unit_change": "unit, day, what, decision",
    "succession": "unit, successor, day",
    "cluster_year": "cluster, year, lead, deputy",
    "cluster_member": "cluster, year, unit",
    "indicator_entry": "indicator, code, alias, name_vi, name_en, measure, kind, direction, counts,"
    " may_exceed, is_state",
    "programme_entry": "programme, code, name_vi, name_en",
    "membership": 'id, union_unit, person, members, admitted, begun_by, "left", left_by, decision, came_from',
    "payout": "id, unit, programme, day, amount, in_kind, recipients, form, person, fund, decision",
    "figure": "id, indicator, unit, start_day, end_day, period, kind, speaks_for, reason, received,"
    " value, part, whole, qualifier, stated_percent, stated_qualifier, source, decision",
    "target": "id, indicator, unit, start_day, end_day, period, issuer, kind, low, high, percent, as_floor,"
    " profile, effective, decision",
}


def look_at(db: sqlite3.Connection, known: int) -> None:
    """Let the views of this connection show what was known after an operation."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS known (op INTEGER)")
    db.execute("DELETE FROM temp.known")
    db.execute("INSERT INTO temp.known VALUES (?)", (known,))
    for table, columns in TABLES.items():
        db.execute(
            f"CREATE TEMP VIEW IF NOT EXISTS now_{table} AS SELECT {columns}, from_op AS op, origin_op"
            f" FROM main.{table} WHERE from_op <= (SELECT op FROM temp.known) AND to_op > (SELECT op FROM temp.known)"
        )
