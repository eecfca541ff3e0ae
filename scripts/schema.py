"""Write docs/schema.md from the schema: the views and tables of a ledger, and how its past is read.

python scripts/schema.py          write it
python scripts/schema.py --check  only say whether it is in step; exit 1 if it is not
"""

import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill

from ucli.ledger.operations import VERSIONED
from ucli.ledger.query import ATTAINMENT
from ucli.ledger.store import create_ledger

ROOT = Path(__file__).parent.parent
LEDGER = ROOT / "src" / "ucli" / "ledger"
DOCUMENT = ROOT / "docs" / "schema.md"

# What stands in the columns of the views; of one view alone as `view.column`. A column without a meaning is an error.
MEANINGS = {
    "actor": "who recorded: `--actor`, `UCLI_ACTOR` or the user's name",
    "actual": "what was reached; of an average the quotient, of a ratio empty (see `numerator`)",
    "admitted": "the first day of membership",
    "amount": "paid in cash, in đồng",
    "at": "when, in UTC",
    "begun_by": "`founding`, `admission` or `transfer`",
    "code": "the unit's code",
    "command": "the command, without its arguments",
    "day": "the day it was paid",
    "decision": "the number of the decision",
    "denominator": "of a ratio its whole; of `each-at-least` how many units are to reach it",
    "effective": "the day from which the target holds, where one was given",
    "end_day": "the last day of the window",
    "award": "the number of the award, as `ucli void-award` takes it",
    "title": "the flag, certificate or title, as its decision names it",
    "figure": "the number of the figure, as `ucli void-figure` takes it",
    "form": "of a house: `new-build` or `repair`",
    "founded": "the day of founding, where it is known",
    "from_day": "the first day of the name",
    "fund": "the fund it came from",
    "high": "the upper end of a `range`",
    "in_kind": "worth of what was given in kind, in đồng",
    "indicator": "the indicator's Vietnamese name",
    "indicator_code": "the indicator's code",
    "issuer": "the name of the unit that set the target",
    "issuer_code": "the code of the unit that set the target",
    "kind": "the unit's kind: `province`, `district`, `ward`, `union`, …",
    "left": "the last day of membership; empty while it lasts",
    "left_by": "why it ended",
    "low": "the target, or the lower end of a `range`; empty where it is a percentage",
    "measure": "in what the indicator is counted",
    "members": "1, or how many a group without names has",
    "membership": "the number of the spell",
    "missing": "the codes of the units that have not reported this indicator",
    "name": "the unit's name",
    "named": "1 if it names who received it, 0 if not; the name stands in no view",
    "note": "the reason given with `--note`",
    "number": "the unit's number in the tables",
    "numerator": "of a ratio its part; of `each-at-least` how many units reached it",
    "operation": "the operation that recorded it; its line in `log`",
    "parent": "the name of the unit directly above",
    "parent_code": "the code of the unit directly above",
    "part": "of a ratio or average: the part",
    "payout": "the number of the payout, as `ucli void-payout` takes it",
    "percent": "of the target that was reached, to one decimal",
    "period": "the code of the window, such as `2025`, `2025-Q1`, `2025-03`",
    "programme": "the programme's Vietnamese name",
    "programme_code": "the programme's code",
    "qualifier": "`at-least`, `below` or `about`; empty where the number is exact",
    "reason": "why a target was missed, as stated",
    "received": "the day the figure came in",
    "recipients": "how many received it",
    "unvalued": "1 if what it was worth is not known",
    "part_of": "the number of the payout of which this is a further payment, or money given back",
    "remaining": "what is left of the target",
    "reverses": "the operation that this one undid or redid",
    "sector": "`state`, `public`, `non-state` or `fdi`",
    "source": "the document it was taken from",
    "speaks_for": "`predecessors` or `own`: whether it includes units merged inside the window",
    "start_day": "the first day of the window",
    "stated": "the value of that figure",
    "stated_part": "its part, of a ratio or average",
    "stated_percent": "a percentage that the source printed without its parts",
    "stated_to": "the last day of the figure that the unit stated last",
    "stated_whole": "its whole, of a ratio or average",
    "status": "`exceeded`, `met`, `unmet`, `undecided`, `no-data` or `no-target`",
    "summary": "what it did, in one line",
    "target": "the number of the target, as `ucli void-target` takes it",
    "target_kind": "`at-least`, `more-than`, `at-most`, `range` or `each-at-least`",
    "target_percent": "the target, where it is a percentage",
    "target_upper": "the upper end of a `range`",
    "to_day": "the first day after it; 9999-12-31 while it holds",
    "union_code": "the union's code",
    "union_name": "the union's name",
    "unit": "the unit's name",
    "unit_code": "the unit's code",
    "value": "the number stated; empty where it is a part and a whole",
    "whole": "of a ratio or average: the whole",
    "attainment.indicator": "the indicator's code",
    "attainment.issuer": "the code of the unit that set the target",
    "attainment.name": "the indicator's name, in the language of the command",
    "attainment.target": "the target, or the lower end of a `range`",
    "figures.kind": "`stated`, `estimate` or `not-applicable`",
    "log.operation": "its number",
    "targets.kind": "`at-least`, `more-than`, `at-most`, `range` or `each-at-least`",
    "targets.percent": "the target, where it is a percentage",
    "targets_today.figure": "the figure that the unit stated last; empty where there is none",
    "targets_today.kind": "`at-least`, `more-than`, `at-most`, `range` or `each-at-least`",
    "targets_today.percent": "the target, where it is a percentage",
}

