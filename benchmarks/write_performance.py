"""Write docs/performance.md and its picture from the results in benchmarks/results."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.peers import EACH, NATION
from benchmarks.plot import draw
from benchmarks.rounds import BASELINE
from benchmarks.tables import PROVINCE

_ROOT = Path(__file__).parent.parent
_RESULTS = _ROOT / "benchmarks" / "results"

Results = dict[str, Any]


class Target(NamedTuple):
    """What a figure should be at most, or at least."""

    key: str
    what: str
    bound: float
    unit: str  # how it is printed behind the number
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


TARGETS = (
    Target("help", "`ucli --help`", 8, "× pass"),
    Target("write", "a write", 9, "× pass"),
    Target("report-piped", "a report, piped", 11, "× pass"),
    Target("report-terminal", "a report on a terminal", 13, "× pass"),
    Target("batch", "a record in a batch of 500, cheaper than in a process of its own", 100, "×", at_least=True),
    Target("import-csv", "import of 153,456 members from CSV, beside `sqlite3 .import`", 2, "×"),
    Target("import-csv-memory", "… peak memory", 60, "MiB"),
    Target("import-xlsx", "import of the same members from XLSX, beside `sqlite3 .import`", 4.5, "×"),
    Target("import-xlsx-memory", "… peak memory", 200, "MiB"),
    Target("growth-empty", "a report of {most} facts, beside the same of an empty ledger", 1.2, "×"),
    Target("growth-tenfold", "a report of ten times the facts", 1.1, "×"),
    Target("writers", "eight writers at once, beside one after another", 1.3, "×"),
    Target("writers-failed", "… writes lost", 0, ""),
)
# Why a target is not reached, by its key; printed only where the results say so.
WHY: dict[str, str] = {
    "write": "Typer takes six by itself; the rest are the modules of a write, and OpenSSL, which seals the log.",
    "report-piped": "tabulate takes six by itself, and the modules of a report are many and small.",
    "report-terminal": "rich is imported beside all that a piped report needs.",
    "batch": "each line is parsed by Typer, is an operation with its seal, and waits for the disk.",
    "import-csv": "the base fills one table with one index; a member is a person and a membership here, with eight"
    " indexes, foreign keys and checks, and writing the same rows into those takes about six times the base.",
    "import-xlsx": "as for CSV.",
    "growth-empty": "an empty ledger has no rows to print and no unit to wait for.",
    "growth-tenfold": "by province, what each district below has reported is looked up as well.",
}


def main() -> None:
    """Write the page and the picture."""
    province, nation = (_read(name) for name in ("province", "nation"))
    newest = nation or province
    (_ROOT / "docs" / "performance.md").write_text("\n".join(_page(province, nation)), encoding="utf-8")
    draw(newest["growth"], _ROOT / "docs" / "performance.svg")


def _read(name: str) -> Results:
    path = _RESULTS / f"{name}.json"
    found: Results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _page(province: Results, nation: Results) -> Iterable[str]:
    growth = (nation or province)["growth"]
    most = max(growth["facts"].values())
    yield "# Performance"
    yield ""
    yield "A time in milliseconds tells more of a machine than of a program. A cost is a ratio here: the wall clock of"
    yield f"the whole process over that of `{BASELINE}` (“pass”) with the same Python, taken round after round in one"
    yield "interleaved run; the median of the rounds counts. Milliseconds stand beside for orientation."
    yield ""
    yield "Made by `make bench`, `make bench-national` and `benchmarks/write_performance.py`; the numbers are in"
    yield "`benchmarks/results`. The ledgers are made up by rule, the same every time; a fact is a row of a register or"
    yield "a figure."
    yield from _targets({**province.get("targets", {}), **nation.get("targets", {})}, most)
    yield from _growth(growth)
    if nation:
        yield from _nation(nation)
    if province:
        yield from _province(province)
    yield from _machines(province, nation)


def _targets(found: dict[str, float], most: int) -> Iterable[str]:
    yield from ("", "## Targets", "", "| | target | measured | |", "|---|---|---|---|")
    why = []
    for target in TARGETS:
        bound = f"{'≥' if target.at_least else '≤'} {target.bound:g} {target.unit}".strip()
        value = found.get(target.key)
        said = "not measured" if value is None else f"{_short(value)} {target.unit}".strip()
        verdict = "" if value is None else "reached" if target.met(value) else "**not reached**"
        yield f"| {target.what.format(most=f'{most:,}')} | {bound} | {said} | {verdict} |"
        if value is not None and not target.met(value) and target.key in WHY:
            why.append(f"- {target.what.format(most=f'{most:,}')}: {WHY[target.key]}")
    if why:
        yield from ("", "Why not:", "", *why)


def _growth(growth: Results) -> Iterable[str]:
    yield from ("", "## Cost against size", "", "![Cost against the number of facts](performance.svg)", "")
    yield "A report reads sums that are kept beside the registers: its cost follows what it prints. × pass, and ms:"
    yield ""
    keys = list(growth["facts"])
    names = ("ucli", "DuckDB", "sqlite3")
    yield f"| facts | {' | '.join(f'{who}, {table}' for table in (NATION, EACH) for who in names)} |"
    yield f"|---{'|---:' * 6}|"
    for key in keys:
        cells = [_cell(growth["runs"].get(f"{who}: {table}: {key}")) for table in (NATION, EACH) for who in names]
        yield f"| {growth['facts'][key]:,} | {' | '.join(cells)} |"
    compared = max(growth["facts"][key] for key in keys if f"DuckDB: {NATION}: {key}" in growth["runs"])
    yield from (
        "",
        f"All agree to the unit on every sum of these tables before they are timed, up to {compared:,} facts;",
    )
    yield "beyond that, writing the facts for the others alone would take a run its half hour."


def _nation(nation: Results) -> Iterable[str]:
    reports = nation["reports"]
    yield from ("", "## The nation", "")
    yield f"125,000 unions in 63 provinces, {nation['facts']:,} facts of five years, {nation['gigabytes']} GB."
    yield from ("", "| report | lines | × pass | ms |", "|---|---:|---:|---:|")
    for name, run in {**reports["then"], **reports["now"]}.items():
        if name != BASELINE:
            yield f"| {name} | {run['lines']:,} | {_short(run['ratio'])} | {run['ms']:,.0f} |"
    yield from (
        "",
        "By districts, and by the unions of a province, every union is asked whether it has reported: those",
    )
    yield "tables say who is missing, and that is what they cost."
    for name, seconds in reports["writes"].items():
        took = f"takes {seconds} s" if seconds else "was stopped, for it would have taken too long for a run"
        yield from ("", f"Recording {name} in it {took}.")


def _province(province: Results) -> Iterable[str]:
    yield from ("", "## A province beside what one would take instead", "")
    yield f"3,600 unions, {province['facts']:,} facts of five years. All agree to the unit on the sums before they are"
    yield "timed."
    for title, scope in (("The attainment table of a year", PROVINCE), ("One record", "one record")):
        yield from ("", f"{title}:", "", "| | × pass | ms | MiB |", "|---|---:|---:|---:|")
        yield from _rows(province["tables"], scope)
    district = list(_rows(province["tables"], "district"))
    if district:
        word = province["skipped"]["hledger"]
        yield from ("", f"hledger takes minutes for the province and is given {word}:", "")
        yield from ("| | × pass | ms | MiB |", "|---|---:|---:|---:|", *district)
    if province["import"]:
        yield from ("", "A list of 153,456 members, in multiples of `sqlite3 .import`:", "")
        yield from ("| | × .import | ms | MiB |", "|---|---:|---:|---:|")
        for name, run in province["import"].items():
            if name != BASELINE:
                yield f"| {name} | {_short(run['to_floor'])} | {run['ms']:,.0f} | {run['peak_mib']:.0f} |"
    for name, word in province["skipped"].items():
        if word.startswith("skipped"):
            yield from ("", f"{name}: {word}.")


def _rows(runs: Results, scope: str) -> Iterable[str]:
    for name, run in sorted(runs.items(), key=lambda it: float(it[1]["ratio"])):
        who, _colon, what = name.partition(": ")
        if what == scope:
            yield f"| {who} | {_short(run['ratio'])} | {run['ms']:,.0f} | {run['peak_mib']:.0f} |"


def _machines(province: Results, nation: Results) -> Iterable[str]:
    yield from ("", "## The machine", "")
    for title, results in (("The province", province), ("The nation", nation)):
        if results:
            facts = "; ".join(f"{name} {text}" for name, text in results["machine"].items())
            yield f"{title}: {facts}; {results['minutes']} minutes in all."
            yield ""


def _cell(run: Results | None) -> str:
    return f"{_short(run['ratio'])} ({run['ms']:,.0f})" if run else "—"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


if __name__ == "__main__":
    main()
