"""``python -m inkmeans`` is the command ``inkmeans``."""

import sys


def main() -> None:
    """Run the command; Ctrl-C while its parts are still loading is answered as it is later."""
    try:
        from inkmeans.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
