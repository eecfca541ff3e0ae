"""What a stranger, or a broken line, makes of a bundle is refused, and nothing of it is written."""

import io
import json
import struct
import subprocess
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.conftest import dumped
from tests.exchange.conftest import Sent

Parts = dict[str, bytes]
Spoil = Callable[[Parts], object]


def parts_of(bundle: Path) -> Parts:
    with zipfile.ZipFile(bundle) as opened:
        return {it: opened.read(it) for it in opened.namelist()}


def zipped(parts: Parts) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            opened.writestr(name, data)
    return made.getvalue()


def signed(parts: Parts, key: Path, about: dict[str, object] | None = None) -> bytes:
    """Make a bundle of changed parts anew, as its own office would: only what it says can be wrong."""
    manifest = json.loads(parts["datapackage.json"])
    manifest["ucli"] |= about or {}
    for it in manifest["resources"]:
        data = parts[it["path"]]
        it |= {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}"}
    raw = json.dumps(manifest).encode()
    call = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", "ucli-bundle"]
    signature = subprocess.run(call, input=raw, capture_output=True, check=True).stdout
    return zipped({**parts, "datapackage.json": raw, "datapackage.json.sig": signature})


def refused(exported: Sent, data: bytes, *codes: int) -> str:
    """Let the province take a bundle that it refuses; return what it says."""
    province, _district, bundle = exported
    bundle.write_bytes(data)
    before = dumped(province.path)
    answer = province.ucli("--db", province.path, "import-bundle", bundle)
    assert answer.code in (codes or (4,)), answer
    assert "Traceback" not in answer.err
    assert dumped(province.path) == before
    return answer.err


def test_a_bundle_signed_with_another_key_is_refused(exported: Sent, tmp_path: Path) -> None:
    _province, district, bundle = exported
    key = tmp_path / "-other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    district("export-bundle", "-o", bundle, "--force", "--key", key)
    assert "not signed with the key" in refused(exported, bundle.read_bytes())


# Of a member in a zip's directory what stands before its flags.
_ENTRY = b"PK\x01\x02\x14\x03\x14\x00"
ZIPS: dict[str, Callable[[bytes, Parts], bytes]] = {
    "empty": lambda _data, _parts: b"",
    "no zip": lambda _data, _parts: b"PK" * 5000,
    "cut": lambda data, _parts: data[:-100],
    "a part cut": lambda _data, parts: zipped({**parts, "sums.csv": parts["sums.csv"][:-20]}),
    "a part changed": lambda _data, parts: zipped(
        {**parts, "sums.csv": parts["sums.csv"].replace(b"5000000", b"9000000")}
    ),
    "the manifest changed": lambda _data, parts: zipped(
        {**parts, "datapackage.json": parts["datapackage.json"].replace(b'"operation"', b'"Operation"')}
    ),
    "no signature": lambda _data, parts: zipped({**parts, "datapackage.json.sig": b""}),
    "a part more": lambda _data, parts: zipped({**parts, "x.csv": b"a"}),
    "a part less": lambda _data, parts: zipped({it: data for it, data in parts.items() if it != "seals.csv"}),
    "a path": lambda _data, parts: zipped(
        {"../sums.csv" if it == "sums.csv" else it: data for it, data in parts.items()}
    ),
    "a name with NUL": lambda data, _parts: data.replace(b"sums.csv", b"sum\0.csv"),
    "a comment": lambda data, _parts: data[:-2] + struct.pack("<H", 4) + b"more",
    "a byte changed": lambda data, _parts: data[:300] + bytes([data[300] ^ 1]) + data[301:],
    "encrypted": lambda data, _parts: data.replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    ),
}


@pytest.mark.parametrize("kind", ZIPS)
def test_a_damaged_bundle_is_refused(exported: Sent, kind: str) -> None:
    data = exported.bundle.read_bytes()
    refused(exported, ZIPS[kind](data, parts_of(exported.bundle)))


def test_a_bundle_with_one_part_twice_is_refused(exported: Sent) -> None:
    parts, made = parts_of(exported.bundle), io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name in [*parts][1:]:
            opened.writestr(name, parts[name])
        with pytest.warns(UserWarning, match="Duplicate"):
            opened.writestr("sums.csv", parts["sums.csv"])
    refused(exported, made.getvalue())


def test_a_bundle_with_a_link_is_refused(exported: Sent) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, data in parts_of(exported.bundle).items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o120777 if name == "sums.csv" else 0o100600) << 16
            opened.writestr(info, data)
    refused(exported, made.getvalue())


def test_a_bundle_that_would_grow_too_large_is_refused_unread(exported: Sent) -> None:
    parts, made = parts_of(exported.bundle), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            with opened.open(name, "w") as part:
                for _ in range(600 if name == "sums.csv" else 0):
                    part.write(bytes(1 << 20))
                part.write(data)
    refused(exported, made.getvalue())
    # The directory says less than there is.
    bomb = {**parts, "datapackage.json": b" " * (3 << 20)}
    data = zipped(bomb).replace(struct.pack("<I", 3 << 20), struct.pack("<I", 1000))
    refused(exported, data)


