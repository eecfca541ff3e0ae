-- Views for questions in SQL: names instead of numbers, ISO days, money in đồng, and nothing of persons.
-- `person` is the only table with personal data; no view reads it. docs/schema.md is made from here: what stands above a
-- view, and an example.

-- The units that stand today, each with the unit directly above it.
-- Example: SELECT parent, count(*) AS unions FROM units WHERE kind = 'union' GROUP BY parent_code
CREATE VIEW units AS
SELECT n.code, n.name, n.kind, p.code AS parent_code, p.name AS parent, l.founded, l.sector
FROM unit_name n JOIN unit_life l ON l.unit = n.unit
LEFT JOIN ancestry a ON a.unit = n.unit AND a.depth = 1
    AND a.from_day <= date('now', 'localtime') AND date('now', 'localtime') < a.to_day
LEFT JOIN unit_name p ON p.unit = a.ancestor
    AND p.from_day <= date('now', 'localtime') AND date('now', 'localtime') < p.to_day
WHERE n.from_day <= date('now', 'localtime') AND date('now', 'localtime') < n.to_day;

-- The units under the names they had on any day: `from_day` is the first of a name, `to_day` the first after it.
-- `number` stays a unit's own whatever it is called: the tables name it so.
-- Example: SELECT code, name FROM unit_names WHERE from_day <= '2025-06-30' AND '2025-06-30' < to_day
CREATE VIEW unit_names AS
SELECT n.unit AS number, n.code, n.name, n.kind, n.from_day, n.to_day FROM unit_name n;

-- Every payout, under the name that its unit had on its day; `named` tells whether it names somebody, `part_of` the
-- payout that a further payment, or money given back, belongs to.
-- Example: SELECT unit, programme, sum(amount) AS amount FROM payouts GROUP BY unit_code, programme_code
CREATE VIEW payouts AS
SELECT r.id AS payout, n.code AS unit_code, n.name AS unit, e.code AS programme_code, e.name_vi AS programme, r.day,
    r.amount, r.in_kind, r.recipients, r.form, r.fund, r.decision, r.person IS NOT NULL AS named, r.part_of,
    r.unvalued, r.op AS operation
FROM payout r JOIN programme_entry e ON e.programme = r.programme
LEFT JOIN unit_name n ON n.unit = r.unit AND n.from_day <= r.day AND r.day < n.to_day;

-- Every spell of membership, under the name that its union had when it began, and counted: `members` is 1, or how many
-- a group without names has.
-- Example: SELECT union_name, sum(members) AS members FROM memberships WHERE "left" IS NULL GROUP BY union_code
CREATE VIEW memberships AS
SELECT r.id AS membership, n.code AS union_code, n.name AS union_name, r.members, r.admitted, r.begun_by, r."left",
    r.left_by, r.decision, r.op AS operation
FROM membership r LEFT JOIN unit_name n ON n.unit = r.union_unit AND n.from_day <= r.admitted AND r.admitted < n.to_day;

-- Every figure that is recorded now, under the last name that its unit had in its window. Which of those that overlap
-- are counted, reports say.
-- Example: SELECT unit, period, value FROM figures WHERE indicator_code = 'news-items' AND kind = 'stated'
CREATE VIEW figures AS
SELECT r.id AS figure, n.code AS unit_code, n.name AS unit, e.code AS indicator_code, e.name_vi AS indicator, e.measure,
    r.period, r.start_day, r.end_day, r.kind, r.value, r.part, r.whole, r.qualifier, r.stated_percent, r.speaks_for,
    r.reason, r.received, r.source, r.decision, r.op AS operation
FROM figure r JOIN indicator_entry e ON e.indicator = r.indicator
LEFT JOIN unit_name n ON n.unit = r.unit AND n.from_day =
    (SELECT max(l.from_day) FROM unit_name l WHERE l.unit = r.unit AND l.from_day <= r.end_day);

-- Every target that stands, under the last name that its unit had in its window.
-- Example: SELECT unit, indicator, kind, low, percent, issuer FROM targets WHERE period = '2025'
CREATE VIEW targets AS
SELECT r.id AS target, n.code AS unit_code, n.name AS unit, e.code AS indicator_code, e.name_vi AS indicator, e.measure,
    r.period, r.start_day, r.end_day, i.code AS issuer_code, i.name AS issuer, r.kind, r.low, r.high, r.percent,
    r.effective, r.decision, r.op AS operation
FROM target r JOIN indicator_entry e ON e.indicator = r.indicator
LEFT JOIN unit_name n ON n.unit = r.unit AND n.from_day =
    (SELECT max(l.from_day) FROM unit_name l WHERE l.unit = r.unit AND l.from_day <= r.end_day)
LEFT JOIN unit_name i ON i.unit = r.issuer AND i.from_day =
    (SELECT max(l.from_day) FROM unit_name l WHERE l.unit = r.issuer AND l.from_day <= r.end_day);

-- Every award, under the last name that its unit had in its window; `named` tells whether it is a member's.
-- Example: SELECT title, count(*) AS given FROM awards WHERE NOT named GROUP BY title
CREATE VIEW awards AS
SELECT r.id AS award, n.code AS unit_code, n.name AS unit, r.title, r.period, r.start_day, r.end_day, r.decision,
    r.person IS NOT NULL AS named, r.op AS operation
FROM award r
LEFT JOIN unit_name n ON n.unit = r.unit AND n.from_day =
    (SELECT max(l.from_day) FROM unit_name l WHERE l.unit = r.unit AND l.from_day <= r.end_day);

-- The targets of windows that hold today, with what the unit itself stated last inside its window. What is counted
-- from registers and from units below is no part of it: that is `ucli report`, and `attainment` in `ucli query`.
-- Example: SELECT unit, indicator, low, stated, stated_to FROM targets_today WHERE issuer IS NULL
CREATE VIEW targets_today AS
SELECT t.*, f.id AS figure, f.end_day AS stated_to, f.value AS stated, f.part AS stated_part, f.whole AS stated_whole
FROM targets t JOIN target r ON r.id = t.target
LEFT JOIN figure f ON f.id = (
    SELECT c.id FROM figure c
    WHERE c.unit = r.unit AND c.indicator = r.indicator AND c.kind = 'stated'
        AND c.start_day = r.start_day AND c.end_day <= r.end_day
    ORDER BY c.end_day DESC, c.id DESC LIMIT 1)
WHERE r.start_day <= date('now', 'localtime') AND date('now', 'localtime') <= r.end_day;

-- The log: one line a command that wrote.
-- Example: SELECT actor, count(*) AS commands, max(at) AS latest FROM log GROUP BY actor
CREATE VIEW log AS
SELECT number AS operation, at, actor, command, summary, note, reverses FROM operation WHERE number > 0
