"""Cost against size: the same reports over ledgers from nothing to the whole nation, in one interleaved run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.ledgers import NATION as WHOLE
from benchmarks.ledgers import TARGETS, nation_of
from benchmarks.peers import EACH, NATION, Files, peers_of
from benchmarks.rounds import Command, Runs, interleaved, ratio, summaries, ucli
from benchmarks.tables import ASKED, agree, scopes
from benchmarks.workshop import Workshop

# The rows that targets were set for: the empty ledger prints the same ones.
_ROWS = tuple(word for code in TARGETS for word in ("--indicator", code))
_PEERS = ("sqlite3", "DuckDB")
# Beyond this, writing the facts for the peers alone would take a run its half hour.
_MOST_FACTS_OF_PEERS = 4_000_000


def measured(shop: Workshop, sizes: Sequence[int], rounds: int) -> tuple[dict[str, Any], dict[str, float]]:
    """Measure the year of the nation and of each province at all sizes, beside the peers that keep a file."""
    empty = shop.ledger("nation-empty", WHOLE._replace(unions=0))
    commands = _of_ucli(empty, 0)
    points = {"0": 0}
    for facts in sizes:
        name, size = f"nation-{facts:.0e}".replace("+0", ""), nation_of(facts)
        ledger = shop.ledger(name, size)
        points[str(facts)] = size.facts
        commands += _of_ucli(ledger, facts)
        if facts <= _MOST_FACTS_OF_PEERS:
            files, rows = shop.files(name, ledger, scopes(ledger, [NATION, EACH]))
            commands += _of_peers(shop, ledger, files, rows, facts)
    runs = interleaved(commands, rounds, shop.tell)
    return {"facts": points, "runs": summaries(runs)}, _targets(runs, sizes)


def _of_ucli(ledger: Path, facts: int) -> list[Command]:
    return [
        Command(f"ucli: {name}: {facts}", ucli("report", "--period", "2024", "--db", str(ledger), *_ROWS, *ASKED[name]))
        for name in (NATION, EACH)
    ]


def _of_peers(shop: Workshop, ledger: Path, files: Files, rows: int, facts: int) -> list[Command]:
    commands = []
    for peer in peers_of(files, rows)[0]:
        if peer.name in _PEERS:
            agree(shop, ledger, peer, {})
            # A table over all rows takes seconds; it needs no more rounds than a few.
            most = 5 if facts > 3_000_000 and peer.name == "sqlite3" else 1000
            commands += [
                Command(f"{peer.name}: {name}: {facts}", ask, most_rounds=most) for name, ask in peer.asks.items()
            ]
    return commands


def _targets(runs: Runs, sizes: Sequence[int]) -> dict[str, float]:
    """Return the worst of both reports: the largest ledger beside the empty one, and beside a tenth of it."""
    most, tenth = sizes[-1], sizes[-2]
    tables = (NATION, EACH)
    return {
        "growth-empty": max(ratio(runs, f"ucli: {it}: {most}", f"ucli: {it}: 0") for it in tables),
        "growth-tenfold": max(ratio(runs, f"ucli: {it}: {most}", f"ucli: {it}: {tenth}") for it in tables),
    }
