"""A full disk, a file or folder that may not be written: said, with exit code 7, and nothing is lost."""

import os
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Count
from tests.faults.ledgers import (
    IS_LONG,
    UCLI,
    amount,
    chance,
    checked,
    copied,
    environment,
    last,
    long_form,
    state,
    ucli,
    within,
)

# The disk is mounted where no other process sees it, and gone with the process.
OWN_MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"]
ON_A_SMALL_DISK = """
set -u
mount -t tmpfs -o size=$1k,mode=700 tmpfs "$2/disk" && cp "$2/before.db" "$2/disk/so.db" || exit 99
shift
folder=$1; shift
"$@" 2> "$folder/said"; code=$?
rm -f "$folder"/disk/answer.csv
cp "$folder"/disk/so.db* "$folder/after/"
ls -A "$folder/disk" > "$folder/left"
exit $code
"""


def can_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run([*OWN_MOUNTS, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    return tried.returncode == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the files that some commands read."""
    folder = tmp_path_factory.mktemp("disk")
    members = "\n".join(f"Người Thử {number};MAY;1/6/2024" for number in range(1500))
    (folder / "members.csv").write_text(f"Họ và tên;CĐCS;Ngày kết nạp\n{members}\n", encoding="utf-8")
    lines = "\n".join(f'add-member "Người Theo Lô {it}" --union MAY --admitted 2024-06-01' for it in range(30))
    (folder / "lines.txt").write_text(lines, encoding="utf-8")
    return folder


WRITES = {
    "import": "import members {folder}/members.csv",
    "batch": "batch {folder}/lines.txt",
    "batch --atomic": "batch --atomic {folder}/lines.txt",
    "add-member": "add-member Mới --union MAY --admitted 2024-06-01",
}


@pytest.mark.skipif(not can_mount(), reason="this system lets nobody mount a small disk")
def test_on_a_full_disk_nothing_is_half_written(before: Path, folder: Path, tmp_path: Path, count: Count) -> None:
    (tmp_path / "disk").mkdir()
    shutil.copy(before, tmp_path / "before.db")
    size = before.stat().st_size // 1024
    for name in WRITES if IS_LONG else ("import",):
        words = WRITES[name].format(folder=folder).split()
        undisturbed = copied(before, tmp_path / "undisturbed")
        assert ucli(undisturbed, *words).code == 0
        for turn in range(amount("FULL_DISKS", 1, 15)):
            after = tmp_path / "after"
            shutil.rmtree(after, ignore_errors=True)
            after.mkdir()
            room = chance("disk", name, turn).randrange(8, 700)
            done = subprocess.run(
                [*OWN_MOUNTS, "bash", "-c", ON_A_SMALL_DISK, "-", str(size + room), str(tmp_path), *UCLI, *words],
                env=environment(tmp_path / "disk" / "so.db"),
                check=False,
            )
            said = (tmp_path / "said").read_text(encoding="utf-8")
            assert done.returncode in (0, 7), said
            assert "Traceback" not in said
            assert "Check the rights" not in said
            check = checked(after / "so.db")
            assert check.code == 0, check
            found, model = state(after / "so.db"), (state(before), state(undisturbed))
            if name == "batch":
                assert last(found) - last(model[0]) == said.count("undo it with")
            else:
                assert found == model[done.returncode == 0]
            left = {it.partition("so.db")[0] for it in (tmp_path / "left").read_text().split()}
            assert left <= {"", "backups"}  # what was copied before an import stays
            count(
                f"full disk: {'there was room enough' if done.returncode == 0 else 'refused, nothing half written'}", 1
            )


IMPORTS_ON_A_SMALL_DISK = """
mount -t tmpfs -o size=$1k,mode=700 tmpfs "$2/disk" && cp "$2/before.db" "$2/disk/so.db" && cd "$2" || exit 99
shift 2
for turn in 1 2 3; do
  "$@" import members $turn.csv || exit 98
  ls disk/backups >> listed
  echo . >> listed
done
"$@" backup disk/a.db; echo $?
"$@" restore $(ls disk/backups/* | head -n 1) --yes; echo $?
"$@" members -f json | grep -c Thử
"""


@pytest.mark.skipif(not can_mount(), reason="this system lets nobody mount a small disk")
@pytest.mark.parametrize(("copies", "kept"), [(1, [1, 1, 1]), (2, [1, 2, 2])])
def test_automatic_backups_leave_room_and_say_so_where_none_can_be_made(
    before: Path, tmp_path: Path, copies: int, kept: list[int]
) -> None:
    (tmp_path / "disk").mkdir()
    shutil.copy(before, tmp_path / "before.db")
    for turn in (1, 2, 3):
        table = f"Họ và tên;CĐCS;Ngày kết nạp\nNgười Thử {turn};MAY;1/6/2024\n"
        (tmp_path / f"{turn}.csv").write_text(table, encoding="utf-8")
    size = int(before.stat().st_size * (copies + 1.7)) // 1024
    done = subprocess.run(
        [*OWN_MOUNTS, "bash", "-c", IMPORTS_ON_A_SMALL_DISK, "-", str(size), str(tmp_path), *UCLI],
        env=environment(tmp_path / "disk" / "so.db"),
        capture_output=True,
        text=True,
        check=False,
    )
    listed = (tmp_path / "listed").read_text().split(".\n")[:3]
    assert [len(it.split()) for it in listed] == kept, done
    assert done.stdout.split() == ["7", "7", "3"], done
    assert done.stderr.count("The import continues without") == (2 if copies == 1 else 0)
    assert done.stderr.count("There is no room for the backup") == (3 if copies == 1 else 1)
    assert done.stderr.count("There is no room left for the ledger") == 1


@long_form
@pytest.mark.skipif(not can_mount(), reason="this system lets nobody mount a small disk")
def test_on_a_full_disk_an_answer_is_whole_or_not_there(before: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "after").mkdir()
    shutil.copy(before, tmp_path / "before.db")
    for room in (12, 600):
        words = ["indicators", "-f", "json", "-o", str(tmp_path / "disk" / "answer.csv")]
        size = str(before.stat().st_size // 1024 + room)
        done = subprocess.run(
            [*OWN_MOUNTS, "bash", "-c", ON_A_SMALL_DISK, "-", size, str(tmp_path), *UCLI, *words],
            env=environment(tmp_path / "disk" / "so.db"),
            check=False,
        )
        assert done.returncode == (4 if room == 12 else 0), (tmp_path / "said").read_text(encoding="utf-8")
        assert not [it for it in (tmp_path / "left").read_text().split() if not it.startswith("so.db")]


@pytest.mark.parametrize("kilobytes", [20, 100])
def test_a_file_that_may_grow_no_further_is_said_to_be_so_and_not_to_be_damaged(
    before: Path, folder: Path, tmp_path: Path, kilobytes: int
) -> None:
    """As with a quota that is used up: nobody is to restore a backup over a ledger that is whole."""
    ledger = copied(before, tmp_path)
    words = shlex.split(WRITES["import"].format(folder=folder))
    done = ucli(ledger, *words, prefix=within(f"-f {kilobytes}"))
    assert done.code == 7, done
    require_named(done.err)
    assert state(ledger) == state(before)


def require_named(said: str) -> None:
    what, why, instead = said.splitlines()
    assert "cannot be written" in what or "could not be read or written" in what
    assert "SQLite: " in why
    assert "estore" not in instead


@pytest.mark.parametrize("words", ["init --office A", "restore {} --yes"])
def test_a_ledger_that_cannot_be_made_for_its_size_is_said_to_be_so(before: Path, tmp_path: Path, words: str) -> None:
    ledger, line = tmp_path / "new.db", words.format(copied(before, tmp_path))
    done = ucli(ledger, *line.split(), prefix=within("-f 20"))
    assert done.code == 7, done
    require_named(done.err)
    assert not ledger.exists()


def test_a_restore_that_finds_no_room_leaves_the_ledger_where_it_is(before: Path, tmp_path: Path) -> None:
    ledger = copied(before, tmp_path)
    for kilobytes in (8, 64, 300):
        done = ucli(ledger, "restore", str(before), "--yes", prefix=within(f"-f {kilobytes}"))
        assert done.code == 7, done
        assert "damaged" not in done.err
        assert state(ledger) == state(before)
    assert [it for it in tmp_path.rglob("*") if it.is_file() and it.name.partition("-")[0] != "so.db"] == []


WITHOUT_PRIVILEGE = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)
AS_A_USER = WITHOUT_PRIVILEGE if os.geteuid() == 0 else ()


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "place"
    place.mkdir()
    yield place
    place.chmod(0o700)


@long_form
@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere")
@pytest.mark.parametrize(
    ("mode", "folder_mode"), [(0o400, 0o700), (0o600, 0o500), (0o400, 0o500)], ids=["file", "folder", "both"]
)
def test_what_may_not_be_written_is_read_and_left_as_it_is(
    before: Path, folder: Path, restored: Path, mode: int, folder_mode: int
) -> None:
    ledger = copied(before, restored)
    ledger.chmod(mode)
    restored.chmod(folder_mode)
    words = WRITES["import"].format(folder=folder).split()
    refused = ucli(ledger, *words, prefix=AS_A_USER)
    assert refused.code == 7, refused
    assert len(refused.err.splitlines()) == 3
    for question in (("report", "-f", "json"), ("members",), ("log",), ("check",)):
        read = ucli(ledger, *question, prefix=AS_A_USER)
        # The ledger holds something worth a look, and `check` says so.
        assert (read.code, "Traceback" in read.err) == (4 if question == ("check",) else 0, False), read
    restored.chmod(0o700)
    assert state(ledger) == state(before)


@pytest.mark.skipif(not can_mount(), reason="this system lets nobody mount a disk that is read only")
def test_what_a_killed_program_wrote_by_half_is_not_read_from_a_disk_where_it_cannot_be_taken_back(
    before: Path, tmp_path: Path
) -> None:
    ledger, disk = copied(before, tmp_path), tmp_path / "disk"
    disk.mkdir()
    with closing(sqlite3.connect(ledger, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        shutil.copy(ledger, disk / "whole.db")
        db.execute("PRAGMA cache_size = 2")
        db.execute("BEGIN")
        db.execute("UPDATE indicator_entry SET name_vi = 'half written'")
        for suffix in ("", "-journal"):
            shutil.copy(f"{ledger}{suffix}", f"{disk}/half.db{suffix}")
    mounted = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && shift && "$@"'
    prefix = (*OWN_MOUNTS, "bash", "-c", mounted, str(disk), "")
    assert ucli(disk / "whole.db", "indicators", prefix=prefix).code == 0
    refused = ucli(disk / "half.db", "indicators", prefix=prefix)
    assert (refused.code, refused.out) == (7, "")
    assert "SQLite: " in refused.err
