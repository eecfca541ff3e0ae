"""The commands: the panel of the help each stands under, the module it lives in, the sentence that help says of it.

The help of ucli itself is printed from this table, and a call loads the one module it names: loading them all
takes as long as everything else together.
"""

from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    panel: str
    module: str
    says: str
    title: str  # of a file that is handed in


_ROWS = (Path(__file__).parent / "commands.tsv").read_text(encoding="utf-8").splitlines()[1:]
COMMANDS = {name: Entry(panel, *others) for panel, name, *others in (row.split("\t") for row in _ROWS)}
