"""The first schema."""

from ucli.ledger.migrations.rows import LIVE, day, versioned

SCRIPT = f"""
CREATE TABLE operation (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    host TEXT NOT NULL,
    command TEXT NOT NULL,
    summary TEXT NOT NULL,
    note TEXT,
    reverses INTEGER UNIQUE REFERENCES operation (number)
) STRICT;

CREATE TABLE setting (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    {versioned("name")}
) STRICT, WITHOUT ROWID;

CREATE TABLE unit (id INTEGER PRIMARY KEY) STRICT;

-- What a unit was called, and of which kind it was, from a day until (not including) another.
CREATE TABLE unit_name (
    unit INTEGER NOT NULL REFERENCES unit (id),
    from_day TEXT NOT NULL CHECK ({day("from_day")}),
    to_day TEXT NOT NULL CHECK ({day("to_day")} AND to_day > from_day),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> '' AND length(name) <= 300),
    folded TEXT NOT NULL,
    own_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    {versioned("unit, from_day")}
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_name_by_code ON unit_name (code COLLATE NOCASE, to_op);
CREATE INDEX unit_name_by_folded ON unit_name (folded, to_op);
CREATE INDEX unit_name_by_own_name ON unit_name (own_name, to_op);

-- The register of foundings and endings.
CREATE TABLE unit_life (
    unit INTEGER NOT NULL REFERENCES unit (id),
    founded TEXT CHECK ({day("founded")}),
    founders INTEGER CHECK (founders >= 0),
    decision TEXT,
    sector TEXT CHECK (sector IN ('state', 'public', 'non-state', 'fdi')),
    ended TEXT CHECK ({day("ended")} AND (founded IS NULL OR ended > founded)),
    end_reason TEXT,
    end_decision TEXT,
    note TEXT,
    {versioned("unit")}
) STRICT, WITHOUT ROWID;

-- Every unit with every unit above it, itself included (depth 0; its parent is depth 1), from a day until another.
CREATE TABLE ancestry (
    unit INTEGER NOT NULL REFERENCES unit (id),
    ancestor INTEGER NOT NULL REFERENCES unit (id),
    depth INTEGER NOT NULL CHECK (depth >= 0 AND (depth = 0) = (unit = ancestor)),
    from_day TEXT NOT NULL CHECK ({day("from_day")}),
    to_day TEXT NOT NULL CHECK ({day("to_day")} AND to_day > from_day),
    {versioned("unit, ancestor, from_day")}
) STRICT, WITHOUT ROWID;
CREATE INDEX ancestry_below ON ancestry (ancestor, depth, unit, from_day, to_day, from_op, to_op);
CREATE UNIQUE INDEX one_parent_at_a_time ON ancestry (unit, depth, from_day) WHERE to_op = {LIVE};

-- A cluster is a unit beside the tree; who belongs to it is said year by year.
CREATE TABLE cluster_year (
    cluster INTEGER NOT NULL REFERENCES unit (id),
    year INTEGER NOT NULL,
    lead INTEGER REFERENCES unit (id),
    deputy INTEGER REFERENCES unit (id),
    {versioned("cluster, year")}
) STRICT, WITHOUT ROWID;
CREATE TABLE cluster_member (
    cluster INTEGER NOT NULL REFERENCES unit (id),
    year INTEGER NOT NULL,
    unit INTEGER NOT NULL REFERENCES unit (id),
    {versioned("cluster, year, unit")}
) STRICT, WITHOUT ROWID;

CREATE TABLE indicator (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE indicator_entry (
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    code TEXT NOT NULL CHECK (code <> ''),
    alias TEXT NOT NULL,
    name_vi TEXT NOT NULL CHECK (name_vi <> ''),
    name_en TEXT NOT NULL CHECK (name_en <> ''),
    measure TEXT NOT NULL CHECK (measure <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('flow', 'stock', 'ratio', 'average')),
    direction TEXT NOT NULL CHECK (direction IN ('higher', 'lower')),
    counts TEXT NOT NULL,
    may_exceed INTEGER NOT NULL CHECK (may_exceed IN (0, 1)),
    {versioned("indicator")}
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX indicator_code ON indicator_entry (code) WHERE to_op = {LIVE};

CREATE TABLE programme (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE programme_entry (
    programme INTEGER NOT NULL REFERENCES programme (id),
    code TEXT NOT NULL CHECK (code <> ''),
    name_vi TEXT NOT NULL CHECK (name_vi <> ''),
    name_en TEXT NOT NULL CHECK (name_en <> ''),
    {versioned("programme")}
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX programme_code ON programme_entry (code) WHERE to_op = {LIVE};

CREATE TABLE period (
    code TEXT NOT NULL CHECK (code <> ''),
    folded TEXT NOT NULL,
    name TEXT,
    start_day TEXT NOT NULL CHECK ({day("start_day")}),
    end_day TEXT NOT NULL CHECK ({day("end_day")} AND end_day >= start_day),
    due TEXT CHECK ({day("due")}),
    {versioned("folded")}
) STRICT, WITHOUT ROWID;

-- The only table with personal data: members, and beneficiaries who are named.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT CHECK (length(name) <= 300),
    folded TEXT,
    born TEXT CHECK ({day("born")}),
    sex TEXT CHECK (sex IN ('male', 'female')),
    card TEXT,
    id_number TEXT CHECK (length(id_number) IN (9, 12))
) STRICT;
CREATE INDEX person_by_folded ON person (folded);
CREATE INDEX person_by_card ON person (card) WHERE card IS NOT NULL;
CREATE INDEX person_by_id_number ON person (id_number) WHERE id_number IS NOT NULL;

-- The register of admissions and leavings: one spell in one union, of one person or of a group without names.
CREATE TABLE membership (
    id INTEGER NOT NULL,
    union_unit INTEGER NOT NULL REFERENCES unit (id),
    person INTEGER REFERENCES person (id),
    members INTEGER NOT NULL CHECK (members > 0 AND (person IS NULL OR members = 1)),
    admitted TEXT NOT NULL CHECK ({day("admitted")}),
    begun_by TEXT NOT NULL CHECK (begun_by IN ('founding', 'admission', 'transfer')),
    "left" TEXT CHECK ({day('"left"')} AND "left" >= admitted),
    left_by TEXT CHECK ((left_by IS NULL) = ("left" IS NULL)),
    decision TEXT,
    {versioned("id")}
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_union ON membership (union_unit, admitted, to_op);
CREATE INDEX membership_by_person ON membership (person, to_op) WHERE person IS NOT NULL;

CREATE TABLE payout (
    id INTEGER NOT NULL,
    unit INTEGER NOT NULL REFERENCES unit (id),
    programme INTEGER NOT NULL REFERENCES programme (id),
    day TEXT NOT NULL CHECK ({day("day")}),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    in_kind INTEGER NOT NULL CHECK (in_kind >= 0 AND amount + in_kind > 0),
    recipients INTEGER NOT NULL CHECK (recipients > 0),
    form TEXT CHECK (form IN ('new-build', 'repair')),
    person INTEGER REFERENCES person (id),
    fund TEXT,
    decision TEXT,
    {versioned("id")}
) STRICT, WITHOUT ROWID;
CREATE INDEX payout_by_unit ON payout (unit, day, programme, to_op);
CREATE INDEX payout_by_person ON payout (person, to_op) WHERE person IS NOT NULL;

-- What a unit states: a value, or a part and a whole, or only a percentage that a source printed.
CREATE TABLE figure (
    id INTEGER NOT NULL,
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK ({day("start_day")}),
    end_day TEXT NOT NULL CHECK ({day("end_day")} AND end_day >= start_day),
    period TEXT NOT NULL,
    value INTEGER CHECK (value >= 0),
    part INTEGER CHECK (part >= 0),
    whole INTEGER CHECK (whole IS NULL OR (whole > 0 AND part IS NOT NULL AND value IS NULL)),
    qualifier TEXT CHECK (qualifier IN ('at-least', 'below', 'about')),
    stated_percent TEXT CHECK (coalesce(value, whole, stated_percent) IS NOT NULL),
    stated_qualifier TEXT CHECK (stated_qualifier IN ('at-least', 'below', 'about')),
    source TEXT,
    decision TEXT,
    {versioned("id")}
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_figure_a_window ON figure (unit, indicator, start_day, end_day) WHERE to_op = {LIVE};
CREATE INDEX figure_by_unit ON figure (unit, end_day, indicator, to_op);
CREATE INDEX figure_by_indicator ON figure (indicator, to_op);

CREATE TABLE target (
    id INTEGER NOT NULL,
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK ({day("start_day")}),
    end_day TEXT NOT NULL CHECK ({day("end_day")} AND end_day >= start_day),
    period TEXT NOT NULL,
    issuer INTEGER REFERENCES unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('at-least', 'at-most', 'range')),
    low INTEGER CHECK (low >= 0),
    high INTEGER CHECK ((high IS NOT NULL) = (kind = 'range') AND high >= low),
    percent TEXT CHECK ((percent IS NULL) <> (low IS NULL)),
    profile TEXT,
    decision TEXT,
    {versioned("id")}
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_target_an_issuer
    ON target (unit, indicator, start_day, end_day, coalesce(issuer, 0)) WHERE to_op = {LIVE};
"""

VERSIONED = [
    "setting",
    "unit_name",
    "unit_life",
    "ancestry",
    "cluster_year",
    "cluster_member",
    "indicator_entry",
    "programme_entry",
    "period",
    "membership",
    "payout",
    "figure",
    "target",
]
