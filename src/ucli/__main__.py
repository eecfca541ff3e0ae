"""`python -m ucli` and the `ucli` on the path."""

import sys


def main() -> None:
    from ucli.cli.run import run  # noqa: PLC0415  nothing is imported before the streams speak UTF-8

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
