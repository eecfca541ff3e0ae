"""Many commands in one process: a loop of thousands without thousands of starts."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from ucli.cli.commands import UcliCommand, command
from ucli.cli.session import session_of, tell
from ucli.cli.values import name_text
from ucli.errors import RejectedError, UsageError
from ucli.language import _, chosen, marked

app = typer.Typer()


@command(
    app,
    UcliCommand,
    marked("Data"),
    "printf '%s\\n' 'add-figure news-items 5 --unit HH --period 2024-01' 'report --unit HH' | ucli batch",
)
def batch(
    ctx: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            parser=lambda text: text if text == "-" else name_text(text),
            metavar="[FILE]",
            help=marked("One command a line; standard input when left out, or for -."),
        ),
    ] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help=marked("Go on after a line that failed."))] = False,
) -> None:
    """Run one command a line, quoted as at a shell; each is an operation of its own.

    It stops at the first line that fails, with that line's exit code.
    """
    # Imported here: the runner knows all commands, this one among them.
    from ucli.cli.run import execute, root_command  # noqa: PLC0415

    root = root_command()
    shared = ["--db", str(session_of(ctx).path), "--lang", chosen()]
    first_failure = 0
    for number, words in _lines(file):
        if words[0] == "batch":
            raise UsageError(_("Line {number}: a batch cannot run a batch.").format(number=number))
        code = execute([*shared, *words], root)
        if code:
            tell(_("Line {number} failed with exit code {code}.").format(number=number, code=code))
            first_failure = first_failure or code
            if not keep_going:
                break
    if first_failure:
        raise typer.Exit(first_failure)


def _lines(file: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield the command lines of a file with their numbers; empty ones and comments are passed over.

    Raises:
        RejectedError: the file cannot be read, or a quotation is not closed.

    """
    try:
        text = sys.stdin.read() if file in (None, "-") else Path(str(file)).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RejectedError(
            _("The file {file} cannot be read.").format(file=file),
            why=getattr(error, "strerror", None) or _("It is not text in UTF-8."),
            instead=_("Give a text file with one command a line."),
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            raise RejectedError(
                _("Line {number}: a quotation is not closed.").format(number=number),
                instead=_("Close it as at a shell; the lines before it have run."),
            ) from None
        if words[:1] == ["ucli"]:
            words = words[1:]
        if words:
            yield number, words
