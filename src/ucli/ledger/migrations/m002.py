"""Who came after whom, decisions on names and parents, terms of office, transfers of members."""

from ucli.ledger.migrations.rows import day, versioned

SCRIPT = f"""
-- Who came after a unit, from a day on: of one that ended, or beside one that gave a part away.
CREATE TABLE succession (
    unit INTEGER NOT NULL REFERENCES unit (id),
    successor INTEGER NOT NULL REFERENCES unit (id) CHECK (successor <> unit),
    day TEXT NOT NULL CHECK ({day("day")}),
    {versioned("unit, successor, day")}
) STRICT, WITHOUT ROWID;
CREATE INDEX succession_by_successor ON succession (successor, to_op);

-- By which decision a unit was renamed or moved on a day.
CREATE TABLE unit_change (
    unit INTEGER NOT NULL REFERENCES unit (id),
    day TEXT NOT NULL CHECK ({day("day")}),
    what TEXT NOT NULL CHECK (what IN ('renamed', 'moved')),
    decision TEXT,
    {versioned("unit, day, what")}
) STRICT, WITHOUT ROWID;

-- A term of office belongs to a unit: the days it was elected for; the next term, or the unit's end, cuts it short.
CREATE TABLE term (
    unit INTEGER NOT NULL REFERENCES unit (id),
    folded TEXT NOT NULL,
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT,
    start_day TEXT NOT NULL CHECK ({day("start_day")}),
    end_day TEXT NOT NULL CHECK ({day("end_day")} AND end_day >= start_day),
    due TEXT CHECK ({day("due")}),
    {versioned("unit, folded")}
) STRICT, WITHOUT ROWID;
CREATE INDEX term_by_code ON term (folded, to_op);

-- The membership that a transfer or a merger of unions continues; empty where it began in another ledger.
ALTER TABLE membership ADD COLUMN came_from INTEGER CHECK (came_from IS NULL OR begun_by = 'transfer');
CREATE INDEX membership_by_came_from ON membership (came_from, to_op) WHERE came_from IS NOT NULL;
"""

VERSIONED = ["succession", "unit_change", "term"]
