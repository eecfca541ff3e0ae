"""The tables of commands and options: what may be typed, and its help.

A command has its panel of the help and its module. The root's help is printed from the table, and a call loads only the
one module: loading all of them would double the time of a command.

An option or argument has its spelling and the reader of its text. A parameter of a command's body is declared by its
name alone; a name that means something else to some commands has a row for them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    panel: str
    module: str
    says: str
    title: str  # title of a file that is handed in
    examples: list[str]  # of command lines that run as they are


class Option(NamedTuple):
    typed: str  # its spellings, and the metavar of its value unless it is a switch
    reader: str  # a function of `values` or a choice; with a leading _ a function of the command's own module
    help: str

    @property
    def names(self) -> list[str]:
        return [it for it in self.typed.split() if it.startswith("-") and it != "-"]

    @property
    def metavar(self) -> str:
        """The metavar; empty for a switch."""
        return self.typed.removeprefix(" ".join(self.names)).strip()


def _rows(name: str) -> Iterator[list[str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return (row.split("\t") for row in text.splitlines()[1:])


COMMANDS = {
    name: Entry(panel, module, says, title, examples)
    for panel, name, module, says, title, *examples in _rows("commands.tsv")
}
# By parameter and command; "" for commands without a row of their own.
OPTIONS = {
    (parameter, name): Option(*option)
    for parameter, names, *option in _rows("options.tsv")
    for name in names.split() or [""]
}
