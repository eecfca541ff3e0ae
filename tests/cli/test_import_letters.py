"""Invisible signs are nothing, letters that a wrong encoding left are told, and digits stay as they are."""

from pathlib import Path

import pytest
import xlsxwriter

from tests.conftest import Ucli

HEAD = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ngày sinh;Số thẻ"


def table(tmp_path: Path, *lines: str, head: str = HEAD, name: str = "a.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_text("\n".join((head, *lines)) + "\n", encoding=encoding)
    return path


def members(ucli: Ucli) -> list[tuple[str, str | None]]:
    return [(it["name"], it["card"]) for it in ucli("members", "-f", "json").json]


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200d", "\u200f", "\u202a", "\u2060", "\ufeff", "\u00ad", "\u180e", "\ufe0f"]
)
def test_what_nobody_sees_is_nothing_in_a_table(province: Ucli, tmp_path: Path, sign: str) -> None:
    line = f"Quách{sign} Văn Thử;CĐCS{sign} May Hưng Hà;{sign}12/5/2024;6/7/1988{sign};00{sign}21"
    head = HEAD.replace("kết", f"k{sign}ết")
    province("import", "members", table(tmp_path, line, head=head))
    assert ("Quách Văn Thử", "0021") in members(province)
    again = table(tmp_path, "Quách Văn Thử;MAY;12/5/2024;6/7/1988;0021")
    assert province("import", "members", again, "-f", "json").json["unchanged"] == 1


def test_curled_quotation_marks_around_a_cell_are_none_of_it(province: Ucli, tmp_path: Path) -> None:
    province("import", "members", table(tmp_path, "“Quách Văn Thử”;MAY;12/5/2024;6/7/1988;’0021"))
    assert ("Quách Văn Thử", "0021") in members(province)


def test_two_rows_that_differ_only_in_what_nobody_sees_are_one(province: Ucli, tmp_path: Path) -> None:
    people = ("Tạ Thị Mẫu;MAY;12/5/2024;6/7/1988;", "Tạ\u200b Thị Mẫu;MAY;12/5/2024;6/7/1988;")
    answer = province("import", "members", table(tmp_path, *people), "-f", "json")
    assert (answer.json["new"], answer.json["repeated"]) == (1, [3])
    assert "Line 3: Same as line 2; recorded once." in answer.err
    unions = table(
        tmp_path, "CĐCS Gốm\u2060;HH;12/5/2023", "CĐCS Gốm;HH;12/5/2023", head="Tên CĐCS;Cấp trên;Ngày thành lập"
    )
    answer = province("import", "unions", unions, "-f", "json")
    assert (answer.json["new"], answer.json["repeated"]) == (1, [3])
    assert "Line 3: Same as line 2; recorded once." in answer.err


@pytest.mark.parametrize("quote", ["", '"'])
def test_files_put_together_have_their_heading_twice(province: Ucli, tmp_path: Path, quote: str) -> None:
    head = f"\ufeff{quote}Họ và tên{quote};Công đoàn cơ sở;Ngày kết nạp"
    file = table(tmp_path, "Tạ Thị Mẫu;MAY;12/5/2024", head, "Kiều Thị Ví;MAY;12/5/2024", head=head)
    answer = province("import", "members", file, "-f", "json")
    assert (answer.json["new"], answer.json["between"]) == (2, [3])


def test_what_nobody_sees_is_nothing_on_the_command_line(province: Ucli, ucli: Ucli) -> None:
    province(
        "add-union", "CĐCS\u200b Gốm\ufe0f Thử", "--parent", "HH\ufeff", "--founded", "1/1/2020", "--code", "GOM\u2060"
    )
    typed = ("--union", "GOM", "--admitted", "1/2/2024", "--card", "\u200e0021")
    province("add-member", "Tạ Thị\u00ad Mẫu", *typed)
    assert ("Tạ Thị Mẫu", "0021") in members(province)
    assert [it["name"] for it in province("members", "--name", "Tạ\u200b Thị", "-f", "json").json] == ["Tạ Thị Mẫu"]
    assert ucli("add-union", "CĐCS Gốm Thử", "--parent", "HH", "--founded", "1/1/2020").code


def test_digits_that_were_guarded_are_text(province: Ucli, tmp_path: Path) -> None:
    head = f"{HEAD};Số CCCD;Số quyết định"
    rows = (
        'Tạ Thị Mẫu;MAY;12/5/2024;6/7/1988;"=""0021""";="034188000021";="007"',
        "Quách Văn Thử;MAY;12/5/2024;6/7/1989;'0022;;'008",
    )
    province("import", "members", table(tmp_path, *rows, head=head))
    kept = {it["name"]: (it["card"], it["id_number"], it["decision"]) for it in province("members", "-f", "json").json}
    assert kept["Tạ Thị Mẫu"] == ("0021", "***021", "007")
    assert kept["Quách Văn Thử"] == ("0022", None, "008")


