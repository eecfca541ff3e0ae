"""Bundles: what a district counts is taken as a whole, undone, refused where it is old, listed where it differs."""

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import dumped
from tests.exchange.conftest import DISTRICTS, FACTS, Office, Sent, Split


def row(office: Office, indicator: str, *words: str) -> dict[str, object]:
    report = office("report", "--period", "2024", "--indicator", indicator, *words, "-f", "json").json
    found: dict[str, object] = report["rows"][0]
    return found


def test_a_bundle_taken_again_changes_nothing(sent: Sent) -> None:
    province, _district, bundle = sent
    before = dumped(province.path)
    assert "Nothing to change" in province("import-bundle", bundle).err
    assert dumped(province.path) == before
    assert province("check").code == 0


def test_the_same_state_makes_the_same_bytes(sent: Sent) -> None:
    _province, district, bundle = sent
    district("export-bundle", "-o", bundle.with_name("again.zip"))
    assert bundle.with_name("again.zip").read_bytes() == bundle.read_bytes()


def test_a_fund_is_known_by_the_bundles_that_name_it(sent: Sent) -> None:
    province, district, bundle = sent
    district("add-payout", "--unit", "M1", "--programme", "visit", "--amount", "1tr", "--on", "2024-07-01",
             "--fund", "Quỹ Mái ấm")  # fmt: skip
    district("export-bundle", "-o", bundle, "--force")
    province("import-bundle", bundle)
    assert row(province, "welfare-amount", "--fund", "mái ấm")["actual"] == 1_000_000
    assert "No payout is from a fund" in province("report", "--period", "2024", "--fund", "nào khác", expect=3).err


def test_what_no_other_ledger_would_take_is_not_handed_on(sent: Sent, tmp_path: Path) -> None:
    _province, district, _bundle = sent
    district("add-payout", "--unit", "M1", "--programme", "visit", "--amount", "1tr", "--on", "2024-07-01",
             "--fund", "=Quỹ")  # fmt: skip
    assert "“=Quỹ” cannot be exported" in district("export-bundle", "-o", tmp_path / "x.zip", expect=4).err
    district("undo")
    district("export-bundle", "-o", tmp_path / "x.zip")
    district("add-unit", "+ CĐ xã", "--kind", "ward", "--parent", "HH", "--code", "CX")
    assert "cannot be exported" in district("export-bundle", "-o", tmp_path / "y.zip", expect=4).err
    assert "cannot be exported" in district("export-structure", "--unit", "HH", "-o", tmp_path / "y.zip", expect=4).err


def test_nothing_of_persons_is_in_a_bundle(sent: Sent, tmp_path: Path) -> None:
    _province, district, _bundle = sent
    district("add-payout", "--unit", "M1", "--programme", "visit", "--amount", "1tr", "--on", "2024-07-01",
             "--beneficiary", "Lê Văn Kín", "--note", "ghi chú kín", "--actor", "Người Ghi")  # fmt: skip
    district("export-bundle", "-o", tmp_path / "x.zip", "--level", "union", "--grain", "day")
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        text = "".join(opened.read(it).decode() for it in opened.namelist())
    assert not [it for it in ("Nguyễn Thử", "Lê Văn Kín", "ghi chú kín", "Người Ghi", "root@") if it in text]


def test_import_and_undo_is_what_was_before(sent: Sent) -> None:
    province, district, bundle = sent
    assert row(province, "members-admitted", "--unit", "HH")["actual"] == 1
    asked = ("report", "--period", "2024", "--by", "district", "-f", "json")
    before, known = province(*asked).out, province("log", "--head").out.partition(":")[0].strip()
    district("add-member", "Trần Thử", "--union", "M2", "--admitted", "2024-05-06")
    district("void-figure", "1")
    district("export-bundle", "-o", bundle, "--force")
    province("import-bundle", bundle)
    assert row(province, "members-admitted", "--unit", "HH")["actual"] == 2
    assert row(province, "news-items", "--unit", "HH")["actual"] is None
    assert province(*asked, "--as-known", known).out == before
    province("undo")
    assert province(*asked).out == before
    province("redo")
    assert row(province, "members-admitted", "--unit", "HH")["actual"] == 2
    assert "No findings" in province("check").out + province("check").err


def test_an_explanation_says_whose_bundle_a_number_came_with(sent: Sent) -> None:
    province, _district, _bundle = sent
    taken = province("origins", "-f", "json").json[0]["taken_by"]
    for indicator in ("members-admitted", "news-items", "members-total"):
        said = province("explain", indicator, "--unit", "HH", "--period", "2024")
        assert f"from the bundle of {DISTRICTS['HH']}, operation {taken}" in said.out


