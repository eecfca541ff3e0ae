"""Write docs/performance.md from benchmarks/results.json: `python -m benchmarks.performance`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.measured import TARGETS, Target
from benchmarks.peers import BACKUP, DISTRICT, MEMBERS, RECORD, YEAR
from benchmarks.rounds import BASELINE, Run, Runs

_ROOT = Path(__file__).parent.parent
RESULTS, PAGE = _ROOT / "benchmarks" / "results.json", _ROOT / "docs" / "performance.md"

_ABOUT = f"""# Performance

A time in milliseconds tells more of a machine than of a program. A cost is a ratio here: the CPU time (user and system)
of the whole process over that of `{BASELINE}` with the same Python (“×”), or over that of what stands beside it. All
commands are run in turn, round after round, in one run of `make bench`; the median of the ratios within each round
counts. The ratio of the wall times, milliseconds of CPU time and the peak of memory stand beside it.

The ledger is a province's: 3,600 unions in 20 districts, 1,152,000 facts (rows of a register, and figures) of five
years, made up by rule and the same every time. A tenth of it has 360 unions, a small office 20; an empty ledger has the
unions and no facts. Growth is the cost above that of the small office's report, over the same of the tenth."""

_WORKS = {
    YEAR: "The attainment table of a year, of the province",
    DISTRICT: "The same of one district, for hledger takes a minute and gigabytes for the province",
    RECORD: "One payout recorded, in the province's facts",
    MEMBERS: "153,456 members from CSV; the peers check no name, no day and no union",
    BACKUP: "A copy of the ledger, checked",
}


def main() -> None:
    """Write the page."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    PAGE.write_text("\n".join(page(results)) + "\n", encoding="utf-8")


def page(results: dict[str, Any]) -> Iterable[str]:
    """Yield the lines of the page; of what was not measured it says so."""
    measured = {name: [Run(*run) for run in found] for name, found in results.get("runs", {}).items()}
    runs = Runs(measured, results.get("failed", {}))
    yield from (_ABOUT, "", "## Targets", "")
    yield "| | target | measured | wall | CPU ms | |"
    yield "|---|---:|---:|---:|---:|---|"
    for target in TARGETS:
        yield _row(target, runs, results.get("bytes", {}))
    if not results:
        return
    yield from (
        "",
        "## Beside what one would take instead",
        "",
        "All agree to the unit on the sums before they are timed.",
    )
    for name in results.get("missing", []):
        yield f"{name} was not installed, and is left out."
    for work, title in _WORKS.items():
        yield from ("", f"{title}:", "", "| | × | × wall | CPU ms | MiB |", "|---|---:|---:|---:|---:|")
        yield from _beside(work, runs)
    about = "; ".join(f"{name} {text}" for name, text in results["machine"].items())
    yield from ("", "## The machine", "", f"{about}; {results['minutes']} minutes in all.")


def _row(target: Target, runs: Runs, sizes: dict[str, float]) -> str:
    bound = f"{'≥' if target.at_least else '≤'} {target.bound:g} {target.unit}".replace(" growth", " ×")
    value = target.value(runs, sizes)
    if value is None:
        failed = runs.failed.get(target.command)
        return f"| {target.what} | {bound} | — | — | — | {f'failed: {failed}' if failed else 'not measured'} |"
    wall = time = "—"
    if target.unit in ("×", "× wall"):
        wall = short(target.factor * runs.ratio(target.command, target.beside, "wall"))
        time = f"{runs.milliseconds(target.command):,.0f}"
    verdict = "reached" if target.met(value) else f"**not reached**{': ' if target.why else ''}{target.why}"
    return f"| {target.what} | {bound} | {short(value)} | {wall} | {time} | {verdict} |"


def _beside(work: str, runs: Runs) -> Iterable[str]:
    names = [name for name in runs.runs if name.split(": ")[-1] == work and name in runs]
    for name in sorted(names, key=runs.ratio):
        who = name.removesuffix(work).removesuffix(": ") or "**ucli**"
        cells = (short(runs.ratio(name)), short(runs.ratio(name, column="wall")), f"{runs.milliseconds(name):,.0f}")
        yield f"| {who} | {' | '.join(cells)} | {runs.peak_mib(name):.0f} |"


def short(value: float) -> str:
    """Return a number with as many digits as say something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


if __name__ == "__main__":
    main()