HEAD = """# The ledger in SQL

Made from the schema by `scripts/schema.py`; `make check` tells when it is out of step.

A ledger is one SQLite file (`application_id` {application_id:#x}, `user_version` {user_version}, `encoding` {encoding},
`journal_mode` {journal_mode}). Days are ISO text, money is whole đồng.

`ucli query "SELECT …"` asks it, read-only, in all formats but prose. It reads the views and the tables below, but for
`person`, the only table with personal data. An answer is held in memory: more than five million cells are refused.

`sqlite-utils query so.db "SELECT …"` and `datasette so.db` show the same rows. **They show `person` too**: to read
the file is to read all of it. To serve it to others, start Datasette with `-m metadata.json`, and in that file:

```json
{{"databases": {{"so": {{"allow_sql": false, "tables": {{"person": {{"allow": false}}}}}}}}}}
```

Ask with other tools as much as you like, but record with `ucli`: a row that another program writes or changes breaks
the chain of the log, and `ucli check` names it.

## Views

These stay; tables may change with a release.
"""

OF_ATTAINMENT = """
### `attainment`

What `ucli report --unit` of this year prints, for every unit that has a target for this year: one row for each
indicator. It is no view in the file, for no SELECT tells which figures count: of those that overlap, of two units or of
two windows, one is looked at after the other, and registers are counted outside of them. So `ucli query` asks the
report when a question names it. What needs no counting is the view `targets_today`: targets beside what units stated.
"""

EXAMPLE_OF_ATTAINMENT = "SELECT unit, name, actual, target, percent FROM attainment WHERE status = 'unmet'"

PAST = """
## The past

Nothing is deleted but what `ucli erase-member` empties in `person`. Each of these tables has a history, a table of the
same name and `_history`:

{versioned}

- A table holds what counts now, and in each row the operation that wrote it (`op`).
- A row that no longer counts, because it was corrected, voided or undone, moves to the history, with the operation that
  ended it (`ended_by`). The history has the columns of its table and that one.
- Undo ends what an operation wrote and writes again what it ended, as an operation of its own.

So what was recorded after operation 9 are the rows written by then and not ended by then:

```sql
{past}
```

`ucli report --as-known 9` counts by the same rule, and `ucli log` lists the numbers. The days on which something was so
(a name from one day until another, a membership) are another matter: they are columns of the tables themselves.
"""

