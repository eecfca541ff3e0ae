"""The shell completes commands, options and what stands in the ledger."""

import os

import pytest

from tests.conftest import Ucli, shell


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ucli repo", ["report"]),
        ("ucli report --unit K", ["KX", "TRUONG"]),
        ("ucli report --unit hung", ["HH", "MAY"]),
        ("ucli add-member A --union MA", ["MAY"]),
        ("ucli show M", ["MAY"]),
        ("ucli report --province thai", ["34"]),
        ("ucli explain news", ["news-items"]),
        ("ucli report --indicator mai-am-n", ["shelter-houses"]),
        ("ucli add-payout --programme sh", ["shelter"]),
        ("ucli report --unit 100%", []),
    ],
)
def test_what_is_half_typed_is_completed(
    province: Ucli, monkeypatch: pytest.MonkeyPatch, typed: str, offered: list[str]
) -> None:
    monkeypatch.setitem(os.environ, "COMP_WORDS", typed)
    monkeypatch.setitem(os.environ, "COMP_CWORD", str(len(typed.split()) - 1))
    monkeypatch.setitem(os.environ, "_UCLI_COMPLETE", "complete_bash")
    answer = shell("python -m ucli")
    assert [word for word in answer.out.split() if word] == offered
    assert answer.err == ""


def test_without_a_ledger_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "COMP_WORDS", "ucli report --unit H")
    monkeypatch.setitem(os.environ, "COMP_CWORD", "3")
    monkeypatch.setitem(os.environ, "_UCLI_COMPLETE", "complete_bash")
    answer = shell("python -m ucli")
    assert (answer.out.strip(), answer.err) == ("", "")
