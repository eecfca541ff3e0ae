"""The ledger, one SQLite file: every write to it, and the look-ups that writes need."""
