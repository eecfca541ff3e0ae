"""`python -m ucli` and the `ucli` on the path."""

import gc
import sys

# A command is short and makes few reference cycles: collecting them would take a sixth of a long report.
_OBJECTS_BEFORE_A_LOOK = 1_000_000


def main() -> None:
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    from ucli.cli.run import run  # noqa: PLC0415  nothing is imported before the streams speak UTF-8

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
