"""What stands in the way of an undo or a redo is told so that it works: after the steps told, in their order."""

import re
import shlex
import shutil
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import built
from ucli.cli.run import run

_COMMAND = re.compile(r"ucli ((?:undo|redo) \d+)")

UNIONS = ("MAY", "TRUONG", "A", "B")
some_union = st.sampled_from(UNIONS)
some_day = st.sampled_from(["2024-03-01", "2024-06-01", "2024-09-01"])
some_member = st.integers(1, 5)
WRITES = st.one_of(
    st.builds("add-union 'CĐCS {0}' --parent {1} --founded 2023-01-01 --code {0} --yes".format,
              st.sampled_from("AB"), st.sampled_from(["HH", "KX"])),
    st.builds("add-member M --union {} --admitted 2024-02-01 --card {}".format, some_union, st.integers(1, 2)),
    st.builds("transfer-member no:{} --to {} --on {}".format, some_member, some_union, some_day),
    st.builds("end-membership no:{} --on {} --reason retired".format, some_member, some_day),
    st.builds("void-member {}".format, some_member),
    st.builds("merge-unit {} --into {} --on {}".format, some_union, some_union, some_day),
    st.builds("move-unit {} --to {} --on {}".format, some_union, st.sampled_from(["HH", "KX"]), some_day),
    st.builds("void-unit {}".format, some_union),
)  # fmt: skip
REVERSALS = st.builds("{} {}".format, st.sampled_from(["undo", "undo", "redo"]), st.integers(3, 12))


def said(ledger: Path, line: str) -> tuple[int, str]:
    """Run a command line on a ledger; return its exit code and what it said."""
    told = StringIO()
    with redirect_stdout(told), redirect_stderr(told), pytest.MonkeyPatch.context() as patch:
        patch.setattr("ucli.cli.run.root_command", built)
        return run(["--db", str(ledger), *shlex.split(line)]), told.getvalue()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.one_of(WRITES, WRITES, REVERSALS), min_size=4, max_size=10), wanted=REVERSALS)
def test_the_steps_told_lead_to_what_was_wanted(small_province: Path, lines: list[str], wanted: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(shutil.copy(small_province, folder))
        for line in lines:
            assert said(ledger, line)[0] in (0, 3, 4, 5)
        code, refusal = said(ledger, wanted)
        steps = _COMMAND.findall(refusal) if "in the way" in refusal else []
        assert "in the way" not in refusal or steps, refusal
        for step in steps:
            assert said(ledger, step)[0] == 0, (refusal, step)
        if steps:
            code, told = said(ledger, wanted)
            assert code == 0, (refusal, told)
