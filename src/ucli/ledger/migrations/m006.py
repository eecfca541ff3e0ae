"""Schema 6: what a release ships of the catalogue is sealed; the rows of one person, erased, stay known as one's."""

SCRIPT = """
-- What an entry of the shipped catalogue (operation 0) says, as one number (`sealing`).
CREATE TABLE shipped_seal (
    register TEXT NOT NULL CHECK (register IN ('indicator', 'programme')),
    number INTEGER NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (register, number)
) STRICT, WITHOUT ROWID;

-- As whom somebody erased counts: of what was recorded twice and erased, undo and redo bring only one back. A number,
-- and nothing of the person; the person of that number counts, or did last.
ALTER TABLE person ADD COLUMN erased_as INTEGER REFERENCES person (id);
CREATE INDEX person_erased_as ON person (erased_as) WHERE erased_as IS NOT NULL
"""

VERSIONED: list[str] = []
