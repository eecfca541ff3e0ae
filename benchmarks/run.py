"""Run the benchmarks: `python -m benchmarks.run province` or `nation`; results go to benchmarks/results."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from benchmarks import everyday, growth, national, tables
from benchmarks.ledgers import NATION, PROVINCE
from benchmarks.machine import described
from benchmarks.workshop import Workshop

_HERE = Path(__file__).parent
_SMALL = (10_000, 100_000, 1_000_000)
_LARGE = (*_SMALL, 4_000_000, NATION.facts)


def main() -> None:
    """Read the command line, run, write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["province", "nation"])
    parser.add_argument("--folder", type=Path, default=_HERE / "made", help="where ledgers and files lie meanwhile")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of short commands; longer ones take fewer")
    parser.add_argument("--results", type=Path, default=_HERE / "results")
    asked = parser.parse_args()
    start = time.perf_counter()
    shop = Workshop(asked.folder, _tell)
    results: dict[str, Any] = {"machine": described()}
    results |= _province(shop, asked.rounds) if asked.what == "province" else _nation(shop, asked.rounds)
    results["minutes"] = round((time.perf_counter() - start) / 60, 1)
    asked.results.mkdir(exist_ok=True)
    path = asked.results / f"{asked.what}.json"
    path.write_text(f"{json.dumps(results, ensure_ascii=False, indent=1)}\n", encoding="utf-8")
    print(
        f"{path} was written after {results['minutes']} minutes. benchmarks/write_performance.py makes the page of it."
    )


def _province(shop: Workshop, rounds: int) -> dict[str, Any]:
    shop.require_room(PROVINCE.facts + sum(_SMALL))
    ledger = shop.ledger("province", PROVINCE)
    print("Help, a write, reports, a batch")
    starts, targets = everyday.starts(shop, ledger, 2 * rounds + 1)
    print("Writers at once")
    at_once, more = everyday.writers(shop, ledger, 3)
    targets |= more
    print("A list of members")
    imports, more, skipped = everyday.import_members(shop, 5)
    targets |= more
    print("The attainment table")
    files, facts = shop.files("province", ledger, tables.scopes(ledger, [tables.PROVINCE]), keep_csv=True)
    compared, words = tables.compared(shop, ledger, files, facts, rounds, with_hledger=True)
    print("Cost against size")
    sizes, more = growth.measured(shop, _SMALL, rounds)
    return {
        "facts": PROVINCE.facts,
        "starts": starts,
        "writers": at_once,
        "import": imports,
        "tables": compared,
        "skipped": {**skipped, **words},
        "growth": sizes,
        "targets": {**targets, **more},
    }


def _nation(shop: Workshop, rounds: int) -> dict[str, Any]:
    shop.require_room(sum(_LARGE))
    print("Cost against size, and the peers beside it")
    sizes, targets = growth.measured(shop, _LARGE, rounds)
    print("The reports of the nation")
    # The ledger itself, not a copy, to save gigabytes: what is written to it is made anew for the next run.
    path = shop.folder / "nation-4e7.db"
    reports = national.measured(shop, path, rounds)
    size = round(path.stat().st_size / 1e9, 2)
    path.unlink()
    return {"facts": NATION.facts, "gigabytes": size, "growth": sizes, "reports": reports, "targets": targets}


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
