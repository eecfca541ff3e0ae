"""One call of ucli: choose the language, run the command, turn errors into a sentence and an exit code."""

import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from ucli import i18n
from ucli.cli.app import root_command
from ucli.cli.index import COMMANDS
from ucli.cli.session import Session, current_session
from ucli.errors import UcliError
from ucli.i18n import _, refusal
from ucli.sanitize import sanitize

_USAGE, _BUG, _LEDGER, _INTERRUPTED = 2, 1, 7, 130
# Errors of the system that may occur anywhere, even while a module is loaded.
_LACKING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.EIO)
_LONGEST_SAID = 4_000
# Commands about persons: their errors repeat no word, for it may be a name behind the wrong option.
_ABOUT_PERSONS = {
    *("add-member", "void-member", "members", "end-membership", "transfer-member", "readmit-member"),
    *("add-payout", "void-payout", "payouts", "return-payout", "value-payout", "erase-member", "export-member"),
    *("retention", "add-award", "awards", "merge-person"),
}
_COMPLETION = {"--install-completion", "--show-completion"}

# Typer keeps its usage errors private; its public BadParameter descends from them.
_UsageError: Any = typer.BadParameter.__base__

# Our messages for Typer's errors, by their classes.
_TYPER_SAYS = {
    "NoSuchOption": "There is no option {option_name}.",
    "MissingParameter": "{hint} is missing.",
    "MissingParameters": "What is missing: {hint}.",
    "BadOptionUsage": "{option_name} needs a value.",
    "FlagWithValue": "{option_name} takes no value.",
    "UsageError": "Too many arguments: put a name with spaces in quotation marks.",
}


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    # A closed stream is None; writing to it loses the text, reading from it finds nothing.
    sys.stdin = sys.stdin or Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  as long as the process
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  as long as the process
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # ucli uses UTF-8 whatever the terminal or cron job sets.
        with contextlib.suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    i18n.choose(_language_in(arguments))
    root = root_command()
    if "_UCLI_COMPLETE" in os.environ:
        import_module("ucli.cli.completion").teach_shells()
    return execute(arguments, root)


def execute(arguments: Sequence[str], root: Any, session: Session | None = None) -> int:
    """Run one command line, report its error if any, and return its exit code."""
    try:
        if not _COMPLETION.isdisjoint(arguments):
            import_module("ucli.cli.completion").require_shell()
        code = root.main(list(arguments), prog_name="ucli", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except UcliError as error:
        return _say(_without_names(error.lines(), arguments), error.exit_code)
    except _UsageError as error:
        return _say_usage(error, arguments)
    except (typer.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except (BrokenPipeError, SystemExit) as error:
        # Completion exits once it is printed; a batch must continue.
        code = _USAGE if getattr(error, "code", 0) else 0
        if isinstance(error.__context__ or error, BrokenPipeError):
            # The reader has closed the pipe; what is left in the buffer must not raise at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())  # type: ignore[union-attr]
            code = 0
    except Exception as error:  # noqa: BLE001  whatever it is, its text is kept from the screen
        return _say_fault(error, arguments)
    return code if isinstance(code, int) else 0


def run_other(words: Sequence[str]) -> int:
    """Run another command on the same ledger and return its exit code; its output goes to standard error."""
    session = Session(db=str(current_session().path), lang=i18n.chosen())
    with contextlib.redirect_stdout(sys.stderr):
        return execute(words, root_command(), session)


def _say_fault(error: Exception, arguments: Sequence[str]) -> int:
    """Report an unforeseen error: the system refuses something, or ucli has a bug."""
    if "--debug" in arguments:
        _say_trace(error)
    if isinstance(error, OSError) and error.errno in _LACKING:
        lines = [_("The system refused something that this command needs."), str(refusal(error))]
        instead = _("Free disk space, close other programs or raise the limits of your account, then try again.")
        return _say([*lines, instead], _LEDGER)
    # The text of an unforeseen error may hold what was typed: only its kind is printed.
    what = _("This is a bug in ucli ({kind}).").format(kind=type(error).__name__)
    return _say([what, _("Run the command again with --debug and send what it prints.")], _BUG)


def _say_trace(error: BaseException) -> None:
    """Print where an error occurred without its text, which may hold what was typed or read."""
    import traceback  # noqa: PLC0415  only for a fault

    earlier = error.__cause__ or error.__context__
    if earlier:
        _say_trace(earlier)
    print("Traceback (most recent call last):", file=sys.stderr)
    print("".join(traceback.format_tb(error.__traceback__)), end="", file=sys.stderr)
    print(f"{type(error).__module__}.{type(error).__qualname__}", file=sys.stderr)


def _without_names(lines: list[str], arguments: Sequence[str]) -> list[str]:
    """Return a message of a command about persons without the typed words that may be a person's name."""
    if next((word for word in arguments if word in COMMANDS), None) not in _ABOUT_PERSONS:
        return lines
    from ucli.values.names import fold, normalised, own_name  # noqa: PLC0415  only where something is wrong

    for word in arguments:
        name = normalised(word.rpartition("=")[2])
        # A unit's name begins with a title; a name without one may be a person's.
        if " " in name and name.replace(" ", "").isalpha() and own_name(name) == fold(name):
            lines = [line.replace(f"“{name}”", "“…”") for line in lines]
    return lines


def _say(lines: list[str], code: int) -> int:
    for place, line in enumerate(lines):
        # A megabyte of input is not repeated.
        said = sanitize(line if len(line) <= _LONGEST_SAID else f"{line[:_LONGEST_SAID]}…")
        print(f"ucli: {said}" if place == 0 else f"  {said}", file=sys.stderr)
    return code


def _say_usage(error: Any, arguments: Sequence[str]) -> int:
    from ucli.cli import meant  # noqa: PLC0415  only where something is wrong

    kind = type(error).__name__
    param: Any = getattr(error, "param", None)
    of: Any = error.ctx.command.params if getattr(error, "ctx", None) else ()
    hint = meant.typed_as(param) if param else ""
    if kind == "BadOptionUsage" and "does not take" in error.message:
        kind = "FlagWithValue"
    what = f"{hint}: {_(error.message)}" if hint else error.message
    missing = meant.all_missing(param, of, arguments) if kind == "MissingParameter" else {}
    kind = "MissingParameters" if len(missing) > 1 else kind
    # Surplus words are not repeated: they may be a member's name, typed without quotation marks.
    if kind in _TYPER_SAYS and (kind != "UsageError" or "unexpected extra argument" in error.message):
        named = {"option_name": getattr(error, "option_name", ""), "hint": ", ".join(missing) or hint}
        what = _(_TYPER_SAYS[kind]).format(**named)
    lines = [sanitize(what), *(f"{name}: {says}" for name, says in missing.items() if says)]
    likely = meant.options_like(error.option_name, error.possibilities or (), of) if kind == "NoSuchOption" else ()
    if likely:
        lines.append(_("Did you mean {names}?").format(names=", ".join(likely)))
    known = [word for word in arguments if word in COMMANDS]
    lines.append(_("“{command} --help” shows how.").format(command=" ".join(["ucli", *known[:1]])))
    return _say(lines, _USAGE)


def _language_in(arguments: Sequence[str]) -> str | None:
    """Find the last --lang before parsing, so that even a wrong command line is answered in it."""
    found = None
    for place, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            found = argument.removeprefix("--lang=")
        elif argument == "--lang" and place + 1 < len(arguments):
            found = arguments[place + 1]
    return found
