"""Where a ledger lies: network drives are told from the disks of the machine."""

from pathlib import Path

import pytest

from ucli.ledger.files import network_file_system

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//may-chu/chung /mnt/chung cifs rw 0 0
may-chu:/so /mnt/so\\040chung nfs4 rw 0 0
/dev/sdb1 /mnt/chung/o-rieng ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/a/so.db", None),
        ("/mnt/chung/so.db", "cifs"),
        ("/mnt/so chung/2024/so.db", "nfs4"),
        ("/mnt/chung/o-rieng/so.db", None),
        ("/mnt/chungkhac/so.db", None),
    ],
)
def test_a_network_drive_is_told_by_what_is_mounted(tmp_path: Path, place: str, kind: str | None) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert network_file_system(Path(place), mounts) == kind


def test_where_nothing_says_what_is_mounted_nothing_is_claimed(tmp_path: Path) -> None:
    assert network_file_system(Path("/mnt/chung/so.db"), tmp_path / "none") is None