SAYS: dict[str, Spoil] = {
    "a huge number": lambda it: change(it, "sums.csv", b",5000000,", b",%d," % 10**30),
    "a number with a point": lambda it: change(it, "sums.csv", b",5000000,", b",5e6,"),
    "a number with a space": lambda it: change(it, "sums.csv", b",5000000,", b", 5,"),
    "no day": lambda it: change(it, "sums.csv", b"2024-06-30", b"2024-06-31"),
    "a day in letters": lambda it: change(it, "sums.csv", b"2024-06-30", "２０２４-06-30".encode()),
    "days turned": lambda it: change(it, "sums.csv", b"2024-06-01", b"2024-07-01"),
    "a register more": lambda it: change(it, "sums.csv", b"payouts", b"person"),
    "a reason more": lambda it: change(it, "sums.csv", b"admissions,,", b"departures,x,"),
    "a cell more": lambda it: change(it, "sums.csv", b",5000000,", b",5000000,1,"),
    "an open quotation": lambda it: change(it, "sums.csv", b"payouts", b'"payouts'),
    "other columns": lambda it: change(it, "sums.csv", b"unit,register", b"register,unit"),
    "NUL": lambda it: change(it, "awards.csv", "Cờ".encode(), b"C\0"),
    "a formula": lambda it: change(it, "awards.csv", "Cờ".encode(), b"=1+1"),
    "not NFC": lambda it: change(it, "awards.csv", "Cờ".encode(), normalize("NFD", "Cờ").encode()),
    "turned letters": lambda it: change(it, "awards.csv", "Cờ".encode(), "C\u202eờ".encode()),
    "not UTF-8": lambda it: change(it, "awards.csv", "Cờ".encode(), b"C\xff"),
    "a title without end": lambda it: change(it, "awards.csv", "Cờ".encode(), b"C" * 301),
    "a figure below nothing": lambda it: change(it, "figures.csv", b"stated,5,", b"stated,-5,"),
    "a figure of another kind": lambda it: change(it, "figures.csv", b"stated,5,", b"secret,5,"),
    "a hedge more": lambda it: change(it, "figures.csv", b"stated,5,,,,", b"stated,5,,,rather,"),
    "no table at all": lambda it: it.update({"sums.csv": b""}),
}


def change(parts: Parts, name: str, old: bytes, new: bytes) -> None:
    assert old in parts[name], parts[name]
    parts[name] = parts[name].replace(old, new, 1)


@pytest.mark.parametrize("kind", SAYS)
def test_what_an_office_itself_signed_is_held_to_what_may_be(exported: Sent, kind: str) -> None:
    parts = parts_of(exported.bundle)
    SAYS[kind](parts)
    refused(exported, signed(parts, exported.district.key))


@pytest.mark.parametrize(
    "about",
    [{"operation": "1"}, {"operation": 10**400}, {"until": "x"}, {"grain": "hour"}, {"ledger": None}, {"seal": "\0"}],
    ids=str,
)
def test_a_manifest_that_says_something_else_is_refused(exported: Sent, about: dict[str, object]) -> None:
    refused(exported, signed(parts_of(exported.bundle), exported.district.key, about))


def test_ten_thousand_unknown_units_are_refused(exported: Sent) -> None:
    parts = parts_of(exported.bundle)
    rows = "".join(f"{n},X{n},Xã {n},ward,0001-01-01,9999-12-31\n" for n in range(1000, 11_000))
    parts["units.csv"] += rows.encode()
    assert "10.000" in refused(exported, signed(parts, exported.district.key), 5)


@pytest.mark.parametrize("name", ["-x", "", "a\nb"])
def test_an_origin_has_a_name_that_is_none_of_an_option(exported: Sent, name: str) -> None:
    province, district, _bundle = exported
    before = dumped(province.path)
    words = ("add-origin", name, "--unit", "KX", "--key", f"{district.key}.pub")
    assert province.ucli("--db", province.path, *words).code in (2, 4, 5)
    assert dumped(province.path) == before


def test_a_private_key_is_no_key_of_an_origin(exported: Sent) -> None:
    province, district, _bundle = exported
    said = province("add-origin", "Tên Khác", "--unit", "KX", "--key", district.key, expect=4).err
    assert ".pub" in said


LARGE = 10**18 - 1


@pytest.mark.parametrize(
    "about",
    [{"recorded": {"a": 1}}, {"recorded": None}, {"recorded": 5}, {"operation": True}, {"operation": -1},
     {"until": "0001-01-01"}, {"recorded": ["x"]}, {"until": "9999-12-31"}],
    ids=str,
)  # fmt: skip
def test_a_manifest_is_held_to_what_it_may_say(exported: Sent, about: dict[str, object]) -> None:
    refused(exported, signed(parts_of(exported.bundle), exported.district.key, about))


def test_sums_too_large_together_are_refused(exported: Sent) -> None:
    parts = parts_of(exported.bundle)
    lines = parts["sums.csv"].decode().splitlines()
    of = next(it for it in lines if ",payouts," in it).split(",")
    of[6:9] = [str(LARGE), str(LARGE), "0"]
    parts["sums.csv"] = ("\n".join([*lines, *[",".join(of)] * 20]) + "\n").encode()
    refused(exported, signed(parts, exported.district.key))


def test_sums_too_large_on_several_days_break_no_report(exported: Sent) -> None:
    province, district, bundle = exported
    parts = parts_of(bundle)
    lines = parts["sums.csv"].decode().splitlines()
    of = next(it for it in lines if ",payouts," in it).split(",")
    for month in range(1, 13):
        of[3], of[4], of[5] = f"2023-{month:02}-01", f"2023-{month:02}-28", f"2023-{month:02}-28"
        of[6:9] = [str(LARGE), str(LARGE), "0"]
        lines.append(",".join(of))
    parts["sums.csv"] = ("\n".join(lines) + "\n").encode()
    bundle.write_bytes(signed(parts, district.key))
    answer = province.ucli("--db", province.path, "import-bundle", bundle)
    assert answer.code in (0, 4), answer
    for command in (["report", "--period", "2023"], ["check"], ["report", "--period", "2023", "--by", "month"]):
        answer = province.ucli("--db", province.path, *command)
        assert answer.code in (0, 4), answer
