"""A report told in sentences, as a conference is told."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import Ucli
from ucli.i18n import choose
from ucli.render.prose import amounts_in_prose, average_in_prose, count_in_prose, percent_in_prose
from ucli.values.dates import date_in_prose
from ucli.values.quantities import Share

Told = Callable[..., str]
PERIOD = ("--period", "2023")


@pytest.fixture
def told(province: Ucli) -> Told:
    """Record figures and targets for HH, (indicator, value, target), and return the paragraph told of it."""

    def tell(*facts: tuple[str, str | None, str | None], words: tuple[str, ...] = ("--lang", "vi")) -> str:
        for indicator, value, target in facts:
            if value:
                province("add-figure", indicator, value, "--unit", "HH", *PERIOD)
            if target:
                province("set-target", indicator, target, "--unit", "HH", *PERIOD)
        asked = [word for indicator, _, _ in facts for word in ("--indicator", indicator)]
        out = province("report", "--unit", "HH", *PERIOD, "-f", "prose", *asked, *words).out
        return out.split("\n\n", 1)[1].removesuffix("\n")

    return tell


ARTICLE = (
    ("members-admitted", "2.425", "1.720"),
    ("shelter-houses", "27", "22"),
    ("party-introduced", "744", "824"),
)


def test_an_article_comes_out_as_it_was_printed(told: Told) -> None:
    assert told(*ARTICLE) == (
        "Đã kết nạp 2.425/1.720 đoàn viên, đạt 141% chỉ tiêu; giới thiệu 744/824 đoàn viên ưu tú cho Đảng, đạt 90,3%."
        " Đã hỗ trợ 27/22 nhà Mái ấm Công đoàn, đạt 122,7%. 2/3 chỉ tiêu đạt và vượt."
    )


def test_in_english_it_says_the_same(told: Told) -> None:
    assert told(*ARTICLE, words=("--lang", "en", "--decimals", "0")) == (
        "Admitted 2.425/1.720 members, 141% of the target; introduced 744/824 outstanding members to the Party, 90%."
        " Supported 27/22 Trade Union Shelter houses, 123%. 2/3 targets met or exceeded."
    )


@pytest.mark.parametrize(
    ("indicator", "value", "target", "sentence"),
    [
        ("members-admitted", "999.999", "1.000.000", "Đã kết nạp 999.999/1.000.000 đoàn viên, đạt 99,9% chỉ tiêu"),
        ("members-admitted", "hơn 7.000", "10.800", "Đã kết nạp hơn 7.000/10.800 đoàn viên, đạt hơn 64,8% chỉ tiêu"),
        ("news-items", "khoảng 8", "9", "Đã đăng tải khoảng 8/9 tin, bài, đạt khoảng 88,9% chỉ tiêu"),
        ("legal-advice", "gần 10.000", "10.000", "gần 10.000/10.000 lượt lao động, đạt gần 100% chỉ tiêu. 0/1"),
        ("news-items", "gần 500", None, "Đã đăng tải gần 500 tin, bài."),
        ("news-items", "0", "10", "Đã đăng tải 0/10 tin, bài, đạt 0% chỉ tiêu"),
        ("initiatives", "2.425", "2.000-2.500", "2.425 sáng kiến của đoàn viên (chỉ tiêu 2.000–2.500), đạt 121,3%"),
        ("fatal-accidents", "6", "5", "06 vụ tai nạn lao động chết người (chỉ tiêu không quá 05), không đạt chỉ tiêu"),
        ("fatal-accidents", "0", "0", "Xảy ra 0 vụ tai nạn lao động chết người (chỉ tiêu không quá 0), đạt chỉ tiêu"),
        ("unions-informed", "56/56", None, "Đã có 56/56 công đoàn cơ sở tổ chức tuyên truyền, phổ biến (100%)."),
        ("unions-informed", "hơn 2/3", None, "hơn 2/3 công đoàn cơ sở tổ chức tuyên truyền, phổ biến (hơn 66,6%)."),
        # 84,95% and 5,04% round to the target that they miss.
        ("agreement-coverage", "1.699/2.000", "85%", "thỏa ước lao động tập thể, đạt 84,9% (chỉ tiêu 85%)"),
        ("union-density", "504/10.000", "tối đa 5%", ", 5,1% (chỉ tiêu không quá 5%), không đạt chỉ tiêu"),
        ("unions-informed", "2.999/3.000", None, "(99,9%)"),
        ("party-introduced-per-union", "13/10", "1", "giới thiệu 1,3 đoàn viên ưu tú (chỉ tiêu 01), đạt 130%"),
        ("welfare-amount", "hơn 96,4 tỷ", None, "Đã chi hơn 96,4 tỷ đồng thăm hỏi, tặng quà, hỗ trợ."),
        ("shelter-fund-raised", "900 triệu", "1,2 tỷ", "được 900/1.200 triệu đồng, đạt 75% chỉ tiêu"),
        ("shelter-fund-raised", "1 tỷ", "1,042 tỷ", "được 1/1,042 tỷ đồng, đạt 96% chỉ tiêu"),
        ("shelter-fund-raised", "1.234.567.891", None, "được 1.234.567.891 đồng."),
        ("average-wage", "17.000.000/2", None, "là 8,5 triệu đồng."),
        ("unions-informed", "95%", None, "Theo báo cáo có 95% công đoàn cơ sở tổ chức tuyên truyền, phổ biến."),
        ("emulation-share", "trên 90%", None, "Theo báo cáo có hơn 90% đoàn viên, người lao động tham gia"),
        ("members-admitted", "175%", None, "Đoàn viên kết nạp mới theo báo cáo đạt 175%."),
        ("targets-met", "10/11", None, "10/11 chỉ tiêu đạt và vượt."),
        ("news-items", None, "300", "Chưa có số liệu: Tin, bài đăng tải (chỉ tiêu 300)."),
        ("news-items", None, None, "Chưa có số liệu: Tin, bài đăng tải."),
    ],
)  # fmt: skip
def test_each_kind_of_value_has_its_words(
    told: Told, indicator: str, value: str | None, target: str | None, sentence: str
) -> None:
    assert sentence in told((indicator, value, target))


def test_an_offices_own_indicator_is_told_by_its_name(province: Ucli, told: Told) -> None:
    province("add-indicator", "hoc-bong", "--name", "Học bổng trao cho con đoàn viên", "--measure", "suất")
    text = told(("members-admitted", "7", None), ("hoc-bong", "120", "100"))
    assert text == (
        "Đã kết nạp 07 đoàn viên. Học bổng trao cho con đoàn viên: 120/100 suất, đạt 120% chỉ tiêu."
        " 1/1 chỉ tiêu đạt và vượt."
    )


def test_a_target_is_told_with_whoever_gave_it_and_a_stated_percentage_as_stated(province: Ucli, told: Told) -> None:
    province("set-target", "members-admitted", "10", "--unit", "HH", *PERIOD, "--issuer", "tỉnh Thái Bình")
    province("add-figure", "welfare-fund-raised", "1 tỷ", "--unit", "HH", *PERIOD, "--stated-percent", "96%")
    text = told(("members-admitted", "20", None), ("welfare-fund-raised", None, None))
    assert "đạt 200% chỉ tiêu LĐLĐ tỉnh Thái Bình giao. " in text
    assert "được 1 tỷ đồng, theo báo cáo đạt 96%. 1/1 chỉ tiêu" in text


def test_mere_percentages_beside_each_other_are_said_to_be_reported_once(told: Told) -> None:
    text = told(
        ("officers-trained", "100%", None), ("unions-congress-held", "95%", "90%"), ("members-admitted", "7", None)
    )
    assert text.count("theo báo cáo") == 1
    assert (
        "; theo báo cáo có 95% công đoàn cơ sở tổ chức đại hội (chỉ tiêu 90%),"
        " có 100% cán bộ công đoàn được tập huấn, bồi dưỡng. " in text
    )


def test_a_loss_by_dissolution_is_told_as_a_part_of_all_losses(told: Told) -> None:
    text = told(("members-lost", "300", None), ("members-lost-dissolution", "200", None))
    assert text == "Giảm 300 đoàn viên; trong số giảm có 200 đoàn viên do giải thể tổ chức công đoàn."


def test_what_is_open_undecided_or_missing_is_said(province: Ucli) -> None:
    province("set-target", "members-admitted", "100", "--unit", "tỉnh Thái Bình", "--period", "2024")
    province("set-target", "news-items", "5", "--unit", "tỉnh Thái Bình", "--period", "2024")
    province("add-figure", "members-admitted", "hơn 50", "--unit", "HH", "--period", "2024-H1")
    words = ("report", "--period", "2024", "--as-of", "30/6/2024", "-f", "prose", "--lang", "vi")
    assert province(*words).out.split("\n\n")[1] == (
        "Tính đến ngày 30/6/2024, đã thành lập 01 công đoàn cơ sở; có 02 công đoàn cơ sở;"
        " kết nạp hơn 50/100 đoàn viên, đạt hơn 50%"
        " chỉ tiêu. 0/2 chỉ tiêu đạt và vượt (1 chưa xác định, 1 chưa có số liệu)."
        " Chưa có số liệu: Tin, bài đăng tải (chỉ tiêu 05). Đoàn viên kết nạp mới: 1/2 đơn vị đã báo cáo;"
        " chưa báo cáo: LĐLĐ huyện Kiến Xương.\n"
    )


def test_every_group_has_its_paragraph_behind_the_whole(province: Ucli) -> None:
    province("add-figure", "news-items", "5", "--unit", "HH", *PERIOD)
    out = province("report", "--by", "district", *PERIOD, "-f", "prose", "--lang", "vi").out
    title, total, *groups = out.rstrip("\n").split("\n\n")
    assert title.startswith("LĐLĐ tỉnh Thái Bình — kỳ 2023")
    begins = "Toàn tỉnh đã thành lập 01 công đoàn cơ sở; có 01 công đoàn cơ sở. Đã đăng tải 05 tin, bài."
    assert total.startswith(begins)
    assert "1/2 đơn vị đã báo cáo; chưa báo cáo: LĐLĐ huyện Kiến Xương." in total
    assert groups == [
        "LĐLĐ huyện Hưng Hà: đã thành lập 01 công đoàn cơ sở; có 01 công đoàn cơ sở. Đã đăng tải 05 tin, bài.",
        "Chưa có số liệu: LĐLĐ huyện Kiến Xương.",
    ]


def test_a_name_is_harmless_in_a_sentence(province: Ucli) -> None:
    province("rename-unit", "HH", "LĐLĐ huyện \u202eodnu\x1b[31m", "--on", "2022-01-01")
    out = province("report", "--by", "district", *PERIOD, "-f", "prose").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "huyện odnu\\u001b[31m" in out


@pytest.mark.parametrize(
    "words", [("units",), ("movement", *PERIOD), ("rank", *PERIOD), ("log",)], ids=lambda it: it[0]
)
def test_only_a_report_is_told(province: Ucli, ucli: Ucli, words: tuple[str, ...]) -> None:
    answer = ucli(*words, "-f", "prose")
    assert (answer.code, answer.out) == (2, "")
    assert "ucli report -f prose" in answer.err


def test_a_text_file_stays_a_table(province: Ucli, tmp_path: object) -> None:
    province("report", *PERIOD, "-o", f"{tmp_path}/a.txt")
    with open(f"{tmp_path}/a.txt", encoding="utf-8") as file:  # noqa: PTH123
        assert "Indicator" in file.read()


def test_numbers_are_written_as_documents_write_them() -> None:
    choose("vi")
    assert [count_in_prose(number) for number in (0, 1, 9, 10, 1234, -5)] == ["0", "01", "09", "10", "1.234", "-5"]
    assert [percent_in_prose(number) for number in ("141.0", "122.70", "100", "0.05")] == [
        "141%",
        "122,7%",
        "100%",
        "0,05%",
    ]
    assert amounts_in_prose([1_260_000_000], "đồng") == "1,26 tỷ đồng"
    assert amounts_in_prose([1_234_567_000], "đồng") == "1.234,567 triệu đồng"
    assert amounts_in_prose([999_999], "đồng") == "999.999 đồng"
    assert amounts_in_prose([1_234_567_891], "tỷ") == "1,234567891 tỷ đồng"
    assert average_in_prose(Share(5, 4), 1, None) == "1,3"
    assert date_in_prose(date(2024, 2, 5)) == "05/02/2024"
    assert date_in_prose(date(2024, 10, 25)) == "25/10/2024"


def test_a_share_that_missed_its_target_is_never_printed_as_it_in_table_and_prose(province: Ucli) -> None:
    province("set-target", "tl-cdcs-tuyen-truyen", "85%", "--unit", "HH", "--period", "2023")
    province("add-figure", "tl-cdcs-tuyen-truyen", "1.699/2.000", "--unit", "HH", "--period", "2023")
    for form in ("plain", "prose"):
        text = province("report", "--unit", "HH", "--period", "2023", "-f", form, "--lang", "vi").out
        assert "84,9%" in text
        assert "(85,0%)" not in text


def test_five_lines_say_how_a_report_stands(province: Ucli, ucli: Ucli) -> None:
    for code, target, actual in (("news-items", 10, 12), ("union-meals", 100, 40), ("initiatives", 10, 9)):
        province("set-target", code, target, "--unit", "tỉnh Thái Bình", "--period", "2024")
        province("add-figure", code, actual, "--unit", "tỉnh Thái Bình", "--period", "2024")
    province("set-target", "contest-entries", "8", "--unit", "tỉnh Thái Bình", "--period", "2024")
    province("add-figure", "contest-entries", "2", "--unit", "tỉnh Thái Bình", "--period", "2024")
    assert province("report", "2024", "--brief", "--lang", "vi").out.splitlines()[:4] == [
        "LĐLĐ tỉnh Thái Bình, năm 2024, số liệu tính đến 31/12/2024",
        "1/4 chỉ tiêu đạt và vượt (1 vượt, 3 chưa đạt).",
        "Cao nhất: Tin, bài đăng tải 120%; Sáng kiến của đoàn viên 90%; Lượt dự Bữa cơm Công đoàn 40%.",
        "Thấp nhất: Bài dự thi viết 25%.",
    ]
    ucli("report", "2024", "--brief", "-f", "json", expect=2)


def test_a_number_out_of_another_is_not_written_like_a_date(province: Ucli) -> None:
    province("set-target", "unions-founded", "4", "--unit", "HH", "--period", "2024")
    province("add-figure", "unions-founded", "1", "--unit", "HH", "--period", "2024")
    for words in (("-f", "prose"), ("--brief",), ("--by", "district", "-f", "prose")):
        text = province("report", "2024", *words, "--lang", "vi").out
        assert re.search(r"\b\d/\d (chỉ tiêu|đơn vị)", text)
        assert not re.search(r"\b0\d/\d+ (chỉ tiêu|đơn vị|công đoàn)", text)


def test_what_the_year_before_lacks_is_said_once(province: Ucli) -> None:
    for code in ("news-items", "legal-advice", "union-meals"):
        province("add-figure", code, "5", "--unit", "HH", "--period", "2024")
    out = province("report", "2024", "--unit", "HH", "--compare", "2023", "-f", "prose", "--lang", "vi").out
    assert out.count("không có số liệu") == 1


def test_whose_target_it_is_is_said_once_in_a_paragraph(province: Ucli) -> None:
    for code in ("news-items", "legal-advice", "union-meals"):
        province("set-target", code, "5", "--unit", "HH", "--period", "2024", "--issuer", "tỉnh Thái Bình")
    asked = ("report", "2024-H1", "--against", "2024", "--unit", "HH", "-f", "prose", "--lang", "vi")
    text = province(*asked).out.split("\n\n", 1)[1]
    assert text.count("chỉ tiêu LĐLĐ tỉnh Thái Bình giao năm 2024: 05)") == 1
    assert text.count("(chỉ tiêu 05)") == 2
