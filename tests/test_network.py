"""ucli reaches for no network, whatever it is asked: no address is looked up and no socket is made."""

import subprocess
import sys
from pathlib import Path

COMMANDS = """\
add-unit 'LĐLĐ huyện Hưng Hà' --kind district --code HH
add-union 'CĐCS May' --parent HH --founded 2023-05-10 --members 12 --code MAY
add-member 'Trần Thị Mẫu' --union MAY --admitted 2024-03-01
add-figure news-items 5 --unit HH --period 2024
set-target news-items 10 --unit HH --period 2024
import members a.csv
report --period 2024
report --province --period 2024 -f json
movement --period 2024
members --reveal --reason 'hồ sơ'
export-member 2 -o a.json
check
undo
"""
OTHERS = (
    ["backup", "b.db"],
    ["restore", "b.db", "--yes"],
    ["doctor"],
    ["erase-member", "2", "--confirm", "Trần Thị Mẫu"],
    ["retention", "--years", "1"],
    ["log"],
    ["--version"],
    ["report", "--help"],
)
CODE = """\
import sys

def refuse(event, _arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")):
        print(event, file=sys.stderr)
        raise SystemExit(99)

sys.addaudithook(refuse)
from ucli.cli.run import run

for words in [["init", "--office", "LĐLĐ tỉnh Thái Bình"], ["batch", "commands.txt"], *eval(sys.argv[1])]:
    if code := run(words):
        sys.exit(code)
"""


def test_no_command_reaches_for_the_network(tmp_path: Path) -> None:
    table = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp\nLê Văn Thử;MAY;5/6/2024\n"
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    (tmp_path / "commands.txt").write_text(COMMANDS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CODE, repr(list(OTHERS))], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_hook_that_watches_for_it_sees_it() -> None:
    code = CODE.split("from ucli", maxsplit=1)[0] + "import socket\nsocket.socket()\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (99, "socket.__new__\n")
