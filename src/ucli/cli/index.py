"""The tables of commands and of options: what may be typed, and what help says of it.

Of a command: under which panel of the help it stands and in which module it lives. The help of ucli itself is printed
from it, and a call loads the one module it names: loading them all takes as long as everything else together.

Of an option or argument: how it is typed, and what reads its text. A parameter of a command's body is declared by its
name alone; what a name means to some commands only is a row of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    panel: str
    module: str
    says: str
    title: str  # of a file that is handed in
    examples: list[str]  # that run as they stand


class Option(NamedTuple):
    typed: str  # its names, if it has any, and what stands for its value, unless it is a switch
    reader: str  # a function of `values`, a choice; one whose name begins with _ is of the command's own module
    help: str

    @property
    def names(self) -> list[str]:
        return [it for it in self.typed.split() if it.startswith("-") and it != "-"]

    @property
    def metavar(self) -> str:
        """What stands for the value; empty for a switch."""
        return self.typed.removeprefix(" ".join(self.names)).strip()


def _rows(name: str) -> Iterator[list[str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return (row.split("\t") for row in text.splitlines()[1:])


COMMANDS = {
    name: Entry(panel, module, says, title, examples)
    for panel, name, module, says, title, *examples in _rows("commands.tsv")
}
# By parameter and command; "" for any that has no row of its own.
OPTIONS = {
    (parameter, name): Option(*option)
    for parameter, names, *option in _rows("options.tsv")
    for name in names.split() or [""]
}
