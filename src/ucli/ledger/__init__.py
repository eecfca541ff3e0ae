"""Every write and every look-up of the ledger, one SQLite file."""
