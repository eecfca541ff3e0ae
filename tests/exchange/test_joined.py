"""What districts count, sent in bundles and joined, is what one ledger of all would say, byte for byte."""

import pytest

from tests.exchange.conftest import UNIONS, Split, facts, recorded
from tests.ledgers import dice_of

ASKED = [
    "--period 2024 --by district",
    "--period 2024",
    "--period 2024 --by month",
    "--period 2024-Q1 --by ward",
    "--period 2024-H1 --by district --structure now",
    "--period 2023",
    "--period 2024 --by district --compare same-period",
]


@pytest.mark.parametrize("seed", [1, 2])
def test_districts_joined_are_the_province(split: Split, seed: int) -> None:
    dice = dice_of(seed)
    recorded(split, facts(dice, 40, UNIONS), dice)
    split.send("--level", "union")
    for words in ASKED:
        assert split.province.report(*words.split()) == split.whole.report(*words.split()), words
    split.send("--level", "union", "--grain", "day")
    for words in [*ASKED, "--period 2024-02-05..2024-08-17 --by district"]:
        assert split.province.report(*words.split()) == split.whole.report(*words.split()), words
