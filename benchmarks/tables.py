"""The attainment table beside the peers: first all must agree to the unit, then they are timed."""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.everyday import payout
from benchmarks.peers import EACH, NATION, Answer, Files, Peer, asked_of_ucli, difference, hledger, peers_of
from benchmarks.rounds import Command, Figures, interleaved, output, summaries, ucli
from benchmarks.workshop import Workshop

PROVINCE = "province"
# How ucli is asked for each table.
ASKED: dict[str, tuple[str, ...]] = {
    NATION: (),
    PROVINCE: ("--province", "Thái Bình"),
    EACH: ("--by", "province"),
    "district": ("--unit", "34.01"),
}


def scopes(ledger: Path, names: Sequence[str]) -> dict[str, int]:
    """Return the tables that are asked for, with the number of the province that one of them is of."""
    with closing(sqlite3.connect(ledger)) as db:
        row = db.execute("SELECT unit FROM unit_name WHERE kind = 'province' AND name LIKE '%Thái Bình'").fetchone()
    return {name: int(row[0]) if name == PROVINCE else 0 for name in names}


def agree(shop: Workshop, ledger: Path, peer: Peer, wanted: dict[str, Answer]) -> None:
    """Hold a peer's tables against ucli's, and stop where one number differs."""
    for name, words in peer.asks.items():
        if name not in wanted:
            wanted[name] = asked_of_ucli(ledger, *ASKED[name])
        found = difference(wanted[name], peer.read(output(words), name))
        if found:
            sys.exit(f"ucli and {peer.name} differ on {name}: {'; '.join(found[:5])}")
        shop.tell(f"  {peer.name} agrees on {name}: {len(wanted[name])} sums")


def compared(
    shop: Workshop, ledger: Path, files: Files, facts: int, rounds: int, *, with_hledger: bool
) -> tuple[dict[str, Figures], dict[str, str]]:
    """Time the tables of ucli and of its peers, and one record in the province."""
    peers, words = peers_of(files, facts)
    if with_hledger:
        peer, word = hledger(files)
        words["hledger"] = word
        peers += [peer] if peer else []
    else:
        words["hledger"] = f"skipped: it would hold {facts:,} facts in memory"
    wanted: dict[str, Answer] = {}
    for peer in peers:
        agree(shop, ledger, peer, wanted)
    # The time of a minute is told well enough by fewer rounds.
    slow = {"pandas": 5, "hledger": 3}
    commands = [
        Command(f"ucli: {name}", ucli("report", "--period", "2024", "--db", str(ledger), *ASKED[name]))
        for name in [*files.scopes, *(["district"] if "district" in wanted else [])]
    ]
    commands += [
        Command(f"{peer.name}: {name}", asked, most_rounds=slow.get(peer.name, 1000))
        for peer in peers
        for name, asked in peer.asks.items()
    ]
    if with_hledger:
        copy = shop.copy(ledger, "tables")
        commands.append(Command("ucli: one record", ucli(*payout(), "--db", str(copy))))
        commands += [
            Command(f"{peer.name}: one record", peer.write, peer.write_stdin, most_rounds=slow.get(peer.name, 1000))
            for peer in peers
            if peer.write
        ]
    return summaries(interleaved(commands, rounds, shop.tell)), words