PAST_EXAMPLE = """SELECT id, unit, day, amount FROM payout WHERE op <= 9
UNION ALL
SELECT id, unit, day, amount FROM payout_history WHERE op <= 9 AND ended_by > 9"""


def document() -> str:
    with TemporaryDirectory() as folder, create_ledger(Path(folder) / "so.db") as db:
        pragmas = ("application_id", "user_version", "encoding", "journal_mode")
        head = HEAD.format(**{it: db.execute(f"PRAGMA {it}").fetchone()[0] for it in pragmas})
        versioned = fill(", ".join(f"`{it}`" for it in VERSIONED) + ".", 118)
        past = PAST.format(versioned=versioned, past=PAST_EXAMPLE)
        return "\n".join([head, *_views(db), *_attainment(), "\n## Tables\n", *_tables(db), past])


def _views(db: sqlite3.Connection) -> Iterator[str]:
    for view, above, _body in _parts("views.sql", "VIEW"):
        text, _mark, example = above.partition("Example: ")
        columns = [(str(it["name"]), str(it["type"]) or "INTEGER") for it in _columns(db, view)]
        yield from _view(view, f"\n### `{view}`\n\n{text.strip()}\n", columns, example)


def _attainment() -> Iterator[str]:
    yield from _view("attainment", OF_ATTAINMENT, [(it, "") for it in ATTAINMENT], EXAMPLE_OF_ATTAINMENT)


def _view(view: str, head: str, columns: list[tuple[str, str]], example: str) -> Iterator[str]:
    yield head
    yield from ("| column | type | what stands in it |", "|---|---|---|")
    for name, kind in columns:
        yield f"| `{name}` | {kind} | {MEANINGS.get(f'{view}.{name}') or MEANINGS[name]} |"
    yield f"\n```sql\n{example}\n```"


def _tables(db: sqlite3.Connection) -> Iterator[str]:
    for table, above, body in _parts("schema.sql", "TABLE"):
        yield f"\n### `{table}`\n\n{above}\n"
        yield from ("| column | type | |", "|---|---|---|")
        key = {it["from"]: it["table"] for it in db.execute(f"PRAGMA foreign_key_list({table})")}
        for it in _columns(db, table):
            says = [
                "key" if it["pk"] else "",
                f"a row of `{key[it['name']]}`" if it["name"] in key else "",
                _choices(body, it["name"]),
                "" if it["notnull"] or it["pk"] else "may be empty",
            ]
            says = ["; ".join(filter(None, says)), _remark(body, it["name"])]
            yield f"| `{it['name']}` | {it['type']} | {'. '.join(filter(None, says))} |"


def _columns(db: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    return db.execute(f"PRAGMA table_info({table})").fetchall()


def _parts(file: str, kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield every view or table of a script with what stands above it, and how it is made."""
    made = re.compile(rf"((?:^-- [^\n]*\n)*)^CREATE {kind} (\w+)(.*)", re.MULTILINE | re.DOTALL)
    for statement in (LEDGER / file).read_text(encoding="utf-8").split(";\n"):
        if found := made.search(statement):
            above, name, body = found.groups()
            yield name, above.replace("-- ", "").strip(), body


def _choices(body: str, column: str) -> str:
    """Return the texts that a column may hold, where its check names them."""
    found = re.search(rf'\(?"?\b{column}"? IN \(([^)]*\'[^)]*)\)', body)
    return "one of " + ", ".join(f"`{it}`" for it in re.findall(r"'([^']*)'", found[1])) if found else ""


def _remark(body: str, column: str) -> str:
    """Return the comment above a column, or behind it."""
    found = re.search(rf'((?:^    -- .*\n)*)^    "?{column}"? [A-Z].*?(?:-- (.*))?$', body, re.MULTILINE)
    return found[1].replace("    -- ", "").replace("\n", " ").strip() or found[2] or "" if found else ""


def main() -> int:
    text = document()
    if "--check" not in sys.argv:
        DOCUMENT.write_text(text, encoding="utf-8")
    elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
        print("docs/schema.md is out of step: run python scripts/schema.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
