"""What stands directly in the way of an undo or a redo is named, the nearest first; following that leads there."""

import re
import shlex
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import After, Answer, Ucli, called

_COMMAND = re.compile(r"ucli ((?:undo|redo) \d+|reopen-period .*? --reason “…”)")

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
    st.builds("{} --unit {}".format, st.sampled_from(["close-period 2024", "reopen-period 2024 --reason x"]),
              st.sampled_from(["HH", "MAY"])),
)  # fmt: skip
REVERSALS = st.builds("{} {}".format, st.sampled_from(["undo", "undo", "redo"]), st.integers(3, 12))


def said(ledger: Path, line: str) -> Answer:
    return called("--db", str(ledger), *shlex.split(line), together=True)


def followed(ledger: Path, wanted: str, asked: tuple[str, ...] = ()) -> None:
    """Do what is wanted, after what is told to come first, and what is told to come before that."""
    assert wanted not in asked, asked
    while (answer := said(ledger, wanted)).code:
        steps = _COMMAND.findall(answer.out)
        assert steps, answer
        followed(ledger, steps[0], (*asked, wanted))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.one_of(WRITES, WRITES, REVERSALS), min_size=4, max_size=10), wanted=REVERSALS)
def test_following_what_is_told_leads_there(small_province: Path, lines: list[str], wanted: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(shutil.copy(small_province, folder))
        for line in lines:
            assert said(ledger, line).code in (0, 3, 4, 5)
        refusal = said(ledger, wanted).out
        if any(it in refusal for it in ("in the way", "reopen-period")):
            followed(ledger, wanted)


LOOP = """
    add-union 'CĐCS B' --parent HH --founded 2023-01-01 --code B
    add-member M --union MAY --admitted 2024-03-01
    transfer-member 1 --to B --on 2024-05-01
    end-membership 2 --on 2024-07-01 --reason retired
    undo
"""


def test_what_was_undone_is_not_told_to_be_brought_back_where_that_leads_nowhere(
    province_after: After, ucli: Ucli
) -> None:
    ok = province_after(LOOP)
    assert "Undo that one first: ucli undo 8." in ucli("undo", 6, expect=5).err
    ok("undo", 8)
    ok("undo", 6)
    assert "Redo that one first: ucli redo 8." in ucli("redo", 9, expect=5).err
    assert "Redo that one first: ucli redo 6." in ucli("redo", 8, expect=5).err
    for step in (6, 8, 9):
        ok("redo", step)


def test_what_stands_in_the_way_of_that_is_told_when_it_is_undone(province: Ucli, ucli: Ucli) -> None:
    province("add-unit", "Công đoàn xã A", "--kind", "ward", "--parent", "KX", "--code", "XA")
    province("add-union", "CĐCS B", "--parent", "XA", "--founded", "2023-01-01", "--code", "B")
    province("add-member", "M", "--union", "B", "--admitted", "2024-03-01")
    province("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "1tr", "--member", 1, "--on", "2024-04-01")
    for wanted, first in ((6, 7), (7, 8), (8, 9)):
        assert f"Undo that one first: ucli undo {first}." in ucli("undo", wanted, expect=5).err
    for step in (9, 8, 7, 6):
        province("undo", step)


def test_a_closed_period_that_a_step_falls_into_is_told_to_be_reopened(province: Ucli, ucli: Ucli) -> None:
    province("add-union", "CĐCS B", "--parent", "HH", "--founded", "2023-01-01", "--code", "B")
    province("add-member", "M", "--union", "B", "--admitted", "2024-03-01")
    province("close-period", "2024", "--unit", "HH")
    assert "Undo that one first: ucli undo 7." in ucli("undo", 6, expect=5).err
    assert "ucli reopen-period 2024 --unit HH --reason “…”" in ucli("undo", 7, expect=5).err
    province("reopen-period", "2024", "--unit", "HH", "--reason", "ghi nhầm")
    province("undo", 7)
    province("undo", 6)


def test_where_much_stands_in_the_way_the_first_steps_are_told(province: Ucli, ucli: Ucli) -> None:
    for number in range(12):
        province("add-member", "M", "--union", "MAY", "--admitted", "2024-03-01", "--card", number)
    done = 0
    while (answer := ucli("undo", 4)).code:
        assert answer.code == 5, answer
        for step in _COMMAND.findall(answer.err):
            province(*step.split())
            done += 1
        assert ("repeat this command" in answer.err) == (done == 10)
    assert done == 12
