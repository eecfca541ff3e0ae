"""Units come in from tables, those above others in any row; members who left come in by whatever says who they are."""

from pathlib import Path

import pytest

from tests.conftest import Ucli, dumped, table

UNITS = "Tên đơn vị;Loại đơn vị;Đơn vị cấp trên;Mã;Ngày thành lập"
ROWS = (
    "CĐCS Xưởng Mẫu;CĐCS;Xã Ví Dụ;XUONG;15/3/2024",
    "Công đoàn xã Ví Dụ;xã;LĐLĐ huyện Tiên Lữ;XVD;",
    "LĐLĐ huyện Tiên Lữ;huyện;;TL;",
    "CĐCS thành viên Tổ Thử;union;XUONG;TO;16/3/2024",
)
LEFT = "Họ và tên;CĐCS;Ngày sinh;Số thẻ;Số CCCD;Ngày thôi sinh hoạt;Lý do"


def parents(ucli: Ucli) -> dict[str, str]:
    return {it["code"]: it["parent"] for it in ucli("units", "-f", "json").json}


def test_units_stand_under_units_of_the_same_table_in_any_order(province: Ucli, tmp_path: Path) -> None:
    before = province("units", "-f", "json").out
    file = table(tmp_path / "a.csv", UNITS, *ROWS)
    assert province("import", "units", file, "--dry-run", "-f", "json").json["new"] == 4
    assert province("units", "-f", "json").out == before
    assert province("import", "units", file, "-f", "json").json["new"] == 4
    found = parents(province)
    assert (found["XUONG"], found["XVD"]) == ("Công đoàn xã Ví Dụ", "LĐLĐ huyện Tiên Lữ")
    assert (found["TL"], found["TO"]) == ("LĐLĐ tỉnh Thái Bình", "CĐCS Xưởng Mẫu")
    again = province("import", "units", file, "-f", "json").json
    assert (again["new"], again["unchanged"], again["doubtful"], again["operation"]) == (0, 4, [], None)
    province("undo")
    assert province("units", "-f", "json").out == before


