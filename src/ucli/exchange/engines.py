"""Engines that add up the facts of a lake: DuckDB in this process, or Spark on a cluster.

An engine has two methods: `view` names a query, `rows` returns its rows. Both take the same portable SQL, with dates
and integers that do not overflow.
"""

import atexit
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

from ucli.errors import RefusedError, UsageError
from ucli.i18n import _, refusal
from ucli.ledger.operations import quoted

DUCKDB = "duckdb"


class Engine(Protocol):
    def view(self, name: str, sql: str) -> None: ...

    def rows(self, sql: str) -> list[tuple[Any, ...]]: ...

    def parquet(self, name: str, files: Sequence[Path]) -> str:
        """Return SQL for the rows of some files, optionally named."""
        ...


class DuckDB:
    def __init__(self) -> None:
        self.db = duckdb_connection()

    def view(self, name: str, sql: str) -> None:
        self.db.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.db.execute(sql).fetchall()
        return found

    def parquet(self, name: str, files: Sequence[Path]) -> str:  # noqa: ARG002
        return f"read_parquet([{', '.join(map(quoted, files))}])"


class Spark:
    def __init__(self, master: str) -> None:
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415  only where it is asked for
        except ImportError:
            raise _missing("Spark", "pip install 'ucli[spark]'") from None
        if not shutil.which("java"):
            raise _missing("Java", "apt install default-jre-headless")
        _set_up()
        builder = SparkSession.builder.master(master).appName("ucli")
        for key, value in (
            ("spark.ui.enabled", "false"),
            ("spark.ui.showConsoleProgress", "false"),
            ("spark.sql.session.timeZone", "UTC"),
            ("spark.sql.ansi.enabled", "true"),
            ("spark.sql.shuffle.partitions", "8"),
        ):
            builder = builder.config(key, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")

    def view(self, name: str, sql: str) -> None:
        self.session.sql(sql).createOrReplaceTempView(name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def parquet(self, name: str, files: Sequence[Path]) -> str:
        self.session.read.parquet(*map(str, files)).createOrReplaceTempView(name)
        return name


def engine_of(name: str) -> Engine:
    if name == DUCKDB:
        return DuckDB()
    if name.startswith(("spark://", "local[")):
        return Spark(name)
    raise UsageError(
        _("There is no engine “{name}”.").format(name=name[:60]),
        instead=_("Choose duckdb, local[N] or spark://HOST:PORT."),
    )


def within(seconds: int, work: Callable[[], Any], name: str) -> Any:
    """Return the result of some work, or refuse it after a time limit, for Spark asks a silent master for ever."""
    found: list[Any] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:  # noqa: BLE001  told of in the other thread
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not found:
        raise RefusedError(
            _("{engine} did not answer within {seconds} seconds.").format(engine=name, seconds=seconds),
            why=_("The master cannot be reached, its secret is different, or there is too much to count."),
            instead=_("Check the address, or allow more time with --timeout."),
        )
    return found[0]


def _secret() -> str | None:
    """Return the cluster's shared secret, from the environment or from a file that only its owner can read."""
    named = os.environ.get("UCLI_SPARK_SECRET_FILE")
    if not named:
        return os.environ.get("UCLI_SPARK_SECRET")
    try:
        file = Path(named).expanduser()
        if file.stat().st_mode & 0o077:
            raise RefusedError(
                _("Other users of this machine can read {files}; “chmod go= FILE” closes it.").format(files=file)
            )
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise RefusedError(_("The file {file} cannot be read.").format(file=named), why=refusal(error)) from None


_QUIET = """rootLogger.level = off
rootLogger.appenderRef.none.ref = none
appender.none.type = Null
appender.none.name = none
"""


def _set_up() -> None:
    """Write Spark's settings to private files: the secret stays off the command line, its log off our output."""
    os.environ["SPARK_SUBMIT_OPTS"] = f"-Dlog4j2.configurationFile={_kept(_QUIET)}"
    if secret := _secret():
        settings = _kept(f"spark.authenticate true\nspark.authenticate.secret {secret}\n")
        os.environ["PYSPARK_SUBMIT_ARGS"] = f"--properties-file {settings} pyspark-shell"


def _kept(text: str) -> str:
    """Write a text to a private file, which exists until the process ends."""
    with NamedTemporaryFile("w", suffix=".properties", delete=False, encoding="utf-8") as file:
        file.write(text)
    atexit.register(Path(file.name).unlink, missing_ok=True)
    return file.name


def duckdb_connection() -> Any:
    try:
        import duckdb  # noqa: PLC0415  only where a lake is asked for
    except ImportError:
        raise _missing("DuckDB", "pip install 'ucli[lake]'") from None
    return duckdb.connect()


def _missing(what: str, command: str) -> RefusedError:
    return RefusedError(
        _("{what} is not installed on this machine.").format(what=what),
        instead=_("Install it: {command}.").format(command=command),
    )
