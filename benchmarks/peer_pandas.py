"""What a user of pandas writes: read the CSV files, group, merge, print; run as a script.

`peer_pandas.py ask FOLDER [PROVINCE | each]`, `write FOLDER`, `members CSV FILE`.
"""

import sqlite3
import sys

import pandas as pd

what, *words = sys.argv[1:]
if what == "ask":
    folder, *scope = words
    facts = pd.read_csv(f"{folder}/fact.csv", usecols=["province", "kind", "day", "number", "amount"])
    facts = facts[(facts.day >= "2024-01-01") & (facts.day <= "2024-12-31")]
    if scope and scope[0] != "each":
        facts = facts[facts.province == int(scope[0])]
    sums = (
        facts.groupby(["province", "kind"] if scope == ["each"] else ["kind"])[["number", "amount"]].sum().reset_index()
    )
    measured = sums.merge(pd.read_csv(f"{folder}/measure.csv"), on="kind")
    measured["actual"] = measured.number.where(measured.what == "number", measured.amount)
    targets = pd.read_csv(f"{folder}/target.csv")
    if scope == ["each"]:
        table = measured.groupby(["province", "indicator"])["actual"].sum().reset_index()
        table = table.merge(targets, on=["province", "indicator"], how="left")
        table = table.merge(
            pd.read_csv(f"{folder}/province.csv", dtype=str).astype({"id": int}), left_on="province", right_on="id"
        )
        keys = ["code", "indicator"]
    else:
        table = measured.groupby("indicator")["actual"].sum().reset_index()
        own = targets[targets.province == (int(scope[0]) if scope else 0)]
        table = table.merge(own, on="indicator", how="left")
        keys = ["indicator"]
    print(
        table.assign(low=table.low.astype("Int64"))[[*keys, "low", "actual"]].to_csv(index=False, header=False), end=""
    )
elif what == "write":
    path = f"{words[0]}/fact.csv"
    facts = pd.read_csv(path)
    facts.loc[len(facts)] = [*facts.loc[0, ["province", "district", "unit", "kind"]], "2025-06-01", 1, 500_000]
    facts.to_csv(path, index=False)
else:
    members = pd.read_csv(words[0], dtype=str).drop_duplicates("Số CCCD")
    with sqlite3.connect(words[1]) as db:
        members.to_sql("member", db, index=False)
        db.execute('CREATE UNIQUE INDEX one ON member ("Số CCCD")')
