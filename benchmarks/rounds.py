"""Measuring: whole processes by the wall clock, one command after another, round after round.

A machine is not equally fast all day. So a cost is never a number of milliseconds: in every round each command is
held against `python -c pass` of that round, and what counts is the median of those ratios.
"""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

BASELINE = "python -c pass"
_STARTER = str(Path(__file__).with_name("starter.py"))
_TERMINAL = {"TERM": "xterm-256color", "COLUMNS": "140", "LINES": "50"}


class FailedError(Exception):
    """A measured command did not end well, so that its time says nothing."""


class Command(NamedTuple):
    """A command to measure; `before` runs ahead of it, outside the clock."""

    name: str
    words: Sequence[str]
    stdin: str = ""
    terminal: bool = False
    before: Callable[[], None] | None = None
    most_rounds: int = 1000  # of a command that takes minutes


class Run(NamedTuple):
    seconds: float
    peak_mib: float


Figures = dict[str, float]  # ratio, ms, peak_mib, rounds
Runs = dict[str, list[Run]]


def baseline() -> Command:
    return Command(BASELINE, (sys.executable, "-c", "pass"))


def ucli(*words: str) -> tuple[str, ...]:
    """Return the words that call the ucli of this environment."""
    return (str(Path(sys.executable).with_name("ucli")), *words)


def run_once(command: Command) -> Run:
    """Run a command and return its wall-clock time, and the most memory that it held.

    Raises:
        FailedError: it ended with another exit code than 0.

    """
    if command.before:
        command.before()
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    words = (sys.executable, "-I", "-S", _STARTER, str(writing), *command.words)
    if command.terminal:
        _on_terminal(words)
    else:
        subprocess.run(
            words,
            input=command.stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            pass_fds=(writing,),
            text=True,
            check=False,
        )
    os.close(writing)
    with os.fdopen(reading) as said:
        seconds, peak_kib, code = said.read().split()
    if code != "0":
        raise FailedError(f"{command.name}: exit {code}: {' '.join(command.words)}")
    return Run(float(seconds), int(peak_kib) / 1024)


def surroundings() -> dict[str, str]:
    """Return the environment of every command: English, and modules compiled once, as installed programs are."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "UCLI_LANG": "en"}


def _on_terminal(words: Sequence[str]) -> None:
    """Run words on a terminal of its own, as a person would, and read all they print."""
    pid, screen = pty.fork()
    if pid == 0:
        os.execvpe(words[0], tuple(words), {**surroundings(), **_TERMINAL})  # noqa: S606  our own words
    try:
        while os.read(screen, 65536):
            pass
    except OSError:
        pass  # so Linux says that the other end is closed
    os.waitpid(pid, 0)
    os.close(screen)


def interleaved(commands: Sequence[Command], rounds: int, tell: Callable[[str], None] = print) -> Runs:
    """Run all commands in turn, so many times; `python -c pass` first, and once ahead of all to warm up."""
    every = [baseline(), *commands]
    runs: Runs = {command.name: [] for command in every}
    run_once(every[0])
    for number in range(rounds):
        for command in every:
            if number < command.most_rounds:
                runs[command.name].append(run_once(command))
    for command in commands:
        figures = summary(runs, command.name)
        tell(f"  {command.name}: {figures['ratio']:.2f} x pass, {figures['ms']:.0f} ms")
    return runs


def summary(runs: Runs, name: str) -> Figures:
    """Return the medians of a command: its ratio to `python -c pass`, its milliseconds, and its peak of memory."""
    own = runs[name]
    return {
        "ratio": round(ratio(runs, name, BASELINE), 3),
        "ms": round(1000 * median(run.seconds for run in own), 2),
        "peak_mib": round(max(run.peak_mib for run in own), 1),
        "rounds": len(own),
    }


def ratio(runs: Runs, one: str, other: str) -> float:
    """Return the median of the ratios of two commands within each round."""
    pairs = zip(runs[one], runs[other], strict=False)
    return median(mine.seconds / theirs.seconds for mine, theirs in pairs)


def summaries(runs: Runs) -> dict[str, Figures]:
    return {name: summary(runs, name) for name in runs}


def output(words: Sequence[str], stdin: str = "", patience: float | None = None) -> str:
    """Return what a command prints; it has so many seconds, where `patience` says how many.

    Raises:
        FailedError: it ended with another exit code than 0.

    """
    done = subprocess.run(
        words, input=stdin, capture_output=True, text=True, check=False, env=surroundings(), timeout=patience
    )
    if done.returncode:
        raise FailedError(f"exit {done.returncode}: {' '.join(words)}\n{done.stderr[-2000:]}")
    return done.stdout
