"""The table of commands: under which panel of the help each stands, in which module it lives, what help says of it.

The help of ucli itself is printed from it, and a call loads the one module it names: loading them all takes as long
as everything else together.
"""

from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    panel: str
    module: str
    says: str
    title: str  # of a file that is handed in
    examples: list[str]  # that run as they stand


_ROWS = (Path(__file__).parent / "commands.tsv").read_text(encoding="utf-8").splitlines()[1:]
COMMANDS = {
    name: Entry(panel, module, says, title, examples)
    for panel, name, module, says, title, *examples in (row.split("\t") for row in _ROWS)
}
