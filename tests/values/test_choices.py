"""Choices: what lists print for a code is taken for it."""

import pytest

from ucli.catalogue import rows_of
from ucli.errors import RejectedError
from ucli.values.choices import CHOICES, codes, one_of, spoken

# Whose codes are also names of registers, of which lists print more than the code says here.
NAMED_OTHERWISE = ("kind of table", "way to share", "step")


@pytest.mark.parametrize("name", [it for it in CHOICES if it not in NAMED_OTHERWISE])
def test_what_lists_print_for_a_code_is_read_as_that_code(name: str) -> None:
    read = one_of(codes(name), spoken(name), RejectedError)
    printed = {it["code"]: (it["vi"], it["en"]) for it in rows_of("labels") if it["of"] == "word"}
    for code in codes(name):
        assert {read(word) for word in (code, code.upper(), *printed.get(code, ()))} == {code}
