"""What a user of pandas writes: read the CSV files, group, merge, print; run as a script.

`peer_pandas.py ask FOLDER`, `write FOLDER`, `members CSV FILE`.
"""

import sqlite3
import sys

import pandas as pd

what, *words = sys.argv[1:]
if what == "ask":
    folder = words[0]
    facts = pd.read_csv(f"{folder}/fact.csv", usecols=["kind", "day", "number", "amount"])
    facts = facts[(facts.day >= "2024-01-01") & (facts.day <= "2024-12-31")]
    sums = facts.groupby("kind")[["number", "amount"]].sum().reset_index()
    measured = sums.merge(pd.read_csv(f"{folder}/measure.csv"), on="kind")
    measured["actual"] = measured.number.where(measured.what == "number", measured.amount)
    table = measured.groupby("indicator")["actual"].sum().reset_index()
    table = table.merge(pd.read_csv(f"{folder}/target.csv"), on="indicator", how="left")
    print(table.assign(low=table.low.astype("Int64"))[["indicator", "low", "actual"]].to_csv(index=False, header=False))
elif what == "write":
    path = f"{words[0]}/fact.csv"
    facts = pd.read_csv(path)
    facts.loc[len(facts)] = [*facts.loc[0, ["district", "unit", "kind"]], "2025-06-01", 1, 500_000]
    facts.to_csv(path, index=False)
else:
    members = pd.read_csv(words[0], dtype=str).drop_duplicates("Số CCCD")
    with sqlite3.connect(words[1]) as db:
        members.to_sql("member", db, index=False)
        db.execute('CREATE UNIQUE INDEX one ON member ("Số CCCD")')
