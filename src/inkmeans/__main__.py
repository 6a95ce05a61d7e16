"""``python -m inkmeans`` is the command ``inkmeans``."""

from inkmeans.cli import main

if __name__ == "__main__":
    main()
