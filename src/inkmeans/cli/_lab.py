"""``inkmeans lab``: the lab of a class, as files to work with."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from inkmeans.cli._help import Command
from inkmeans.cli._messages import tell_next
from inkmeans.cli._options import force_option
from inkmeans.cli._outputs import check_folder, make_folder, write_output
from inkmeans.errors import FileError

_NEEDED = ("matplotlib", "jupyterlab")
"""What the notebook runs with; each package brings a module of its name."""


@click.command(
    cls=Command,
    examples=(
        ("inkmeans lab", "into the folder lab"),
        ("inkmeans lab --teacher our-lab", "with the plan of the day and the solutions"),
    ),
)
@click.argument("folder", metavar="[FOLDER]", default=Path("lab"), type=click.Path(path_type=Path))
@click.option("--teacher", is_flag=True, help="Write the plan of the day and the solutions too.")
@force_option("Replace files that are there, with the work in them.")
def lab_command(folder: Path, teacher: bool, force: bool) -> None:
    """Write the lab of a class: sheet, notebook and drawings.

    FOLDER gets the lab sheet (lab.html), the notebook with its tasks (lab.ipynb), whose checks tell a right answer from
    a wrong one, and drawings for who has none (sample-drawings.json). With --teacher it also gets the plan of the day
    (teacher.md) and the solutions (solutions.ipynb).

    The notebook needs Jupyter and matplotlib, and no network.
    """
    check_folder(folder)
    from inkmeans.lab import kit_files

    files = kit_files(teacher=teacher)
    changed = [name for name, data in files.items() if _is_other(folder / name, data)]
    if changed and not force:
        raise FileError(
            f"{_list([str(folder / name) for name in changed])} already there, perhaps with work in it; choose another "
            "folder, or replace it with --force."
        )
    make_folder(folder)
    for name, data in files.items():
        write_output(folder / name, data, force=force)
        click.echo(str(folder / name))
    missing = [package for package in _NEEDED if find_spec(package) is None]
    if missing:
        tell_next("pip", "install", *missing, then="once, for the notebook")
    tell_next("jupyter", "lab", folder / "lab.ipynb", then=f"{folder / 'lab.html'} is the sheet to print")


def _is_other(file: Path, data: bytes) -> bool:
    """Return whether something else than `data` is there."""
    try:
        return file.exists() and (not file.is_file() or file.read_bytes() != data)
    except OSError:
        return True


def _list(names: list[str]) -> str:
    return f"{names[0]} is" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} are"
