"""What the tables of the ledger have in common: how rows live between operations, and what a day looks like."""

LIVE = 2**63 - 1


def versioned(key: str) -> str:
    """Return the columns that give a row its life in operations; `key` may have one live row at a time."""
    return f"""
        from_op INTEGER NOT NULL REFERENCES operation (number),
        to_op INTEGER NOT NULL DEFAULT {LIVE} CHECK (to_op > from_op),
        origin_op INTEGER NOT NULL CHECK (origin_op <= from_op),
        PRIMARY KEY ({key}, to_op)"""


def day(column: str) -> str:
    return f"{column} = date({column}, '+0 days')"
