"""Schema 6: what a release ships of the catalogue is sealed, entry by entry."""

SCRIPT = """
-- What an entry of the shipped catalogue (operation 0) says, as one number (`sealing`).
CREATE TABLE shipped_seal (
    register TEXT NOT NULL CHECK (register IN ('indicator', 'programme')),
    number INTEGER NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (register, number)
) STRICT, WITHOUT ROWID
"""

VERSIONED: list[str] = []
