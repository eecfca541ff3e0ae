"""Schema 5: who left is found by the day, and every person bears a seal."""

SCRIPT = """
CREATE INDEX membership_left ON membership (union_unit, "left") WHERE "left" IS NOT NULL;

-- What the row says, as one number (`sealing`); erasing replaces it.
ALTER TABLE person ADD COLUMN seal BLOB
"""

VERSIONED: list[str] = []
