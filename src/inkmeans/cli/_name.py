"""``inkmeans name``: names for the clusters of a project, from a table or in the terminal."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inkmeans.cli._help import Command
from inkmeans.cli._inputs import STDIN
from inkmeans.cli._messages import count, percent, tell, tell_next
from inkmeans.cli._options import force_option, path_option
from inkmeans.cli._outputs import check_output
from inkmeans.cli._sheets import write_sheets
from inkmeans.errors import InputError

if TYPE_CHECKING:
    from inkmeans.naming import Project


@click.command(
    cls=Command,
    examples=(
        ("inkmeans name logs.ink", "look at each cluster, press a key"),
        ("inkmeans name logs.ink --sheets sheets", "with pictures of all images of each cluster"),
        ("inkmeans name logs.ink --write-csv names.csv", "write a table to fill in"),
        ("inkmeans name logs.ink --csv names.csv", "take the names from it"),
    ),
)
@click.argument("project", metavar="PROJECT", type=click.Path(path_type=Path))
@click.option("--csv", "table", metavar="FILE", help='Take names from a table with the columns cluster,name; or "-".')
@path_option("--write-csv", "FILE", "Write the table of clusters and names.")
@path_option("--sheets", "FOLDER", "Write each cluster's images there first.")
@click.option("--words", is_flag=True, help="Names are words: type each with Return, also in a terminal.")
@force_option("Replace the pictures and the table if they are there.")
def name_command(
    project: Path, table: str | None, write_csv: Path | None, sheets: Path | None, words: bool, force: bool
) -> None:
    """Give the clusters of a project their names.

    In a terminal each cluster without a name is shown by its middle image, and the key you press is its name: Return
    skips it, Backspace takes the last name back, Space begins a name of several characters, ":quit" or Ctrl-D ends.
    Each name is saved immediately; run the command again to continue. Several clusters may have the same name.

    In a table for --csv an empty name takes the name of its cluster away; clusters that are not listed keep theirs.

    Where standard input is no terminal, each of its lines answers for one cluster: a name, nothing to skip, ":undo" or
    ":quit".
    """
    if write_csv is not None:
        check_output(write_csv, force=force, inputs=[project, *([table] if table else [])])
    from inkmeans.naming import Project

    with Project.open(project) as opened:
        if not opened.clusters:
            raise InputError(f"{project} has no clusters yet to name; run: inkmeans cluster {project}")
        if sheets is not None:
            write_sheets(opened, sheets, centers=False, force=force)
        if table is not None:
            _name_from_table(opened, table)
        elif write_csv is None:
            _ask(opened, sheets, words)
        if write_csv is not None:
            _write_table(opened, write_csv)
        click.echo(_state(opened))
        _tell_next(opened, write_csv if table is None else None)


def _name_from_table(project: Project, table: str) -> None:
    from inkmeans.naming import parse_names_csv, read_names_csv

    where = "standard input" if table == STDIN else table
    names = parse_names_csv(sys.stdin.read(), source=where) if table == STDIN else read_names_csv(table)
    emptied = sum(each.name is not None and names.get(each.number, "") is None for each in project.clusters)
    project.name_many(names)
    if not any(names.values()):
        tell(f"{where} holds no names: its column 'name' is empty.")
    if emptied:
        tell(f"{where} has an empty name for {count(emptied, 'cluster')} with a name, which was taken away.")


def _write_table(project: Project, path: Path) -> None:
    from inkmeans.naming import write_names_csv

    write_names_csv(path, {cluster.number: cluster.name for cluster in project.clusters})


def _ask(project: Project, sheets: Path | None, words: bool) -> None:
    from inkmeans.cli._dialog import Asker, Keys, Lines, name_clusters
    from inkmeans.cli._keys import HAS_KEYS, Keyboard

    with contextlib.ExitStack() as stack:
        asker: Asker = Lines()
        one_each = all(len(name) == 1 for name in project.names if name is not None)
        if HAS_KEYS and sys.stdin is not None and sys.stdin.isatty() and one_each and not words:
            asker = Keys(stack.enter_context(Keyboard()))
        try:
            name_clusters(project, asker, sheets)
        except KeyboardInterrupt:
            tell(f"\n{_state(project)}; all are saved.")
            raise


def _state(project: Project) -> str:
    clusters = project.clusters
    named = [cluster for cluster in clusters if cluster.name is not None]
    share = percent(sum(cluster.size for cluster in named) / len(project))
    return f"{project.path}: {len(named)} of {count(len(clusters), 'cluster')} named, {share} of the images"


def _tell_next(project: Project, table: Path | None) -> None:
    if table is not None:
        tell_next("inkmeans", "name", project.path, "--csv", table, then="when the table is filled in")
    elif any(cluster.name is None and cluster.size for cluster in project.clusters):
        tell_next("inkmeans", "name", project.path, then="continue where you stopped")
    else:
        model = Path(project.path).with_suffix(".safetensors")
        tell_next("inkmeans", "train", project.path, "-o", model, then="train a reader")
