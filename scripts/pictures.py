"""Make the pictures of docs/gallery.md: run its commands in a folder of their own and take a picture of each output.

python scripts/pictures.py   needs a Chromium for pages, LibreOffice and poppler for documents and workbooks

A picture stands below the block of commands whose last one it shows. An .svg is what that command prints on a
terminal, a .png the file that it writes: its first sheet of paper, or the one that the picture names.
"""

import fcntl
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import termios
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).parent.parent
GALLERY = ROOT / "docs" / "gallery.md"
STEP = re.compile(
    r"```console\n(?P<commands>.*?)```|!\[(?P<says>[^]]*)\]\((?P<file>pictures/[^) ]+)(?: \"(?P<page>[^\"]+)\")?\)",
    re.DOTALL,
)
COLUMNS = 120
PAGE_SIZE, PHONE = "1200,800", "500,1000"  # a window is no narrower without a head
DOTS_PER_INCH = "84"
# As rich's own, without a font from the network and a window's frame.
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<style>
.{unique_id}-matrix {{ font: {char_height}px Consolas, Menlo, "Liberation Mono", monospace; white-space: pre; }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="{width}" height="{height}" rx="8" fill="#ffffff" stroke="#d0d7de"/>
<g transform="translate(9, 24)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
THEME = TerminalTheme(
    background=(255, 255, 255),
    foreground=(31, 35, 40),
    normal=[
        *((31, 35, 40), (190, 40, 50), (20, 120, 50), (140, 95, 0)),
        *((10, 90, 200), (120, 60, 170), (0, 115, 130), (90, 96, 104)),
    ],
)


def main() -> int:
    with TemporaryDirectory() as folder:
        cwd = Path(folder)
        (cwd / "examples").symlink_to(ROOT / "examples")
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": folder,
            "UCLI_DB": "so.db",
            "UCLI_LANG": "vi",
            "COLUMNS": str(COLUMNS),
            "TERM": "xterm-256color",
        }
        last = ""
        for step in STEP.finditer(GALLERY.read_text(encoding="utf-8")):
            if step["commands"]:
                last = _run(step["commands"], cwd, environment)
                continue
            picture = GALLERY.parent / step["file"]
            picture.parent.mkdir(exist_ok=True)
            if step["page"]:
                _of_server(last, step["page"], picture, cwd, environment)
            elif picture.suffix == ".svg":
                picture.write_text(_of_terminal(last, cwd, environment), encoding="utf-8")
            else:
                _of_file(cwd / re.findall(r"(?:-o|--output) (\S+)", last)[-1], picture)
            print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes")
    return 0


def _run(block: str, cwd: Path, environment: dict[str, str]) -> str:
    """Run the commands of a block; return the last one."""
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    for command in commands:
        if not command.startswith("ucli serve"):  # which goes on until a picture of it is taken
            subprocess.run(["bash", "-c", command], cwd=cwd, env=environment, capture_output=True, check=True)
    return commands[-1]


def _of_terminal(command: str, cwd: Path, environment: dict[str, str]) -> str:
    """Return as SVG what a command prints on a terminal, below the command itself."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
    with subprocess.Popen(shlex.split(command), cwd=cwd, env=environment, stdin=slave, stdout=slave, stderr=slave):
        os.close(slave)
        printed = b"".join(iter(lambda: _read(master), b""))
    os.close(master)
    console = Console(record=True, width=COLUMNS, file=StringIO(), color_system="truecolor")
    console.print(Text(f"$ {command}", style="bold"))
    console.print(Text.from_ansi(printed.decode().replace("\r\n", "\n").rstrip()))
    return console.export_svg(theme=THEME, code_format=SVG, unique_id="t")


def _read(master: int) -> bytes:
    """Read from the terminal; where the command has ended, Linux reports an error."""
    try:
        return os.read(master, 65_536)
    except OSError:
        return b""


def _of_file(file: Path, picture: Path) -> None:
    """Take a picture of a file: of a page in a browser, of anything else a sheet of paper."""
    if file.suffix == ".html":
        _of_page(file.as_uri(), picture)
        return
    convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(file.parent), str(file)]
    subprocess.run(convert, capture_output=True, check=True, env={**os.environ, "HOME": str(file.parent)})
    sheet = picture.stem.partition("-")[2] or "1"
    paper = ["pdftoppm", "-png", "-singlefile", "-r", DOTS_PER_INCH, "-f", sheet]
    subprocess.run([*paper, file.with_suffix(".pdf"), picture.with_suffix("")], capture_output=True, check=True)


def _of_server(command: str, page: str, picture: Path, cwd: Path, environment: dict[str, str]) -> None:
    """Take a picture of a page of a server that a command starts, for which the token in its first address is taken."""
    words = [*shlex.split(command), "--port", "0"]
    with subprocess.Popen(words, cwd=cwd, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout  # noqa: S101  a pipe was asked for
        address, _mark, token = server.stdout.readline().strip().partition("/?")
        _of_page(f"{address}{page}&{token}", picture)
        server.terminate()


def _of_page(address: str, picture: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or "google-chrome"
    size = PHONE if picture.stem.endswith("-phone") else PAGE_SIZE
    words = [browser, "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={size}"]
    subprocess.run([*words, f"--screenshot={picture}", address], capture_output=True, check=True)


if __name__ == "__main__":
    sys.exit(main())
