"""Vietnamese names: found however they are typed, sorted as the dictionary sorts them."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucli.values.names import bare_name, fold, normalised, own_name, slug, sort_key

ALPHABET = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
TONES = ["ma", "mà", "mả", "mã", "má", "mạ"]
WORDS = ["Hòa Bình", "Đắk Lắk", "Thừa Thiên Huế", "Bà Rịa - Vũng Tàu", "Tuyên Quang", "Phú Thọ", "Cần Thơ"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa", "Hoà"),
        ("Hòa", "HOA"),
        ("Thuỷ", "Thủy"),
        ("Đắk Lắk", "dak lak"),
        ("ĐỒNG NAI", "đồng nai"),
        ("Nguyễn Thị Ước", "nguyen thi uoc"),
        ("  Thái \u00a0 Bình\n", "thai binh"),
    ],
)
def test_a_name_is_found_with_or_without_its_marks(one: str, other: str) -> None:
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, one)) == fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert normalised(normalised(text)) == normalised(text)


@given(st.text())
def test_both_unicode_forms_are_one_name(text: str) -> None:
    composed, parted = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed) == fold(parted)
    assert normalised(composed) == normalised(parted)


@pytest.mark.parametrize("word", WORDS)
def test_both_unicode_forms_sort_to_one_place(word: str) -> None:
    assert sort_key(unicodedata.normalize("NFC", word))[:2] == sort_key(unicodedata.normalize("NFD", word))[:2]


@given(st.permutations(ALPHABET))
def test_letters_sort_in_the_order_of_the_alphabet(letters: list[str]) -> None:
    assert sorted(letters, key=sort_key) == ALPHABET
    assert sorted((letter.upper() for letter in letters), key=sort_key) == [letter.upper() for letter in ALPHABET]


@given(st.permutations(TONES))
def test_tones_sort_level_falling_asking_tumbling_rising_heavy(words: list[str]) -> None:
    assert sorted(words, key=sort_key) == TONES


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Dương Minh Châu", "Đà Nẵng"),
        ("An", "Ăn"),
        ("Áo", "Ăn"),
        ("Mạ", "Mai"),
        ("Thái Bình", "Thanh Hóa"),
        ("Quận 1", "Quận Ba"),
        ("Sơn", "Sơn La"),
        ("Hạ Long", "Hàm Yên"),
    ],
)
def test_letters_part_names_before_tones_do(first: str, then: str) -> None:
    assert sorted([then, first], key=sort_key) == [first, then]


@given(st.lists(st.text(max_size=5), max_size=5))
def test_any_text_can_be_sorted(texts: list[str]) -> None:
    assert sorted(sorted(texts, reverse=True), key=sort_key) == sorted(texts, key=sort_key)


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("LĐLĐ tỉnh Thái Bình", "thai binh"),
        ("Liên đoàn Lao động thành phố Hà Nội", "ha noi"),
        ("LĐLĐ TP. Hồ Chí Minh", "ho chi minh"),
        ("LĐLĐ huyện Lâm Bình", "lam binh"),
        ("CĐCS Công ty May 10", "cong ty may 10"),
        ("Công đoàn", "cong doan"),
        ("LĐLĐ huyện Tịnh Biên", "tinh bien"),
        ("LĐLĐ huyện Quan Hóa", "quan hoa"),
        ("LĐLĐ huyện Quản Bạ", "quan ba"),
        ("Phương Liên", "phuong lien"),
    ],
)
def test_a_unit_is_called_by_its_own_name_without_its_titles(name: str, own: str) -> None:
    assert own_name(name) == own


@given(st.one_of(st.text(), st.sampled_from(WORDS)))
def test_a_code_made_of_a_name_can_be_typed_anywhere(name: str) -> None:
    assert re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", slug(name))


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("LĐLĐ tỉnh Thái Bình", "Thái Bình"),
        ("LĐLĐ  TP. Hồ Chí Minh ", "Hồ Chí Minh"),
        ("Liên đoàn Lao động tỉnh Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        (unicodedata.normalize("NFD", "LĐLĐ tỉnh Đắk Lắk"), "Đắk Lắk"),
        ("Thừa Thiên Huế", "Thừa Thiên Huế"),
    ],
)
def test_the_same_with_its_marks_and_capitals(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_a_code_is_made_of_the_own_name() -> None:
    assert slug("LĐLĐ huyện Lâm Bình") == "LAM-BINH"


@pytest.mark.parametrize("typed", ["H. Nam Thử", "TX Nam Thử", "tx. Nam Thử", "LĐLĐ Q. Nam Thử", "LĐLĐ TP. Nam Thử"])
def test_an_abbreviated_title_is_no_part_of_a_name(typed: str) -> None:
    assert own_name(typed) == "nam thu"