@pytest.mark.parametrize(
    "lost", ["3,40189E+11", "3.4E+11", "TRUE", "Đúng", "sai", "21,5", "1234.5", "21.0", "0.333333"]
)
def test_digits_that_a_spreadsheet_lost_are_refused(ucli: Ucli, province: Ucli, tmp_path: Path, lost: str) -> None:
    before = members(province)
    for heading in ("Số thẻ", "Số CCCD"):
        file = table(tmp_path, f"Tạ Thị Mẫu;MAY;12/5/2024;{lost}", head=f"Họ và tên;CĐCS;Ngày kết nạp;{heading}")
        answer = ucli("import", "members", file, expect=4)
        assert "Line 2: The column of" in answer.err
        assert "Its digits are lost" in answer.err
    assert members(province) == before


@pytest.mark.parametrize("card", ["TB.12/34", "034.188.001", "12E5", "0050", "01.02", "34567890123456789012"])
def test_a_card_number_is_kept_as_it_is_typed(province: Ucli, tmp_path: Path, card: str) -> None:
    answer = province("import", "members", table(tmp_path, f"Tạ Thị Mẫu;MAY;12/5/2024;;{card}"))
    assert "Warning" not in answer.err
    assert ("Tạ Thị Mẫu", card) in members(province)


@pytest.mark.parametrize("value", [34567890123456789012, 1234567890123456, 21.5])
def test_a_card_in_a_cell_of_numbers_that_cannot_hold_it_is_refused(
    ucli: Ucli, province: Ucli, tmp_path: Path, value: float
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(";"))
        sheet.write_row(1, 0, ["Tạ Thị Mẫu", "MAY", "12/5/2024", "", value])
    assert "Its digits are lost" in ucli("import", "members", path, expect=4).err


DAMAGED = [
    ("T¹ V¨n Kú", "TCVN3", "Tạ Văn Kỳ"),
    ("NguyÔn ThÞ H\u00adng", "TCVN3", "Nguyễn Thị Hưng"),
    ("Nguyeãn Vaên Ñöùc", "VNI", "Nguyễn Văn Đức"),
    ("TRAÀN THÒ AÙNH", "VNI", "TRẦN THỊ ÁNH"),
    ("NguyêÞn Thiò Hoa", "1258", "Nguyễn Thị Hoa"),
    ("Kiá»\u0081u Thá»‹ Ngá»\u008d", "UTF-8", "Kiều Thị Ngọ"),
    ("Y BhÄƒm ÃŠban", "UTF-8", "Y Bhăm Êban"),
    ("L? Th? Nh?n", "lost", ""),
    ("Nguy\ufffdn Thị Hoa", "lost", ""),
]


@pytest.mark.parametrize(("name", "told", "meant"), DAMAGED)
def test_damaged_vietnamese_is_told_and_not_taken(
    ucli: Ucli, province: Ucli, tmp_path: Path, name: str, told: str, meant: str
) -> None:
    before = members(province)
    rows = ("Tạ Thị Mẫu;MAY;12/5/2024;6/7/1988;0021", f"{name};MAY;12/5/2024;6/7/1989;0022")
    answer = ucli("import", "members", table(tmp_path, *rows), expect=4)
    [line] = [it for it in answer.err.splitlines() if it.startswith("Line 3")]
    assert told in line
    assert meant in line
    assert members(province) == before
    unions = table(tmp_path, f"CĐCS;HH;12/5/2023;{name}", head="Tên CĐCS;Cấp trên;Ngày thành lập;Số quyết định")
    assert told in ucli("import", "unions", unions, expect=4).err


def test_headings_in_an_old_font_are_told(ucli: Ucli, province: Ucli, tmp_path: Path) -> None:
    assert province("units").code == 0
    for head, font in (
        ("Hä vµ tªn;C«ng ®oµn c¬ së;Ngµy kÕt n¹p", "TCVN3"),
        ("Hoï vaø teân;CÑCS;Ngaøy keát naïp", "VNI"),
    ):
        answer = ucli("import", "members", table(tmp_path, "Hoa;MAY;12/5/2024", head=f"DANH SACH\n{head}"), expect=4)
        assert font in answer.err


