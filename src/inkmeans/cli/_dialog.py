"""Naming in the terminal: each cluster is shown and its name asked for; each answer is saved immediately."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from inkmeans.cli._keys import END, Keyboard
from inkmeans.cli._messages import count
from inkmeans.cli._sheets import sheet_path
from inkmeans.errors import InputError

if TYPE_CHECKING:
    from inkmeans.naming import Cluster, Project


class Command(Enum):
    """What may be answered instead of a name."""

    SKIP = ":skip"
    UNDO = ":undo"
    QUIT = ":quit"
    HELP = ":help"


Answer = Command | str
"""A command, or a name."""

_BACKSPACES = ("\x7f", "\b")


class Asker(Protocol):
    """Where answers come from."""

    about: str

    def ask(self) -> Answer:
        """Return the next answer."""


class Lines:
    """Answers as whole lines of standard input, which need not be a terminal; its end is ":quit"."""

    about = 'Type a name and Return. Return alone skips; ":undo" takes the last name back; ":quit" ends.'

    def ask(self) -> Answer:
        """Return the next answer."""
        click.echo("Name: ", nl=False)
        line = sys.stdin.readline()
        if line and not sys.stdin.isatty():
            click.echo(line.strip())  # which a terminal shows as it is typed
        return _from_line(line)


@dataclass(frozen=True)
class Keys:
    """Answers as single keys: the key is the name."""

    keyboard: Keyboard
    about = (
        "Press the key that is the cluster's name. Return skips; Backspace takes the last name back; Space begins a "
        'longer name; ":" begins ":undo", ":quit" and the like.'
    )

    def ask(self) -> Answer:
        """Return the next answer."""
        click.echo("Key: ", nl=False)
        while True:
            key = self.keyboard.key()
            if key == END:
                click.echo()
                return Command.QUIT
            if key in ("\r", "\n"):
                click.echo("skipped")
                return Command.SKIP
            if key in _BACKSPACES:
                click.echo("undo")
                return Command.UNDO
            if key in (" ", ":"):
                click.echo(key, nl=False)
                return _from_line(key + self.keyboard.line())
            if key.isprintable():
                click.echo(key)
                return key


def _from_line(line: str) -> Answer:
    """Return what a line means: "::" at its beginning stands for a name that begins with a colon."""
    text = line.strip()
    if not line:
        click.echo()
        return Command.QUIT
    if not text:
        return Command.SKIP
    if text.startswith("::"):
        return text[1:]
    if not text.startswith(":"):
        return text
    for command in Command:
        if text == command.value:
            return command
    return Command.HELP


def name_clusters(project: Project, asker: Asker, sheets: Path | None) -> None:
    """Ask for the name of each cluster that has none, by number, until all have one or the person ends it.

    Parameters
    ----------
    project : Project
        Each name is saved in it before the next is asked for.
    asker : Asker
    sheets : Path or None
        The folder with the contact sheets, where there is one.
    """
    skipped: set[int] = set()
    again: int | None = None  # the cluster whose name was taken back
    click.echo(f"{asker.about}\n")
    while True:
        clusters = project.clusters
        waiting = [each for each in clusters if each.name is None and each.size and each.number not in skipped]
        if not waiting:
            return
        cluster = next((each for each in waiting if each.number == again), waiting[0])
        again = None
        named = sum(each.name is not None for each in clusters)
        click.echo(_shown(project, cluster, named, len(clusters), sheets))
        while True:
            answer = asker.ask()
            if answer is Command.QUIT:
                return
            if answer is Command.HELP:
                click.echo(f"{asker.about} A name that begins with a colon is written with two.")
                continue
            if answer is Command.SKIP:
                skipped.add(cluster.number)
                break
            if answer is Command.UNDO:
                again = _undo(project)
                if again is None:
                    continue
                break
            try:
                project.name(cluster.number, str(answer))
            except InputError as error:
                click.echo(str(error))
                continue
            break


def _shown(project: Project, cluster: Cluster, named: int, n_clusters: int, sheets: Path | None) -> str:
    """Return what is shown of a cluster: its middle image as blocks, and where all its images are."""
    from inkmeans.pictures import blocks

    picture = blocks(project.glyphs[cluster.members[0]], encoding=getattr(sys.stdout, "encoding", None))
    where = f" · all of them: {sheet_path(sheets, cluster)}" if sheets is not None else ""
    return f"{picture}\nCluster {cluster.number}: {count(cluster.size, 'image')}{where} · {named} of {n_clusters} named"


def _undo(project: Project) -> int | None:
    """Take the last name back and return its cluster; None, and a note, where there is no name to take back."""
    done = [step for step in project.history if step.status == "done"]
    if not done or done[-1].kind != "name":
        click.echo("There is no name to take back.")
        return None
    project.undo()
    click.echo(f"Taken back: {done[-1]}.")
    return int(next(iter(done[-1].detail["names"])))
