"""What ucli lists goes back in as it is, in every format and both languages: hedges, shares, groups, who left."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.conftest import After, Ucli
from tests.ledgers import dice_of, seeds

STRUCTURE = """
add-unit "LĐLĐ huyện Tiên Lữ" --kind district --code TL --founded 1/2/2000
add-unit "Công đoàn Viên chức tỉnh" --kind sector
add-unit "Công đoàn xã Ví Dụ" --kind ward --parent TL
add-union "CĐCS Xưởng Mẫu" --parent TL --founded 15/3/2024 --sector non-state --code XUONG
add-union "CĐCS Trạm Thử" --parent TL --founded 15/3/2024 --sector public --decision 3/QĐ
add-union "CĐCS Nhà Máy" --parent KX --founded 15/3/2024 --sector fdi
add-programme qua-tet --name "Quà của huyện"
merge-unit "Công đoàn xã Ví Dụ" --into TL --on 1/9/2024
"""
FACTS = """
add-member "Trần Thị Mẫu" --union MAY --admitted 20/4/2024 --sex nữ --born 2/3/1990 --card 0012 --decision 5/QĐ
add-member "Lê Văn Thử" --union MAY --admitted 20/4/2024 --transferred
add-member "Lê Văn Thử" --union MAY --admitted 21/4/2024
add-member "=Đỗ-Văn Ví" --union MAY --admitted 22/4/2024
add-member "Vũ Ví Dụ" --union MAY --admitted 22/4/2024 --born 5/6/1991
transfer-member "Vũ Ví Dụ" --to TRUONG --on 1/5/2024
add-member "Ngô Đã Nghỉ" --union MAY --admitted 23/4/2024
end-membership "Ngô Đã Nghỉ" --on 1/6/2024 --reason retired
add-union "CĐCS Mười Hai" --parent KX --founded 1/4/2024 --members 12 --code M12
add-payout --unit HH --programme shelter --amount "50 triệu" --form new-build --on 5/6/2024 --beneficiary "Vũ Thị Dụ"
add-payout --unit HH --programme shelter --amount "20 triệu" --form repair --on 5/6/2024 --member 0012
add-payout --unit KX --programme tet --in-kind 5.000.000 --recipients 40 --on 5/1/2024 --fund "Quỹ A" --decision 2024-06
add-payout --unit KX --programme tet --amount 1.000.000 --on 5/1/2024
add-payout --unit KX --programme tet --amount 1.000.000 --on 5/1/2024
add-payout --unit MAY --programme qua-tet --amount 900.000 --on 6/1/2024
add-figure news-items 12 --unit TL --period 2024 --with-predecessors --reason "Thiếu người" --received 5/1/2025
add-figure legal-advice 12 --unit TL --period 2024 --own-only --source "BC 1; 2"
set-target members-admitted 800 --unit HH --period 2024 --issuer "tỉnh Thái Bình" --decision 7/QĐ
set-target members-admitted 850 --unit HH --period 2024 --issuer KX
set-target news-items 2.000-2.500 --unit HH --period 2024 --profile 1,1,1,1,1,1,1,1,1,1,1,2
set-target news-items 60 --unit KX --period 2024
set-target news-items "ít nhất 70" --unit KX --period 2024 --effective 1/6/2024
set-target unions-founded "mỗi đơn vị ít nhất 1" --unit "tỉnh Thái Bình" --period 2024
set-target members-net-growth --unit KX --period 2023 -- "ít nhất -80"
"""
LISTS = ("members", "payouts", "figures", "targets")
OF_THE_LEDGER = {"number", "set_by", "replaced_by"}  # where a row was written


def stated(dice: Random) -> list[str]:
    """Return commands that state figures and set targets of all kinds, with hedges that are drawn."""
    values = {
        "news-items": ("{}7000", "{}0", "{}1.234.567"),
        "welfare-amount": ("{}96,4 tỷ", "{}1.500.000"),
        "agreement-coverage": ("{}50/56", "{}95%", "{}0,5%", "{}122,75%"),
        "average-wage": ("{}744.000.000/572",),
        "members-net-growth": ("-75", "{}30", "giảm 12"),
    }
    lines = []
    for indicator, texts in values.items():
        for month in range(1, 13):
            value = dice.choice(texts).format(dice.choice(("", "hơn ", "gần ", "khoảng ", "ước ", "ước gần ")))
            value = "không áp dụng" if dice.random() < 0.1 else value
            percent = f" --stated-percent '{dice.choice(('trên ', 'gần ', ''))}{dice.choice(('12,5', '0,7', '130'))}'"
            more = percent if "%" not in value and "áp" not in value and dice.random() < 0.3 else ""
            about = f"--unit {dice.choice(('HH', 'KX'))} --period 2024-{month:02d}"
            lines.append(f"add-figure {indicator} {about}{more} -- '{value}'")
    goals = {
        "news-items": ("{}7000", "2.000-2.500"),
        "welfare-amount": ("{}1 tỷ", "{}1.500.000 đồng"),
        "agreement-coverage": ("{}87,5%", "{}100%"),
        "work-stoppages": ("{}5", "{}0"),
    }
    for indicator, texts in goals.items():
        for month in range(1, 13):
            value = dice.choice(texts).format(dice.choice(("", "ít nhất ", "tối đa ", "vượt ")))
            lines.append(
                f"set-target {indicator} '{value}' --unit {dice.choice(('HH', 'KX'))} --period 2024-{month:02d}"
            )
    return lines


def listed(ucli: Ucli, kind: str, *words: object) -> list[dict[str, Any]]:
    rows = ucli(*words, kind, "-f", "json").json
    return [{key: it for key, it in row.items() if key not in OF_THE_LEDGER} for row in rows]


@pytest.mark.parametrize(
    ("file", "lang"), [("a.csv", "vi"), ("a.csv", "en"), ("a.tsv", "vi"), ("a.xlsx", "en"), ("excel.csv", "vi")]
)
@pytest.mark.parametrize("seed", seeds(1))
def test_every_list_goes_back_into_its_own_ledger_and_into_another(
    province_after: After, ok: Ucli, small_province: Path, tmp_path: Path, lang: str, file: str, seed: int
) -> None:
    province = province_after(STRUCTURE + FACTS + "\n".join(stated(dice_of(seed))))
    other = tmp_path / "other.db"
    other.write_bytes(small_province.read_bytes())
    (tmp_path / "structure.txt").write_text(STRUCTURE.strip(), encoding="utf-8")
    ok("--db", other, "batch", tmp_path / "structure.txt")
    excel = ["--excel"] if "excel" in file else []
    for kind in ("units", *LISTS):
        lines = tmp_path / f"{kind}-{file}"
        province(kind, "-o", lines, *excel, "--lang", lang)
        count = len(listed(province, kind))
        again = province("import", kind, lines, "-f", "json").json
        found = again["new"], again["changed"], again["unchanged"], again["doubtful"], again["wrong"]
        assert found == (0, 0, count, [], 0), kind
        # Units of which the ledger knows the founding members only without names are groups in the list of members.
        ok("--db", other, "import", kind, lines, "--yes")
        assert listed(ok, kind, "--db", other) == listed(province, kind), kind


def test_the_list_of_who_left_goes_back_in_and_admits_nobody(
    province_after: After, ok: Ucli, small_province: Path, tmp_path: Path
) -> None:
    province = province_after(STRUCTURE + FACTS)
    other, lines = tmp_path / "other.db", tmp_path / "left.csv"
    other.write_bytes(small_province.read_bytes())
    province("members", "--left", "-o", lines)
    assert province("import", "members", lines, "-f", "json").json["unchanged"] == 2
    before = ok("--db", other, "members", "-f", "json").out
    assert ok("--db", other, "import", "members", lines, "-f", "json").json["new"] == 2
    assert ok("--db", other, "members", "-f", "json").out == before


@pytest.mark.parametrize("file", ["u.csv", "u.xlsx"])
def test_a_list_of_unions_goes_back_in_as_unions(
    province: Ucli, ucli: Ucli, ok: Ucli, small_province: Path, tmp_path: Path, file: str
) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(small_province.read_bytes())
    province("add-union", "CĐCS Mới", "--parent", "KX", "--founded", "1/4/2024", "--sector", "fdi", "--code", "M12")
    province("units", "--kind", "union", "-o", tmp_path / file)
    assert province("import", "unions", tmp_path / file, "-f", "json").json["unchanged"] == 3
    assert ok("--db", other, "import", "unions", tmp_path / file, "-f", "json").json["new"] == 1
    assert listed(ok, "units", "--db", other) == listed(province, "units")
    province("units", "-o", tmp_path / f"all-{file}")
    assert "not a grassroots union" in ucli("import", "unions", tmp_path / f"all-{file}", expect=4).err


def test_id_numbers_that_a_list_shows_in_part_are_told_and_not_taken(
    province: Ucli, ok: Ucli, small_province: Path, tmp_path: Path
) -> None:
    card = (
        "add-member",
        "Lê Thử",
        "--union",
        "MAY",
        "--admitted",
        "1/4/2024",
        "--born",
        "1/1/1990",
        "--id-number",
        "-",
    )
    province(*card, stdin="034090000101\n")
    province("members", "-o", tmp_path / "a.csv")
    answer = province("import", "members", tmp_path / "a.csv", "-f", "json")
    assert (answer.json["new"], answer.json["unchanged"]) == (0, 1)
    assert "only their last digits shown are not read" in answer.err
    other = tmp_path / "other.db"
    other.write_bytes(small_province.read_bytes())
    ok("--db", other, "import", "members", tmp_path / "a.csv")
    assert ok("--db", other, "members", "-f", "json").json[0]["id_number"] is None
    province("members", "-o", tmp_path / "b.csv", "--reveal", "--reason", "thử")
    ok("--db", other, "undo")
    ok("--db", other, "import", "members", tmp_path / "b.csv")
    assert ok("--db", other, "members", "-f", "json").json[0]["id_number"] == "***101"


def test_whose_data_was_erased_is_counted_once_when_the_list_comes_back(province: Ucli, tmp_path: Path) -> None:
    province("add-member", "Lê Thử", "--union", "MAY", "--admitted", "1/4/2024")
    province("erase-member", "Lê Thử", "--confirm", "Lê Thử")
    province("members", "-o", tmp_path / "a.csv")
    answer = province("import", "members", tmp_path / "a.csv", "-f", "json").json
    assert (answer["new"], answer["unchanged"]) == (0, 1)


def test_a_group_without_names_of_another_size_is_no_new_one(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province(
        "add-union", "CĐCS Mười Hai", "--parent", "KX", "--founded", "1/4/2024", "--members", "12", "--code", "M12"
    )
    province("members", "-o", tmp_path / "a.csv")
    province("end-membership", "no:1", "--members", "2", "--on", "1/5/2024", "--reason", "retired")
    assert "of 10" in ucli("import", "members", tmp_path / "a.csv", expect=4).err


def test_targets_that_were_revised_are_not_set_again_from_their_history(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    for value in ("60", "70"):
        province("set-target", "news-items", value, "--unit", "KX", "--period", "2024")
    province("targets", "--history", "-o", tmp_path / "a.csv")
    assert "this target was revised since" in ucli("import", "targets", tmp_path / "a.csv", expect=4).err
    again = province("import", "targets", tmp_path / "a.csv", "--accept-valid", "-f", "json").json
    assert (again["changed"], again["unchanged"]) == (0, 1)


def test_a_heading_that_is_what_an_indicator_is_called_in_narrow_tables_is_that_indicator(
    province: Ucli, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Đơn vị;Kỳ;Lượt tư vấn pháp luật;Agreement coverage\nHH;2024;5;3/4\n", "utf-8")
    province("import", "figures", file)
    found = {it["indicator"] for it in province("figures", "-f", "json").json}
    assert found == {"legal-advice", "agreement-coverage"}
