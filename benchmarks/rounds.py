"""Measuring: whole processes by CPU and wall time, one command after another, round after round.

A machine is not equally fast all day. So a cost is never a number of milliseconds: in every round each command is
held against another of that round, mostly `python -c pass`, and what counts is the median of those ratios.
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
# How often a command runs that takes milliseconds, a second, or many.
SHORT, MIDDLE, LONG = 11, 5, 3
_STARTER = str(Path(__file__).with_name("starter.py"))
_TERMINAL = {"TERM": "xterm-256color", "COLUMNS": "140", "LINES": "50"}


class FailedError(Exception):
    """A measured command did not end well, so that its time says nothing."""


class Command(NamedTuple):
    """A command to measure; `before` and `after` run outside the clock, {n} in a word is the number of the round."""

    name: str
    words: Sequence[str]
    rounds: int = SHORT
    stdin: str = ""
    terminal: bool = False
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None


class Run(NamedTuple):
    cpu: float  # seconds, user and system
    wall: float
    peak_mib: float


class Runs:
    """What was measured: of each command its runs, one a round, and why a command that failed did."""

    def __init__(self, runs: dict[str, list[Run]], failed: dict[str, str]) -> None:
        self.runs = runs
        self.failed = failed

    def __contains__(self, name: str) -> bool:
        return bool(self.runs.get(name))

    def ratio(self, one: str, other: str = BASELINE, column: str = "cpu") -> float:
        """Return the median of the ratios of two commands within each round."""
        at = Run._fields.index(column)
        return median(mine[at] / theirs[at] for mine, theirs in zip(self.runs[one], self.runs[other], strict=False))

    def milliseconds(self, name: str) -> float:
        return 1000 * median(run.cpu for run in self.runs[name])

    def peak_mib(self, name: str) -> float:
        return max(run.peak_mib for run in self.runs[name])


def ucli(*words: str) -> tuple[str, ...]:
    """Return the words that call the ucli of this environment."""
    return (str(Path(sys.executable).with_name("ucli")), *words)


def baseline() -> Command:
    return Command(BASELINE, (sys.executable, "-c", "pass"))


def interleaved(commands: Sequence[Command], report: Callable[[str], None]) -> Runs:
    """Run all commands in turn, round after round; `python -c pass` first, and once ahead of all to warm up."""
    every = [baseline(), *commands]
    found = Runs({command.name: [] for command in every}, {})
    run_once(every[0], 0)
    for number in range(max(command.rounds for command in every)):
        for command in every:
            if number < command.rounds and command.name not in found.failed:
                try:
                    found.runs[command.name].append(run_once(command, number))
                except FailedError as error:
                    found.failed[command.name] = str(error)
                    found.runs[command.name].clear()
                    report(f"  {command.name}: {error}")
        report(f"  round {number + 1}")
    return found


def run_once(command: Command, number: int = 0) -> Run:
    """Run a command and return its CPU and wall time, and the most memory that it held.

    Raises:
        FailedError: it ended with another exit code than 0, or left something else than it should.

    """
    if command.before:
        command.before()
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    asked = [word.format(n=number + 1) if "{n" in word else word for word in command.words]
    words = (sys.executable, "-I", "-S", _STARTER, str(writing), *asked)
    if command.terminal:
        _on_terminal(words)
        said = ""
    else:
        said = subprocess.run(
            words,
            input=command.stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(),
            pass_fds=(writing,),
            text=True,
            check=False,
        ).stderr
    os.close(writing)
    with os.fdopen(reading) as pipe:
        cpu, wall, peak_kib, code = pipe.read().split()
    if code != "0":
        raise FailedError(f"exit {code}: {said.strip()[-300:]}")
    if command.after:
        command.after()
    return Run(float(cpu), float(wall), int(peak_kib) / 1024)


def environment() -> dict[str, str]:
    """Return the environment of every command: English, and modules compiled once, as installed programs are."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "UCLI_LANG": "en"}


def _on_terminal(words: Sequence[str]) -> None:
    """Run words on a terminal of its own, as a person would, and read all they print."""
    pid, screen = pty.fork()
    if pid == 0:
        os.execvpe(words[0], tuple(words), {**environment(), **_TERMINAL})  # noqa: S606  our own words
    try:
        while os.read(screen, 65536):
            pass
    except OSError:
        pass  # so Linux says that the other end is closed
    os.waitpid(pid, 0)
    os.close(screen)


def output(words: Sequence[str]) -> str:
    """Return what a command prints.

    Raises:
        FailedError: it ended with another exit code than 0.

    """
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment())
    if done.returncode:
        raise FailedError(f"exit {done.returncode}: {' '.join(words)}\n{done.stderr[-2000:]}")
    return done.stdout