def test_wrong_kinds_circles_and_unknown_parents_are_told_by_line(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    wrong = (
        "Một;sao Hỏa;HH;A1;",
        "Hai;huyện;Không Có;A2;",
        "CĐCS Ba;CĐCS;CĐCS Bốn;;",
        "CĐCS Bốn;CĐCS;CĐCS Ba;;",
        "CĐCS Năm;CĐCS;CĐCS Năm;;",
        "Sáu;huyện;MAY;A6;",
        ";huyện;HH;A7;",
    )
    file = table(tmp_path / "a.csv", UNITS, *ROWS, *wrong)
    before = province("units", "-f", "json").out
    refused = ucli("import", "units", file, "-f", "json", expect=4)
    assert sorted(it["line"] for it in refused.json["faults"]) == [*range(6, 13)]
    assert province("units", "-f", "json").out == before
    assert "The kinds are: confederation" in refused.err
    assert refused.err.count("form a circle") == 3
    answer = province("import", "units", file, "--accept-valid", "--wrong", tmp_path / "w.csv", "-f", "json").json
    assert (answer["new"], answer["wrong"]) == (4, 7)
    assert len((tmp_path / "w.csv").read_text(encoding="utf-8").splitlines()) == 8


def test_what_a_table_of_units_says_otherwise_of_one_that_is_there_is_told(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    other = table(tmp_path / "a.csv", UNITS, "LĐLĐ huyện Hưng Hà;xã;KX;HH;5/5/2005")
    answer = province("import", "units", other, "-f", "json")
    assert (answer.json["unchanged"], answer.json["doubtful"]) == (1, [2])
    assert "a different kind, unit above it, day of founding; the ledger is not changed" in answer.err
    for row, told in (
        ("LĐLĐ huyện Khác;huyện;;HH;", "The code HH belongs to another unit"),
        ("CĐCS May Hưng Hà;CĐCS;HH;MAY;1/1/2001", "founded on 10/05/2023"),
    ):
        refused = ucli("import", "units", table(tmp_path / "b.csv", UNITS, row), expect=4)
        assert f"Line 2: {told}" in refused.err or told in refused.err


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("file", ["u.csv", "u.xlsx", "u-excel.csv", "tree.xlsx"])
def test_lists_of_units_go_back_in_as_they_are(ok: Ucli, province: Ucli, tmp_path: Path, lang: str, file: str) -> None:
    province("import", "units", table(tmp_path / "a.csv", UNITS, *ROWS))
    options = {"u-excel.csv": ["--excel"], "tree.xlsx": ["--tree"]}.get(file, [])
    province("units", "-o", tmp_path / file, *options, "--lang", lang)
    again = province("import", "units", tmp_path / file, "-f", "json")
    assert (again.json["new"], again.json["unchanged"], again.json["doubtful"]) == (0, 9, [])
    listed = province("units", "-f", "json").json
    other = ("--db", tmp_path / "other.db")
    ok(*other, "init", "--office", "LĐLĐ tỉnh Thái Bình")
    ok(*other, "import", "units", tmp_path / file)
    assert ok(*other, "units", "-f", "json").json == listed


def test_who_left_is_known_by_number_card_or_name(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh;Số thẻ;Số CCCD"
    names = ("Lê Thử", "Trần Mẫu", "Vũ Ví Dụ", "Đỗ Kỳ", "Ngô Văn Tạ", "Ngô Văn Tạ")
    rows = [f"{it};MAY;1/3/2024;{n}/5/1980;T{n};03408000000{n}" for n, it in enumerate(names, start=1)]
    province("import", "members", table(tmp_path / "m.csv", head, *rows))
    gone = [
        ";;;;034080000001;1/6/2024;nghỉ hưu",
        ";;;T2;;2/6/2024;Chấm dứt HĐLĐ",
        "vu vi du;MAY;;;;3/6/2024;chuyển công tác (từ 3/6/2024)",
        "Đỗ Kỳ;;4/5/1980;;;4/6/2024;chết",
        "Ngô Văn Tạ;MAY;5/5/1980;;;5/6/2024;xin ra",
    ]
    file = table(tmp_path / "d.csv", LEFT, *gone)
    assert province("import", "departures", file, "--dry-run", "-f", "json").json["new"] == 5
    before = province("members", "-f", "json").out
    assert province("import", "departures", file, "-f", "json").json["new"] == 5
    told = {it["name"]: (it["left"], it["left_by"]) for it in province("members", "--left", "-f", "json").json}
    assert told == {
        "Lê Thử": ("2024-06-01", "retired"),
        "Trần Mẫu": ("2024-06-02", "left-work"),
        "Vũ Ví Dụ": ("2024-06-03", "moved-away"),
        "Đỗ Kỳ": ("2024-06-04", "died"),
        "Ngô Văn Tạ": ("2024-06-05", "resigned"),
    }
    again = province("import", "departures", file, "-f", "json").json
    assert (again["new"], again["unchanged"], again["operation"]) == (0, 5, None)
    province("undo")
    assert province("members", "-f", "json").out == before


def test_reasons_are_read_as_offices_write_them(province: Ucli, tmp_path: Path) -> None:
    reasons = {
        "retired": ("Nghỉ hưu", "hưu trí", "Nghỉ hưu theo chế độ", "đã nghỉ hưu (từ 1/6/2024)", "nghỉ hưu trước tuổi"),
        "left-work": ("thôi việc", "Chấm dứt HĐLĐ trước thời hạn", "Hết hợp đồng", "nghỉ việc do sức khỏe"),
        "moved-away": ("chuyển công tác", "Chuyển công tác về Hà Nội", "chuyển đi"),
        "resigned": ("xin ra", "Xin ra khỏi công đoàn"),
        "expelled": ("khai trừ",),
        "died": ("chết", "Từ trần", "mất do tai nạn"),
        "transfer": ("chuyển sinh hoạt",),
    }
    wanted = [(code, text) for code, texts in reasons.items() for text in texts]
    names = [f"Người Thứ {chr(65 + place)}" for place in range(len(wanted))]
    head = "Họ và tên;CĐCS;Ngày kết nạp"
    province("import", "members", table(tmp_path / "m.csv", head, *[f"{it};MAY;1/3/2024" for it in names]))
    rows = [f"{name};MAY;;;;1/6/2024;{text}" for name, (_code, text) in zip(names, wanted, strict=True)]
    province("import", "departures", table(tmp_path / "d.csv", LEFT, *rows))
    told = {it["name"]: it["left_by"] for it in province("members", "--left", "-f", "json").json}
    assert told == {name: code for name, (code, _text) in zip(names, wanted, strict=True)}


def test_kinds_are_read_as_offices_write_them(province: Ucli, tmp_path: Path) -> None:
    kinds = {
        "district": ("huyện", "LĐLĐ huyện", "Cấp huyện", "Quận", "district", "Thị xã"),
        "ward": ("xã", "Công đoàn xã", "phường", "ward or commune"),
        "sector": ("ngành", "Công đoàn ngành"),
        "zone": ("KCN", "Công đoàn khu công nghiệp"),
        "union": ("CĐCS", "Công đoàn cơ sở", "nghiệp đoàn", "grassroots union"),
    }
    wanted = [(code, text) for code, texts in kinds.items() for text in texts]
    rows = [f"Đơn vị {chr(65 + place)};{text};;X{place};" for place, (_code, text) in enumerate(wanted)]
    province("import", "units", table(tmp_path / "a.csv", UNITS, *rows))
    told = {it["code"]: it["kind"] for it in province("units", "-f", "json").json}
    assert {f"X{place}": code for place, (code, _text) in enumerate(wanted)}.items() <= told.items()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Lê Thử;;;;;1/6/2024;nghỉ hưu", "give an ID or card number"),
        ("Lê Thứ;MAY;;;;1/6/2024;nghỉ hưu", "another name"),
        ("Lê Thử;TRUONG;;;;1/6/2024;nghỉ hưu", "another grassroots union"),
        ("Lê Thử;;2/2/1982;;;1/6/2024;nghỉ hưu", "another birth date"),
        ("Trần Mẫu;;1/1/1981;T1;;1/6/2024;nghỉ hưu", "another"),
        ("Không Ai;MAY;;;;1/6/2024;nghỉ hưu", "There is no member"),
        ("Trần Mẫu;MAY;;;;1/6/2024;nghỉ hưu", "2 members are meant"),
        ("Lê Thử;MAY;;;;1/6/2024;đi chơi", "none of: nghỉ hưu, thôi việc"),
        ("Lê Thử;MAY;;;;1/6/2024;", "no reason is given"),
        ("Lê Thử;MAY;;;;;nghỉ hưu", "but no day"),
        ("Lê Thử;MAY;;;;1/3/2024;nghỉ hưu", "cannot have left by then"),
        ("Lê Thử;MAY;;;;1/6/2999;nghỉ hưu", "in the future"),
    ],
)
def test_a_departure_that_means_nobody_surely_is_a_wrong_row(
    province: Ucli, ucli: Ucli, tmp_path: Path, row: str, told: str
) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh;Số thẻ"
    rows = ("Lê Thử;MAY;1/3/2024;1/1/1980;T1", "Trần Mẫu;MAY;1/3/2024;2/1/1980;T2", "Trần Mẫu;MAY;1/3/2024;3/1/1980;T3")
    province("import", "members", table(tmp_path / "m.csv", head, *rows))
    before = province("members", "-f", "json").out
    said = ucli("import", "departures", table(tmp_path / "d.csv", LEFT, row), expect=4).err
    assert "Line 2:" in said
    assert told in said
    assert province("members", "-f", "json").out == before


def test_a_status_says_who_left_and_a_reference_is_read_as_of_a_command(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp;Tình trạng;Ngày giảm"
    rows = ["Lê Thử;MAY;1/3/2024;Đang sinh hoạt;", "Trần Mẫu;MAY;1/3/2024;Đã nghỉ hưu;1/6/2024"]
    file = table(tmp_path / "m.csv", head, *rows, "Vũ Ví Dụ;MAY;1/3/2024;đã chuyển công tác;")
    assert "Line 4" in ucli("import", "members", file, expect=4).err
    province("import", "members", table(tmp_path / "m.csv", head, *rows))
    [living] = [it for it in province("members", "-f", "json").json if it["name"]]
    assert living["name"] == "Lê Thử"
    gone = table(tmp_path / "d.csv", "member;day;reason", f"no:{living['number']};2/6/2024;died")
    province("import", "departures", gone)
    assert {it["left_by"] for it in province("members", "--left", "-f", "json").json} == {"retired", "died"}


def test_departures_in_a_closed_period_are_refused_by_line(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("add-member", "Lê Thử", "--union", "MAY", "--admitted", "1/3/2024")
    province("close-period", "2024", "--as-of", "31/12/2024")
    refused = ucli("import", "departures", table(tmp_path / "d.csv", LEFT, "Lê Thử;MAY;;;;1/6/2024;từ trần"), expect=5)
    assert "Line 2" in refused.err


def test_who_left_before_or_twice_is_told(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp"
    province("import", "members", table(tmp_path / "m.csv", head, "Lê Thử;MAY;1/3/2024"))
    row = "Lê Thử;MAY;;;;1/6/2024;nghỉ hưu"
    twice = ucli("import", "departures", table(tmp_path / "d.csv", LEFT, row, row), expect=4).err
    assert "Line 3: This member is already in line 2." in twice
    province("import", "departures", table(tmp_path / "d.csv", LEFT, row))
    other = province("import", "departures", table(tmp_path / "d.csv", LEFT, row.replace("nghỉ hưu", "từ trần")))
    assert "Line 2: Already in the ledger, with a different reason" in other.err
    later = ucli("import", "departures", table(tmp_path / "d.csv", LEFT, row.replace("1/6", "2/6")), expect=4)
    assert "left on 01/06/2024" in later.err


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_templates_of_units_and_departures_go_back_in_filled(province: Ucli, tmp_path: Path, form: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    province("add-member", "Lê Thử", "--union", "MAY", "--admitted", "1/3/2024")
    filled = {
        "units": {"Tên đơn vị": "LĐLĐ huyện Tiên Lữ", "Loại đơn vị": "huyện", "Mã": "TL"},
        "departures": {
            "Họ và tên": "Lê Thử",
            "Công đoàn cơ sở": "MAY",
            "Ngày thôi sinh hoạt": "1/6/2024",
            "Lý do": "nghỉ hưu",
        },
    }
    for kind, said in filled.items():
        file = tmp_path / f"{kind}.{form}"
        province("template", kind, "-o", file)
        if form == "csv":
            head = file.read_text(encoding="utf-8-sig").strip().split(";")
            table(file, ";".join(head), ";".join(said.get(it.rstrip(" *"), "") for it in head))
        else:
            book = openpyxl.load_workbook(file)
            heads = [cell.value for cell in book.worksheets[0][1]]
            for place, it in enumerate(heads, start=1):
                book.worksheets[0].cell(2, place).value = said.get(it.rstrip(" *"))
            book.save(file)
        assert province("import", kind, file, "-f", "json").json["new"] == 1


def test_a_list_of_members_that_says_who_left_is_read_in_one_go(province: Ucli, tmp_path: Path) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh;Ngày nghỉ hưu;Ngày giảm;Lý do giảm"
    rows = [
        "Lê Thử;MAY;1/3/2024;1/1/1960;1/6/2024;;",
        "Trần Mẫu;MAY;1/3/2024;2/1/1980;;;",
        "Vũ Ví Dụ;MAY;1/3/2024;3/1/1980;;2/6/2024;Thôi việc",
    ]
    file = table(tmp_path / "a.csv", head, *rows)
    assert province("import", "members", file, "-f", "json").json["new"] == 3
    assert [it["name"] for it in province("members", "-f", "json").json if it["name"]] == ["Trần Mẫu"]
    told = {it["name"]: (it["left"], it["left_by"]) for it in province("members", "--left", "-f", "json").json}
    assert told == {"Lê Thử": ("2024-06-01", "retired"), "Vũ Ví Dụ": ("2024-06-02", "left-work")}
    again = province("import", "members", file, "-f", "json").json
    assert (again["new"], again["unchanged"], again["operation"]) == (0, 3, None)
    # Of somebody who is there the list says later that he left.
    table(file, head, *rows[:1], "Trần Mẫu;MAY;1/3/2024;2/1/1980;;3/6/2024;từ trần", *rows[2:])
    answer = province("import", "members", file, "-f", "json").json
    assert (answer["new"], answer["changed"], answer["unchanged"]) == (0, 1, 2)
    assert not any(it["name"] for it in province("members", "-f", "json").json)
    province("undo")
    province("undo")
    assert not province("members", "--left", "-f", "json").json


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Lê Thử;MAY;1/3/2024;;1/6/2024;", "no reason is given"),
        ("Lê Thử;MAY;1/3/2024;;;nghỉ hưu", "but no day"),
        ("Lê Thử;MAY;1/3/2024;1/6/2024;1/6/2024;từ trần", "two reasons"),
        ("Lê Thử;MAY;1/3/2024;1/6/2024;2/6/2024;nghỉ hưu", "two days"),
        ("Lê Thử;MAY;1/3/2024;1/3/2024;;", "not after the day of admission"),
        ("Lê Thử;MAY;1/3/2024;2024;;", "Line 2"),
        ("Lê Thử;MAY;1/3/2024;;1/6/2024;đi chơi", "none of: nghỉ hưu"),
    ],
)
def test_whose_leaving_cannot_be_read_is_never_admitted(
    province: Ucli, ucli: Ucli, tmp_path: Path, row: str, told: str
) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp;Ngày nghỉ hưu;Ngày thôi sinh hoạt;Lý do"
    file = table(tmp_path / "a.csv", head, row)
    said = ucli("import", "members", file, expect=4)
    assert told in said.err
    assert "--map" not in said.err
    province("import", "members", file, "--accept-valid")
    assert not any(it["name"] for it in province("members", "-f", "json").json)


@pytest.mark.parametrize("turned", [False, True])
def test_a_list_with_two_spells_of_a_person_is_one_person(province: Ucli, tmp_path: Path, *, turned: bool) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh;Số thẻ;Ngày thôi sinh hoạt;Lý do"
    rows = ["Lê Thử;MAY;1/3/2024;1/1/1980;T1;1/6/2024;thôi việc", "Lê Thử;MAY;1/9/2024;1/1/1980;T1;;"]
    file = table(tmp_path / "a.csv", head, *(rows[::-1] if turned else rows))
    assert province("import", "members", file, "-f", "json").json["new"] == 2
    assert len([line for line in dumped(tmp_path / "so.db") if line.startswith('INSERT INTO "person" ')]) == 1
    again = province("import", "members", file, "-f", "json").json
    assert (again["new"], again["unchanged"], again["doubtful"]) == (0, 2, [])
    assert province("check").code == 0


def test_who_left_a_union_before_it_ended_left_it_then(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("end-union", "MAY", "--on", "1/9/2024", "--reason", "dissolved")
    head = "Họ và tên;CĐCS;Ngày kết nạp;Ngày thôi sinh hoạt;Lý do"
    file = table(tmp_path / "a.csv", head, "Lê Thử;MAY;1/3/2024;1/6/2024;nghỉ hưu")
    province("import", "members", file)
    [left] = [it for it in province("members", "--left", "-f", "json").json if it["name"]]
    assert (left["left"], left["left_by"]) == ("2024-06-01", "retired")
    late = table(tmp_path / "b.csv", head, "Vũ Ví Dụ;MAY;1/3/2024;1/10/2024;nghỉ hưu")
    assert "was closed on 01/09/2024" in ucli("import", "members", late, expect=4).err