PEOPLES = """H'Lan Mlô|H’Lan Mlô|Y Bhăm Êban|Giàng A Sử|Sơn Thị Thươl|Ksor H'Blăm|Rơ Châm Pyơi|K'Brễu|Niê Y Krông|Êa Kao
Y Thịnh Ê-ban|A Lăng Bhước|Thạch Thị Sà Rây|Kim Rôl|Bríu Liếc|Kpă Thuêl|Rô Ô|Siu Blêt|Lò Thị Mỷ|Vừ A Dính|Đinh Thị Hrê
Nguyễn Thị Hoà|HOÀ|Tôn Nữ Huê|Nguyễn Thuỳ Giò|François Müller|José Peña|Zoë Chloé|Nguyễn – Trần|Bà “Năm”|Toàn|Quì Hoà"""


def test_names_of_all_peoples_give_no_doubt(province: Ucli, tmp_path: Path) -> None:
    names = PEOPLES.replace("\n", "|").split("|")
    rows = [f"{name};MAY;12/5/2024;6/7/{year};" for year, name in enumerate(names, 1960)]
    answer = province("import", "members", table(tmp_path, *rows))
    assert [line for line in answer.err.splitlines() if "Line" in line or "Warning" in line] == []
    assert {name for name, _card in members(province)} >= {*names}


OLD = [
    ("tcvn3", "Hä vµ tªn;C«ng ®oµn c¬ së;Ngµy kÕt n¹p", "NguyÔn ThÞ H\u00adng"),
    ("vni", "Hoï vaø teân;Coâng ñoaøn cô sôû;Ngaøy keát naïp", "Nguyeãn Thò Höng"),
    ("cp1258", "Hoò vaÌ tên;Công ðoaÌn cõ sõÒ;NgaÌy kêìt naòp", "NguyêÞn Thiò Hýng"),
]


@pytest.mark.parametrize("kept_as", ["utf-8", "latin-1", "xlsx"])
@pytest.mark.parametrize(("encoding", "head", "name"), OLD)
def test_a_table_in_an_old_encoding_is_read_when_it_is_named(
    ucli: Ucli, province: Ucli, tmp_path: Path, encoding: str, head: str, name: str, kept_as: str
) -> None:
    rows = (f"{name};MAY;12/5/2024", "Đỗ Thị Mỹ;MAY;12/5/2024")
    if kept_as == "xlsx":
        file = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate((head, *rows)):
                sheet.write_row(number, 0, row.split(";"))
    else:
        file = table(tmp_path, *(rows if kept_as == "utf-8" else rows[:1]), head=head, encoding=kept_as)
    assert ucli("import", "members", file).code == 4
    province("import", "members", file, "--encoding", encoding)
    named = {name for name, _card in members(province)}
    assert "Nguyễn Thị Hưng" in named
    assert ("Đỗ Thị Mỹ" in named) == (kept_as != "latin-1")


@pytest.mark.parametrize("name", ["T&#7841; Th&#7883; Thử", "T&agrave; Văn Thử", "T\\u1ea1 Thử", "T%E1%BA%A1 Thử"])
def test_letters_that_stand_as_codes_are_told_and_not_taken(
    ucli: Ucli, province: Ucli, tmp_path: Path, name: str
) -> None:
    before = members(province)
    rows = ("Tạ Thị Mẫu,MAY,12/5/2024", f"{name},MAY,12/5/2024")
    file = table(tmp_path, *rows, head="Họ và tên,Công đoàn cơ sở,Ngày kết nạp")
    assert "Line 3: Letters of a text are written as codes" in ucli("import", "members", file, expect=4).err
    assert members(province) == before


@pytest.mark.parametrize("name", ["T\u0430 Thị Mẫu", "\u041dồ Thử"])
def test_a_letter_of_another_alphabet_in_a_word_is_told(ucli: Ucli, province: Ucli, tmp_path: Path, name: str) -> None:
    file = table(tmp_path, f"{name};MAY;12/5/2024;;")
    answer = ucli("import", "members", file, expect=4)
    assert "Line 2: A word of Latin letters contains a letter of another alphabet" in answer.err


@pytest.mark.parametrize("nothing", ["nan", "NaN", "None", "NULL"])
def test_what_a_program_writes_for_an_empty_cell_is_no_name_and_no_card(
    ucli: Ucli, province: Ucli, tmp_path: Path, nothing: str
) -> None:
    for line in (f"{nothing};MAY;12/5/2024;;", f"Tạ Thị Mẫu;MAY;12/5/2024;;{nothing}"):
        assert "Line 2: " in ucli("import", "members", table(tmp_path, line), expect=4).err
