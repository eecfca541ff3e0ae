"""Schema 7: the rows of one person, erased, are still known as one person's."""

SCRIPT = """
-- As whom somebody erased counts: of what was recorded twice and erased, undo and redo bring only one back. A number,
-- and nothing of the person; the person of that number counts, or did last.
ALTER TABLE person ADD COLUMN erased_as INTEGER REFERENCES person (id);
CREATE INDEX person_erased_as ON person (erased_as) WHERE erased_as IS NOT NULL
"""

VERSIONED: list[str] = []