def test_a_period_that_cuts_a_month_says_what_it_leaves_out(sent: Sent) -> None:
    province, district, bundle = sent
    asked = ("report", "--period", "2024-05-03..2024-05-20", "--by", "district")
    assert f"are left out: bundles of {DISTRICTS['HH']}" in province(*asked).out
    assert "are left out" not in province("report", "--period", "2024-05").out
    district("export-bundle", "-o", bundle, "--force", "--grain", "day")
    province("import-bundle", bundle)
    assert "are left out" not in province(*asked).out
    assert row(province, "members-admitted", "--unit", "HH")["actual"] == 1


def test_an_older_bundle_is_refused(sent: Sent, tmp_path: Path) -> None:
    province, district, bundle = sent
    older = tmp_path / "older.zip"
    older.write_bytes(bundle.read_bytes())
    district("add-member", "Trần Thử", "--union", "M2", "--admitted", "2024-05-06")
    district("export-bundle", "-o", bundle, "--force")
    province("import-bundle", bundle)
    before = dumped(province.path)
    assert "older" in province("import-bundle", older, expect=5).err
    # All or none: the newer one with it is not taken either.
    district("add-member", "Trần Thử Hai", "--union", "M2", "--admitted", "2024-05-07")
    assert dumped(province.path) == before
    province("import-bundle", older, "--accept-restored")
    assert row(province, "members-admitted", "--unit", "HH")["actual"] == 1


def test_a_restored_backup_is_noticed(sent: Sent, tmp_path: Path) -> None:
    province, district, bundle = sent
    district("undo")
    copy = district.copied(tmp_path / "copy.db")
    district("add-member", "Trần Thử", "--union", "M2", "--admitted", "2024-05-06")
    district("export-bundle", "-o", bundle, "--force")
    province("import-bundle", bundle)
    copy("add-member", "Trần Thử Khác", "--union", "M2", "--admitted", "2024-05-06")
    copy("add-member", "Trần Thử Khác Nữa", "--union", "M2", "--admitted", "2024-05-06")
    copy("export-bundle", "-o", bundle, "--force", "--key", district.key)
    assert "does not continue" in province("import-bundle", bundle, expect=5).err
    province("import-bundle", bundle, "--accept-restored")
    assert row(province, "members-admitted", "--unit", "HH")["actual"] == 3


def test_what_is_stated_here_stays_and_is_told(split: Split) -> None:
    split.province("add-figure", "news-items", "7", "--unit", "HH", "--period", "2024")
    split.districts["HH"].typed(FACTS)
    [bundle] = split.send(among="HH")
    assert row(split.province, "news-items", "--unit", "HH")["actual"] == 7
    said = split.province("import-bundle", bundle, "--dry-run", "-f", "json")
    assert said.json["conflicts"] == [{"kind": "stated-here", "what": "HH news-items 2024"}]
    assert "also stated here" in said.err


def test_what_is_recorded_here_and_sent_is_refused(split: Split) -> None:
    split.province("add-payout", "--unit", "M1", "--programme", "tet", "--amount", "5tr", "--on", "2024-06-20")
    split.districts["HH"].typed(FACTS)
    district = split.districts["HH"]
    district("export-bundle", "-o", bundle := district.path.with_suffix(".zip"))
    split.province("add-origin", DISTRICTS["HH"], "--unit", "HH", "--key", f"{district.key}.pub")
    before = dumped(split.province.path)
    assert "record of these days is here too" in split.province("import-bundle", bundle, expect=5).err
    assert dumped(split.province.path) == before


def test_what_is_not_known_here_is_listed(split: Split) -> None:
    district = split.districts["HH"]
    district.typed("""
        add-unit "CĐ xã Mới" --kind ward --parent HH --code MOI
        add-union "CĐCS Mới" --parent HH --founded 2024-03-05 --members 12 --code M9
        add-union "CĐCS Mới Hai" --parent MOI --founded 2024-03-05 --members 9 --code M8
        add-programme sua-xe --name "Sửa xe"
        add-payout --unit HH --programme sua-xe --amount 1000000 --on 2024-03-04
        add-indicator chi-khac --name "Khác" --measure "suất"
        add-figure chi-khac 4 --unit HH --period 2024
        rename-unit XA "CĐ xã Hưng Mới" --on 2024-06-01
        add-payout --unit XA --programme tet --amount 1000000 --on 2024-03-04
    """)
    [bundle] = split.send(among="HH")
    answer = split.province("import-bundle", bundle, "--dry-run", "-f", "json")
    assert "then import the bundle again" in answer.err
    said = answer.json
    assert {(it["kind"], it["what"].split()[0]) for it in said["conflicts"]} == {
        ("unknown-unit", "MOI"),
        ("unknown-programme", "sua-xe"),
        ("unknown-indicator", "chi-khac"),
    }
    # A union that is not known counts in the unit above it.
    assert row(split.province, "members-admitted", "--unit", "HH")["actual"] == 12
    split.province("add-unit", "CĐ xã mới", "--kind", "ward", "--parent", "HH", "--code", "W9")
    said = split.province("import-bundle", bundle, "--map", "MOI=W9", "-f", "json").json
    assert "unknown-unit" not in {it["kind"] for it in said["conflicts"]}
    assert row(split.province, "members-admitted", "--unit", "HH")["actual"] == 21


