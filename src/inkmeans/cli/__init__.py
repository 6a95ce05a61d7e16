"""The command ``inkmeans``: one file for each command; nothing is computed here, the stages are called.

Data goes to stdout, everything else to stderr. Help and usage errors load nothing but click.
"""

from inkmeans.cli._main import main

__all__ = ["main"]
