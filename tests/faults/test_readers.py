"""Fifty who look at pages beside one who writes: no page fails, none goes back in time, no write is lost or waits."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra `web` is not installed")

from tests.faults.conftest import Count
from tests.faults.ledgers import UCLI, amount, checked, copied, environment, last, state
from tests.web.conftest import Site, served

READERS = 50
PAGES = ("/report?by=unit&period=2024", "/report?period=2024&unit=HH", "/explain?indicator=news-items&period=2024",
         "/movement?period=2024", "/log", "/units?unions=1", "/", "/series?period=2024&by=quarter")  # fmt: skip


def test_fifty_readers_beside_a_writer_meet_no_error_and_lose_no_write(
    before: Path, tmp_path: Path, count: Count
) -> None:
    ledger, each = copied(before, tmp_path, "read.db"), amount("READ_EACH", 15, 500)
    lines = tmp_path / "lenh.txt"
    written = [f"add-figure news-items {it + 1} --unit KX --period 2024-03 --replace -y" for it in range(each)]
    lines.write_text("\n".join(written), encoding="utf-8")
    with served(ledger, UCLI_LANG="en") as (_process, address):
        site = Site(address).enter()
        writer = subprocess.Popen(
            [*UCLI, "batch", str(lines)], env=environment(ledger), stderr=subprocess.PIPE, encoding="utf-8"
        )

        def read(reader: int) -> int:
            asked, stood = 0, 0
            for path in islice(cycle(PAGES), reader, None):
                reply = site.ask(f"{path}{'&' if '?' in path else '?'}lang={('vi', 'en')[reader % 2]}")
                assert reply.status == 200, (path, reply.text)
                found = re.search(r"(?:operation|thao tác) (\d+), ", reply.text)
                assert found
                assert int(found[1]) >= stood
                stood, asked = int(found[1]), asked + 1
                if writer.poll() is not None:
                    break
            return asked

        with ThreadPoolExecutor(READERS) as readers:
            asked = sum(readers.map(read, range(READERS)))
        said = writer.communicate()[1]
        assert writer.returncode == 0, said
        assert said.count("undo it with") == each
        assert f"operation {last(state(ledger))}," in site.ask("/log?lang=en").text
    assert last(state(ledger)) == last(state(before)) + each
    assert checked(ledger).code == 0
    count("50 readers beside a writer: pages answered", asked)
    count("50 readers beside a writer: writes acknowledged and there", each)