def test_a_closed_period_takes_no_bundle_that_changes_it(sent: Sent) -> None:
    province, district, bundle = sent
    province("close-period", "2024", "--unit", "HH")
    district("add-member", "Trần Thử", "--union", "M2", "--admitted", "2024-05-06")
    district("export-bundle", "-o", bundle, "--force")
    assert "reopen-period" in province("import-bundle", bundle, expect=5).err


def test_origins_tell_who_sent_what_and_who_is_late(sent: Sent) -> None:
    province, district, _bundle = sent
    province("add-origin", DISTRICTS["KX"], "--unit", "KX", "--key", _new_key(district))
    rows = {it["unit"]: it for it in province("origins", "--due", "2024-12-31", "-f", "json").json}
    assert rows["HH"]["standing"] == "on-time"
    assert rows["HH"]["up_to"] == int(district("log", "--head").out.partition(":")[0])
    assert rows["KX"]["standing"] == "silent"
    rows = {it["unit"]: it for it in province("origins", "--due", "2199-12-31", "-f", "json").json}
    assert rows["HH"]["standing"] == "late"
    # Where no day is asked about nobody is in time, or late.
    rows = {it["unit"]: it for it in province("origins", "-f", "json").json}
    assert (rows["HH"]["standing"], rows["KX"]["standing"]) == (None, "silent")


def test_a_report_names_who_has_not_sent_to_its_last_day(sent: Sent) -> None:
    province, district, _bundle = sent
    assert province("report", "--period", "2024", "-f", "json").json["unsent"] == []
    province("add-origin", DISTRICTS["KX"], "--unit", "KX", "--key", _new_key(district))
    assert province("report", "--period", "2024", "-f", "json").json["unsent"] == [DISTRICTS["KX"]]
    foot = f"No bundle up to the end of the period yet: {DISTRICTS['KX']}."
    assert foot in province("report", "--period", "2024").out
    assert "No bundle" not in province("report", "--period", "2024", "--unit", "HH").out


def _new_key(office: Office) -> Path:
    key = office.path.with_name("other.key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    return Path(f"{key}.pub")


def test_an_origin_that_ended_sends_nothing_more(sent: Sent) -> None:
    province, _district, bundle = sent
    province("end-origin", DISTRICTS["HH"])
    assert "have not been accepted since" in province("import-bundle", bundle, expect=5).err
    assert row(province, "members-admitted", "--unit", "HH")["actual"] == 1
    province("undo")
    province("end-origin", DISTRICTS["HH"], "--drop")
    assert row(province, "members-admitted", "--unit", "HH")["actual"] in (None, 0)
    province("add-origin", DISTRICTS["HH"], "--unit", "HH", "--key", f"{_district.key}.pub", "--since", "2199-01-01")
    assert "is valid from" in province("import-bundle", bundle, expect=5).err


def test_doctor_says_whether_bundles_can_be_signed(
    split: Split, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    facts = split.province("doctor", "-f", "json").json["facts"]
    assert facts["signing"].endswith("ssh-keygen")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert split.province("doctor", "-f", "json").json["facts"]["signing"] is None


def test_without_ssh_keygen_nothing_is_signed(sent: Sent, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    province, district, bundle = sent
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "openssh" in district("export-bundle", "-o", tmp_path / "x.zip", expect=5).err
    assert not (tmp_path / "x.zip").exists()
    assert "openssh" in province("import-bundle", bundle, expect=5).err


def test_a_structure_taken_twice_changes_nothing_and_lists_what_differs(
    split: Split, tmp_path: Path, office: Callable[[str], Office]
) -> None:
    district, file = split.districts["HH"], tmp_path / "s.zip"
    split.province("export-structure", "--unit", "HH", "-o", file)
    assert "Nothing to change" in district("import-structure", file).err
    assert district("targets", "-f", "json").json[0]["target"] == 60
    split.province("rename-unit", "XA", "CĐ xã Hưng Mới", "--on", "2024-06-01")
    split.province("set-target", "members-admitted", "90", "--unit", "HH", "--period", "2024")
    split.province("add-unit", "CĐ xã Bên", "--kind", "ward", "--parent", "HH", "--code", "BEN")
    split.province("export-structure", "--unit", "HH", "-o", file, "--force")
    assert "XA CĐ xã Hưng Mới" in district("import-structure", file).err
    assert [it["target"] for it in district("targets", "-f", "json").json] == [90]
    assert {"BEN", "XA"} <= {it["code"] for it in district("units", "-f", "json").json}
    district("import-structure", file, "--replace")
    assert "CĐ xã Hưng Mới" in {it["name"] for it in district("units", "-f", "json").json}
    new = office("new")
    new("init")
    new("import-structure", file)
    assert new("doctor", "-f", "json").code == 0
    assert new("report", "--period", "2024", "-f", "json").json["unit"]["code"] == "HH"
    assert new("check").code == 0
