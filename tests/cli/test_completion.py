"""The shell completes commands, options and what stands in the ledger."""

import pytest

from tests.conftest import Ucli, shell


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ucli repo", ["report"]),
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
    province: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch, typed: str, offered: list[str]
) -> None:
    ask(monkeypatch, typed)
    answer = ucli()
    assert (answer.out.split(), answer.err) == (offered, "")


def test_without_a_ledger_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    ask(monkeypatch, "ucli report --unit H")
    answer = shell("ucli")
    assert (answer.out.strip(), answer.err) == ("", "")


def test_a_shell_is_told_what_the_ledger_holds(province: Ucli, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(monkeypatch, "ucli report --unit K")
    answer = shell("ucli")
    assert (answer.out.split(), answer.err) == (["KX", "TRUONG"], "")


def ask(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Set what bash sets when Tab is pressed."""
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    monkeypatch.setenv("_UCLI_COMPLETE", "complete_bash")
