-- The schema: all of it, in one script. A ledger of another one is refused (`store`).
--
-- How rows live: a table holds what counts now, and each row the operation that wrote it (`op`). A row that counts no
-- longer moves to the table of the same name and `_history`, with the operation that ended it (`ended_by`); nothing is
-- ever deleted. The histories are made from the tables (`schema.lay`); `operations` writes both, and `persons` the
-- table `person`, which has no history.
-- A unit, an indicator and a programme keep a number through all their versions (tables `unit`, `indicator`,
-- `programme`); what is known of them stands in the tables beside.

-- The log: every command that wrote, in the order of its numbers; 0 is the shipped catalogue.
CREATE TABLE operation (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    host TEXT NOT NULL,
    command TEXT NOT NULL,
    summary TEXT NOT NULL,
    note TEXT,
    reverses INTEGER UNIQUE REFERENCES operation (number),
    -- The tables that it touched, as JSON; of those whose rows have numbers, from which to which it wrote.
    wrote TEXT NOT NULL DEFAULT '{}',
    -- The hash of the operation, what it wrote, and the hash before it; a change made by another program breaks it.
    chain TEXT
) STRICT;

-- What is set for the whole ledger, such as its office.
CREATE TABLE setting (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL,
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT, WITHOUT ROWID;

-- The numbers of units: a unit keeps its own whatever it is called.
CREATE TABLE unit (id INTEGER PRIMARY KEY) STRICT;

-- What a unit was called, and of which kind it was, from a day until (not including) another; by which decision.
CREATE TABLE unit_name (
    unit INTEGER NOT NULL REFERENCES unit (id),
    from_day TEXT NOT NULL CHECK (from_day = date(from_day, '+0 days')),
    to_day TEXT NOT NULL CHECK (to_day = date(to_day, '+0 days') AND to_day > from_day),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> '' AND length(name) <= 300),
    folded TEXT NOT NULL,
    own_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    decision TEXT,
    op INTEGER NOT NULL REFERENCES operation (number),
    PRIMARY KEY (unit, from_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_name_by_code ON unit_name (code COLLATE NOCASE);
CREATE INDEX unit_name_by_folded ON unit_name (folded);
CREATE INDEX unit_name_by_own_name ON unit_name (own_name);

-- The register of foundings and endings.
CREATE TABLE unit_life (
    unit INTEGER PRIMARY KEY NOT NULL REFERENCES unit (id),
    founded TEXT CHECK (founded = date(founded, '+0 days')),
    founders INTEGER CHECK (founders >= 0),
    decision TEXT,
    sector TEXT CHECK (sector = 'state' OR sector = 'public' OR sector = 'non-state' OR sector = 'fdi'),
    -- Its number in the office's own lists, where it gave one.
    position INTEGER CHECK (position > 0),
    ended TEXT CHECK (ended = date(ended, '+0 days') AND (founded IS NULL OR ended > founded)),
    end_reason TEXT,
    end_decision TEXT,
    note TEXT,
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT, WITHOUT ROWID;

-- Every unit with every unit above it, itself included (depth 0; its parent is depth 1), from a day until another.
CREATE TABLE ancestry (
    unit INTEGER NOT NULL REFERENCES unit (id),
    ancestor INTEGER NOT NULL REFERENCES unit (id),
    depth INTEGER NOT NULL CHECK (depth >= 0 AND (depth = 0) = (unit = ancestor)),
    from_day TEXT NOT NULL CHECK (from_day = date(from_day, '+0 days')),
    to_day TEXT NOT NULL CHECK (to_day = date(to_day, '+0 days') AND to_day > from_day),
    decision TEXT, -- by which the unit came under its parent
    op INTEGER NOT NULL REFERENCES operation (number),
    PRIMARY KEY (unit, ancestor, from_day),
    UNIQUE (unit, depth, from_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX ancestry_below ON ancestry (ancestor, depth, unit, from_day, to_day);

-- Who came after a unit, from a day on: of one that ended, or beside one that gave a part away.
CREATE TABLE succession (
    unit INTEGER NOT NULL REFERENCES unit (id),
    successor INTEGER NOT NULL REFERENCES unit (id) CHECK (successor <> unit),
    day TEXT NOT NULL CHECK (day = date(day, '+0 days')),
    op INTEGER NOT NULL REFERENCES operation (number),
    PRIMARY KEY (unit, successor, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX succession_by_successor ON succession (successor);

-- A cluster is a unit beside the tree; who belongs to it, and who leads it, is said year by year.
CREATE TABLE cluster_member (
    cluster INTEGER NOT NULL REFERENCES unit (id),
    year INTEGER NOT NULL,
    unit INTEGER NOT NULL REFERENCES unit (id),
    role TEXT CHECK (role IN ('lead', 'deputy')),
    op INTEGER NOT NULL REFERENCES operation (number),
    PRIMARY KEY (cluster, year, unit)
) STRICT, WITHOUT ROWID;

-- The numbers of indicators.
CREATE TABLE indicator (id INTEGER PRIMARY KEY) STRICT;
-- What each indicator is called and how it is counted.
CREATE TABLE indicator_entry (
    indicator INTEGER PRIMARY KEY NOT NULL REFERENCES indicator (id),
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    alias TEXT NOT NULL,
    name_vi TEXT NOT NULL CHECK (name_vi <> ''),
    name_en TEXT NOT NULL CHECK (name_en <> ''),
    measure TEXT NOT NULL CHECK (measure <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('flow', 'stock', 'ratio', 'average')),
    direction TEXT NOT NULL CHECK (direction IN ('higher', 'lower')),
    counts TEXT NOT NULL,
    may_exceed INTEGER NOT NULL CHECK (may_exceed IN (0, 1)),
    -- Of a ratio: whether it is the state that each statement found, and so never adds up over time.
    is_state INTEGER NOT NULL DEFAULT 0 CHECK (is_state IN (0, 1)),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT, WITHOUT ROWID;

-- What must hold between figures of one unit and window: two sums of indicators, by their codes, and a sign.
CREATE TABLE cross_check (
    code TEXT PRIMARY KEY NOT NULL CHECK (code <> ''),
    expression TEXT NOT NULL CHECK (expression <> ''),
    if_missing TEXT NOT NULL CHECK (if_missing IN ('skip', 'zero', 'report')),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT, WITHOUT ROWID;

-- The numbers of welfare programmes.
CREATE TABLE programme (id INTEGER PRIMARY KEY) STRICT;
-- What each programme is called.
CREATE TABLE programme_entry (
    programme INTEGER PRIMARY KEY NOT NULL REFERENCES programme (id),
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    name_vi TEXT NOT NULL CHECK (name_vi <> ''),
    name_en TEXT NOT NULL CHECK (name_en <> ''),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT, WITHOUT ROWID;

-- Periods of an office's own making, beside years, quarters and months; of a unit its terms of office: the days that it
-- was elected for. The next term, or the unit's end, cuts one short.
CREATE TABLE period (
    id INTEGER PRIMARY KEY,
    unit INTEGER REFERENCES unit (id),
    folded TEXT NOT NULL,
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT,
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days')),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days') AND end_day >= start_day),
    due TEXT CHECK (due = date(due, '+0 days')),
    -- What the periods in a row have in common: the phases of a campaign, months from the 15th to the 14th.
    family TEXT CHECK (family IS NULL OR unit IS NULL),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;
CREATE UNIQUE INDEX one_period_a_code ON period (folded, coalesce(unit, 0));
CREATE INDEX period_by_unit ON period (unit, start_day) WHERE unit IS NOT NULL;

-- The only table with personal data: members, and beneficiaries who are named.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT CHECK (length(name) <= 300),
    folded TEXT,
    born TEXT CHECK (born = date(born, '+0 days')),
    sex TEXT CHECK (sex IN ('male', 'female')),
    card TEXT,
    id_number TEXT CHECK (length(id_number) IN (9, 12)),
    -- The hash of a random salt and of what the row says: it stands in the log's chain. Erasing empties the salt and
    -- the rest, so that the hash tells nothing of the person.
    salt BLOB,
    hash BLOB NOT NULL,
    -- As whom somebody erased counts: of what was recorded twice and erased, undo and redo bring only one back.
    -- A number, and nothing of the person; the person of that number counts, or did last.
    erased_as INTEGER REFERENCES person (id),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;
-- Namesakes are told apart by their birth dates; of a nation's members thousands share a name.
CREATE INDEX person_by_folded ON person (folded, born);
CREATE INDEX person_by_card ON person (card) WHERE card IS NOT NULL;
CREATE INDEX person_by_id_number ON person (id_number) WHERE id_number IS NOT NULL;
CREATE INDEX person_erased_as ON person (erased_as) WHERE erased_as IS NOT NULL;

-- The register of admissions and leavings: one spell in one union, of one person or of a group without names.
CREATE TABLE membership (
    id INTEGER PRIMARY KEY,
    union_unit INTEGER NOT NULL REFERENCES unit (id),
    person INTEGER REFERENCES person (id),
    members INTEGER NOT NULL CHECK (members > 0 AND (person IS NULL OR members = 1)),
    admitted TEXT NOT NULL CHECK (admitted = date(admitted, '+0 days')),
    begun_by TEXT NOT NULL CHECK (begun_by = 'founding' OR begun_by = 'admission' OR begun_by = 'transfer'),
    "left" TEXT CHECK ("left" = date("left", '+0 days') AND "left" >= admitted),
    left_by TEXT CHECK ((left_by IS NULL) = ("left" IS NULL)),
    decision TEXT,
    -- The membership that a transfer or a merger of unions continues; empty where it began in another ledger.
    came_from INTEGER CHECK (came_from IS NULL OR begun_by = 'transfer'),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;
CREATE INDEX membership_by_union ON membership (union_unit, admitted, "left", members);
CREATE INDEX membership_by_person ON membership (person) WHERE person IS NOT NULL;
CREATE INDEX membership_by_came_from ON membership (came_from) WHERE came_from IS NOT NULL;
CREATE INDEX membership_left ON membership (union_unit, "left") WHERE "left" IS NOT NULL;
-- The members who came from, or went to, another union.
CREATE INDEX membership_arrived ON membership (union_unit, admitted) WHERE begun_by = 'transfer';
CREATE INDEX membership_went_on ON membership (union_unit, "left") WHERE left_by IN ('transfer', 'merged');

-- The register of welfare: what a union paid or gave, when and under which programme. A further payment of a grant, or
-- money given back of one (an amount below 0), is part of the payout that began it, which counts whom it reached.
-- What a gift of unknown value was worth stands in no column.
CREATE TABLE payout (
    id INTEGER PRIMARY KEY,
    unit INTEGER NOT NULL REFERENCES unit (id),
    programme INTEGER NOT NULL REFERENCES programme (id),
    day TEXT NOT NULL CHECK (day = date(day, '+0 days')),
    amount INTEGER NOT NULL CHECK (amount >= 0 OR (part_of IS NOT NULL AND in_kind = 0)),
    in_kind INTEGER NOT NULL CHECK (in_kind >= 0),
    unvalued INTEGER NOT NULL DEFAULT 0 CHECK (unvalued = (amount + in_kind = 0)),
    recipients INTEGER NOT NULL CHECK (recipients >= 0 AND (recipients = 0) = (part_of IS NOT NULL)),
    form TEXT CHECK (form IN ('new-build', 'repair')),
    person INTEGER REFERENCES person (id),
    fund TEXT,
    decision TEXT,
    part_of INTEGER,
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;
CREATE INDEX payout_by_unit ON payout (unit, day);
CREATE INDEX payout_by_part_of ON payout (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX payout_by_person ON payout (person) WHERE person IS NOT NULL;

-- What a unit states: a value, or a part and a whole, or only a percentage that a source printed; or that an
-- indicator does not apply to it. An estimate is of a window that is not over: it covers nothing and nothing covers it.
CREATE TABLE figure (
    id INTEGER PRIMARY KEY,
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days')),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days') AND end_day >= start_day),
    period TEXT NOT NULL,
    -- A list of three values or more SQLite would make a table of for each row that is written or checked.
    kind TEXT NOT NULL DEFAULT 'stated' CHECK (kind = 'stated' OR kind = 'estimate' OR kind = 'not-applicable'),
    value INTEGER,
    part INTEGER CHECK (part >= 0),
    whole INTEGER CHECK (whole IS NULL OR (whole > 0 AND part IS NOT NULL AND value IS NULL)),
    qualifier TEXT CHECK (qualifier = 'at-least' OR qualifier = 'below' OR qualifier = 'about'),
    stated_percent TEXT
        CHECK ((coalesce(value, whole, stated_percent) IS NULL) = (kind = 'not-applicable')),
    stated_qualifier TEXT
        CHECK (stated_qualifier = 'at-least' OR stated_qualifier = 'below' OR stated_qualifier = 'about'),
    -- Whether it speaks for the units too that were merged into its own inside the window.
    speaks_for TEXT CHECK (speaks_for IN ('predecessors', 'own')),
    reason TEXT,
    received TEXT CHECK (received = date(received, '+0 days')),
    source TEXT,
    decision TEXT,
    origin INTEGER, -- whose bundle brought it
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;
CREATE UNIQUE INDEX one_figure_a_window ON figure (unit, end_day, start_day, indicator, kind = 'estimate');

-- What a unit is to reach in a window, and who set it.
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days')),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days') AND end_day >= start_day),
    period TEXT NOT NULL,
    issuer INTEGER REFERENCES unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('at-least', 'more-than', 'at-most', 'range', 'each-at-least')),
    low INTEGER,
    high INTEGER CHECK ((high IS NOT NULL) = (kind = 'range') AND high >= low),
    percent TEXT CHECK ((percent IS NULL) <> (low IS NULL)),
    as_floor INTEGER NOT NULL DEFAULT 0 CHECK (as_floor IN (0, 1)), -- "at least" was said of it, and is printed
    profile TEXT,
    effective TEXT CHECK (effective = date(effective, '+0 days')),
    decision TEXT,
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;
CREATE UNIQUE INDEX one_target_an_issuer ON target (unit, indicator, start_day, end_day, coalesce(issuer, 0));

-- A flag, a certificate, a title: given to a unit, or to a member of it, for what was done in a window.
CREATE TABLE award (
    id INTEGER PRIMARY KEY,
    unit INTEGER NOT NULL REFERENCES unit (id),
    person INTEGER REFERENCES person (id),
    title TEXT NOT NULL CHECK (title <> '' AND length(title) <= 300),
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days')),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days') AND end_day >= start_day),
    period TEXT NOT NULL,
    decision TEXT,
    origin INTEGER, -- whose bundle brought it
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;
CREATE UNIQUE INDEX one_award_a_window ON award (unit, end_day, start_day, title, coalesce(person, 0));

-- What was handed in, letter by letter; written once, and a closed window names it.
CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    json TEXT NOT NULL,
    plain TEXT NOT NULL
) STRICT;

-- A window that takes no more facts, of a unit and all below it; without a unit, of the whole ledger.
CREATE TABLE closing (
    id INTEGER PRIMARY KEY,
    unit INTEGER REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days')),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days') AND end_day >= start_day),
    period TEXT NOT NULL,
    submission INTEGER NOT NULL REFERENCES submission (id),
    json_sha256 TEXT NOT NULL CHECK (length(json_sha256) = 64),
    plain_sha256 TEXT NOT NULL CHECK (length(plain_sha256) = 64),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;
CREATE UNIQUE INDEX one_closing_a_window ON closing (coalesce(unit, 0), start_day, end_day);

-- A closed window that takes facts again, up to and with a day or until it is closed anew.
CREATE TABLE reopening (
    closing INTEGER PRIMARY KEY NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    until TEXT CHECK (until = date(until, '+0 days')),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT, WITHOUT ROWID;

-- A finding of `check` that is as it should be, and why.
CREATE TABLE accepted_finding (
    code TEXT NOT NULL CHECK (code <> ''),
    ref TEXT NOT NULL CHECK (ref <> ''),
    reason TEXT NOT NULL CHECK (reason <> ''),
    op INTEGER NOT NULL REFERENCES operation (number),
    PRIMARY KEY (code, ref)
) STRICT, WITHOUT ROWID;

-- The offices whose bundles are taken: the unit each speaks for, and the public key that its bundles are signed with,
-- from a day until (not including) another.
CREATE TABLE origin (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> '' AND length(name) <= 300),
    folded TEXT NOT NULL UNIQUE,
    unit INTEGER NOT NULL REFERENCES unit (id),
    key TEXT NOT NULL UNIQUE CHECK (key <> ''),
    since TEXT CHECK (since = date(since, '+0 days')),
    until TEXT CHECK (until = date(until, '+0 days')),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT;

-- The last bundle of an origin that was taken: which ledger it is of, up to which operation with which seal, and day.
CREATE TABLE bundle (
    origin INTEGER PRIMARY KEY NOT NULL,
    ledger TEXT NOT NULL,
    operation INTEGER NOT NULL CHECK (operation >= 0),
    seal TEXT NOT NULL,
    recorded TEXT NOT NULL,
    until TEXT NOT NULL CHECK (until = date(until, '+0 days')),
    grain TEXT NOT NULL CHECK (grain IN ('day', 'month')),
    level TEXT NOT NULL CHECK (level IN ('union', 'unit')),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    op INTEGER NOT NULL REFERENCES operation (number)
) STRICT, WITHOUT ROWID;

-- Which unit here an origin means by one of its numbers.
CREATE TABLE origin_unit (
    origin INTEGER NOT NULL,
    number INTEGER NOT NULL,
    unit INTEGER NOT NULL REFERENCES unit (id),
    op INTEGER NOT NULL REFERENCES operation (number),
    PRIMARY KEY (origin, number)
) STRICT, WITHOUT ROWID;

-- The register of what other offices count: sums of each of their registers by unit, and day or month. `place` is the
-- day that says whom a sum belongs to; of `members` and `unions` the sums are by how many more, or fewer, there were.
CREATE TABLE received (
    unit INTEGER NOT NULL REFERENCES unit (id),
    register TEXT NOT NULL
        CHECK (register = 'members' OR register = 'payouts' OR register = 'admissions' OR register = 'departures'
            OR register = 'arrivals' OR register = 'goings' OR register = 'foundings' OR register = 'endings'
            OR register = 'unions'),
    end_day TEXT NOT NULL CHECK (end_day = date(end_day, '+0 days')),
    part TEXT NOT NULL, -- why members left or unions ended; of payouts the programme
    sort TEXT NOT NULL, -- of members the sex, of payouts the form
    fund TEXT NOT NULL,
    other INTEGER NOT NULL, -- of those who went over to another union: the unit at the other end, else 0
    place TEXT NOT NULL CHECK (place = date(place, '+0 days') AND place <= end_day),
    start_day TEXT NOT NULL CHECK (start_day = date(start_day, '+0 days') AND start_day <= end_day),
    origin INTEGER NOT NULL,
    number INTEGER NOT NULL, -- of payouts the recipients
    amount INTEGER NOT NULL CHECK (amount = 0 OR register = 'payouts'),
    unvalued INTEGER NOT NULL CHECK (unvalued = 0 OR register = 'payouts'),
    op INTEGER NOT NULL REFERENCES operation (number),
    PRIMARY KEY (unit, register, end_day, part, sort, fund, other, place, start_day, origin)
) STRICT, WITHOUT ROWID
