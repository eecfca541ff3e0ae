"""A ledger with persons of conspicuous names, served by one process for all tests of the pages."""

import http.client
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from ucli.cli.run import run

# None of these stands in anything else that the ledger holds.
PERSONS = ("Trần Thị Bí Mật", "Lê Văn Kín Đáo", "Phạm Riêng Tư", "Người Nhận Ẩn Danh", "Vũ Thị Ký Tên")
CARDS = ("7654321000", "034190777123")
SCHEME = "Loại;Nội dung;Mã;Điểm;Cách chấm;Tối đa\ntiêu chí;Kết nạp;members-admitted;60;tỷ lệ;\n"
TODAY = date.today()  # noqa: DTZ011
LINES = f"""
init --office "LĐLĐ tỉnh Thái Bình"
add-unit "LĐLĐ huyện Hưng Hà" --kind district --code HH
add-unit "LĐLĐ huyện Kiến Xương" --kind district --code KX
add-unit "LĐLĐ huyện Đông Hưng" --kind district --code DH
add-unit "LĐLĐ huyện Cũ" --kind district --code CU
add-union "CĐCS May Hưng Hà" --parent HH --founded 2023-05-10 --members 12 --code MAY
add-union "CĐCS Trường Kiến Xương" --parent KX --founded 2024-02-01 --members 20 --code TRUONG
add-member "{PERSONS[0]}" --union MAY --admitted 2025-03-01 --card {CARDS[0]} --sex nữ --born 2/9/1990
add-member "{PERSONS[1]}" --union MAY --admitted 2025-04-01 --sex nam
add-member "{PERSONS[2]}" --union TRUONG --admitted 2025-05-01 --id-number {CARDS[1]}
add-payout --unit HH --programme tet --amount "20 triệu" --on 2025-01-20 --beneficiary "{PERSONS[3]}"
add-payout --unit MAY --programme visit --amount 500000 --on 2025-02-20 --member {CARDS[0]}
set-letterhead --signer "{PERSONS[4]}"
add-award MAY "Bằng khen" --period 2025
merge-unit CU --into DH --on 2025-07-01
set-cluster "Cụm 1" --year 2025 --units HH,KX
add-period dot-1 --from 2025-01-01 --to 2025-03-31 --name "Đợt một"
add-period bao-cao-nam --from 2025-12-01 --to 2025-12-31 --name "Báo cáo năm" --due {TODAY}
set-target members-admitted 10 --unit "Thái Bình" --period 2025
set-target members-admitted 2 --unit HH --period 2025
set-target members-admitted 4 --unit KX --period 2025
set-target news-items 100 --unit "Thái Bình" --period 2025
set-target news-items 40 --unit HH --period 2025
add-figure news-items 25 --unit HH --period 2025-01
add-figure news-items 14 --unit KX --period 2025-02
add-figure news-items "hơn 7" --unit DH --period 2025-03
"""


def made(folder: Path) -> Path:
    """Make the ledger of these tests."""
    ledger, scheme = folder / "so.db", folder / "thang.csv"
    scheme.write_text(SCHEME, encoding="utf-8")
    for line in [*LINES.strip().splitlines(), f"score {scheme} --keep --period 2025 --by district"]:
        assert run(["--db", str(ledger), *shlex.split(line)]) == 0, line
    return ledger


class Reply(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Site:
    """A server as one who has opened its first address knows it."""

    def __init__(self, address: str) -> None:
        self.address = address
        parts = urlsplit(address)
        self.host, self.port, self.first = str(parts.hostname), int(parts.port or 0), f"{parts.path}?{parts.query}"
        self.cookie = ""

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Ask for a path; `headers` with _ for -, those that are empty left out."""
        sent = {"Host": f"{self.host}:{self.port}", "Cookie": self.cookie}
        sent |= {key.replace("_", "-"): value for key, value in headers.items()}
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for key, value in sent.items():
            if value:
                connection.putheader(key, value)
        connection.endheaders()
        answer = connection.getresponse()
        reply = Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return reply

    def enter(self) -> "Site":
        self.cookie = self.ask(self.first).headers["set-cookie"].partition(";")[0]
        return self


@contextmanager
def served(ledger: Path, *words: str, **environment: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start a server and yield it with its first address."""
    with subprocess.Popen(
        [sys.executable, "-m", "ucli", "serve", *(words or ("--port", "0"))],
        env={**os.environ, "UCLI_LANG": "vi", "UCLI_DB": str(ledger), "HOME": str(ledger.parent), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout
            yield process, process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def web_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="session")
def site(web_ledger: Path) -> Iterator[Site]:
    with served(web_ledger) as (_process, address):
        yield Site(address).enter()
