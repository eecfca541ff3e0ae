"""Spark counts a lake as DuckDB does: in one process, and on an authenticated cluster, also as that loses a worker.

Slow, and it needs Java and pyspark: `make cluster` sets both up and runs it.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.exchange.conftest import UNIONS, Office, Split, facts, recorded
from tests.ledgers import dice_of

pytestmark = pytest.mark.skipif("UCLI_CLUSTER" not in os.environ, reason="make cluster runs it")

SECRET, OTHER = "một-bí-mật-thử", "another"
ASKED = ("report", "--period", "2024", "--by", "district", "-f", "json")


class Cluster(NamedTuple):
    master: str
    workers: list["subprocess.Popen[bytes]"]


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Start a master and two workers on loopback that know one secret."""
    home = Path(pytest.importorskip("pyspark").__file__).parent
    settings = tmp_path / "spark.conf"
    settings.write_text(f"spark.authenticate true\nspark.authenticate.secret {SECRET}\n", encoding="utf-8")
    settings.chmod(0o600)
    port = free_port()
    environment = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable}

    def start(kind: str, *words: str) -> "subprocess.Popen[bytes]":
        name = f"org.apache.spark.deploy.{kind.lower()}.{kind}"
        call = [home / "bin" / "spark-class", name, "--properties-file", settings, "--host", "127.0.0.1", *words]
        with (tmp_path / f"{kind}-{len(words)}.log").open("ab") as log:
            return subprocess.Popen(list(map(str, call)), env=environment, stdout=log, stderr=log, cwd=tmp_path)

    master = f"spark://127.0.0.1:{port}"
    with ExitStack() as started:

        def until_the_end(process: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
            started.callback(process.wait)
            started.callback(process.kill)
            return process

        until_the_end(start("Master", "--port", str(port), "--webui-port", str(free_port())))
        _wait_for(port)
        words = ("--cores", "1", "--memory", "1g", "--webui-port")
        workers = [until_the_end(start("Worker", *words, str(free_port()), master)) for _ in range(2)]
        yield Cluster(master, workers)


def _wait_for(port: int) -> None:
    for _ in range(240):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.25)
    pytest.fail("the master did not start")


@pytest.fixture
def lake(split: Split, tmp_path: Path) -> Path:
    dice = dice_of(12)
    recorded(split, facts(dice, 30, UNIONS), dice)
    split.send("--level", "union", "--grain", "day")
    split.province("export-lake", tmp_path / "lake")
    return tmp_path / "lake"


def counted(office: Office, lake: Path, engine: str, secret: str | None, *words: str) -> "subprocess.Popen[str]":
    """Start a report in a process of its own, as anybody would."""
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    environment |= {"UCLI_SPARK_SECRET": secret} if secret else {}
    call = [sys.executable, "-m", "ucli", "--db", str(office.path), *ASKED, "--lake", str(lake), "--engine", engine]
    return subprocess.Popen([*call, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_spark_counts_a_lake_as_the_ledger_does(split: Split, lake: Path) -> None:
    out, err = counted(split.province, lake, "local[2]", None).communicate(timeout=240)
    assert out == split.province(*ASKED).out, err


def test_a_cluster_counts_a_lake_also_as_it_loses_a_worker(split: Split, lake: Path, cluster: Cluster) -> None:
    expected = split.province(*ASKED).out
    for is_killed in (False, True):
        process = counted(split.province, lake, cluster.master, SECRET)
        if is_killed:
            time.sleep(12)
            cluster.workers[0].kill()
        out, err = process.communicate(timeout=300)
        assert out == expected, err


def test_a_wrong_secret_ends_in_time(split: Split, lake: Path, cluster: Cluster) -> None:
    begun = time.monotonic()
    process = counted(split.province, lake, cluster.master, OTHER, "--timeout", "25")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (5, "")
    assert "did not answer within 25 seconds" in err or "secret" in err
    assert time.monotonic() - begun < 40
    assert not [it for it in Path("/proc").glob("[0-9]*/cmdline") if OTHER.encode() in _read(it)]


def _read(path: Path) -> bytes:
    with suppress(OSError):
        return path.read_bytes()
    return b""
