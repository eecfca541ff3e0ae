"""What a user of DuckDB writes: load CSV files once, then ask a file of DuckDB's own; run as a script.

`peer_duckdb.py load FOLDER FILE`, `ask FILE SQL`, `write FILE SQL`, `members CSV FILE`.
"""

import sys

import duckdb

what, *words = sys.argv[1:]
if what == "load":
    folder, file = words
    with duckdb.connect(file) as db:
        for table in ("kind", "measure", "target", "fact"):
            db.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{folder}/{table}.csv', header = true)")
elif what == "ask":
    with duckdb.connect(words[0], read_only=True) as db:
        for row in db.execute(words[1]).fetchall():
            print(*row, sep=",")
elif what == "write":
    with duckdb.connect(words[0]) as db:
        db.execute(words[1])
else:
    with duckdb.connect(words[1]) as db:
        db.execute(
            "CREATE TABLE member (name TEXT, born TEXT, sex TEXT, id_number TEXT UNIQUE, card TEXT, unit TEXT,"
            " admitted TEXT)"
        )
        db.execute(
            f"INSERT OR IGNORE INTO member SELECT * FROM read_csv('{words[0]}', header = true, all_varchar = true)"
        )
