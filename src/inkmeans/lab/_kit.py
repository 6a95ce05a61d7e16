"""The files of the lab, as they lie in the package: for learners, and for the teacher."""

from __future__ import annotations

from importlib.resources import files

from inkmeans.errors import FileError

LEARNERS_FILES = ("lab.html", "lab.ipynb", "sample-drawings.json")
"""The lab sheet to print, the notebook with blanks, and drawings for who has none."""
TEACHERS_FILES = ("teacher.md", "solutions.ipynb")
"""The plan of the day, and the notebook with every task done."""


def kit_files(*, teacher: bool = False) -> dict[str, bytes]:
    """Return the files of the lab by name; with `teacher` the plan of the day and the solutions too.

    Raises
    ------
    FileError
        This build has none of them.
    """
    folder = files("inkmeans") / "class_kit"
    found = {}
    for name in LEARNERS_FILES + (TEACHERS_FILES if teacher else ()):
        file = folder / name
        if not file.is_file():
            raise FileError(f"This installation of inkmeans lacks {name} of the lab; install it again.")
        found[name] = file.read_bytes()
    return found
