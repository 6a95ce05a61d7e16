"""``inkmeans serve``: the page, on this machine."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from inkmeans.cli._help import Command
from inkmeans.cli._options import model_option
from inkmeans.cli._projects import is_project
from inkmeans.errors import FileError


@click.command(
    cls=Command,
    examples=(
        ("inkmeans serve", "open the page in the browser"),
        ("inkmeans serve logs.ink", "and watch k-means on the glyphs of a project"),
        ("inkmeans serve -m logs.safetensors", "with a reader of your own"),
        ("inkmeans serve --class", "and let everyone in the room draw on a phone"),
        ("inkmeans serve --port 0 --no-browser", "at any free port; prints the address"),
    ),
)
@click.argument("projects", metavar="[PROJECT]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Where to listen.")
@click.option("--port", type=int, default=8017, show_default=True, help="0 takes any free port.")
@model_option("A model file.  [default: the reader that ships]")
@click.option("--no-token", is_flag=True, help="Let every program on this machine in, without the token.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--class", "with_class", is_flag=True, help="Let phones in the room's network send drawings.")
@click.option("--class-host", metavar="ADDRESS", help="This machine in that network.  [default: the likely one]")
@click.option("--class-port", type=int, default=8018, show_default=True, help="For the phones; 0 takes any free port.")
def serve_command(
    projects: tuple[Path, ...],
    host: str,
    port: int,
    model: str | None,
    no_token: bool,
    no_browser: bool,
    with_class: bool,
    class_host: str | None,
    class_port: int,
) -> None:
    """Open the page: draw digits, see them read, watch k-means.

    PROJECT is a project file, or a folder with some: the page offers their glyphs. Without any, those of the current
    folder are offered.

    The address that is printed holds a token that only you know; the browser is opened with a code that works once, for
    a minute, because other users of the machine can see it. Ctrl-C ends the server. Needs the extra 'web'.

    With --class, a second port is opened in the room's network, unencrypted: everyone there who knows the code that is
    shown can add drawings, whoever listens in can see those that are sent, and nothing else of this machine can be
    reached. Drawings wait for the teacher's nod, and are deleted at the end unless they are kept.
    """
    from inkmeans.web import ClassPlace, serve

    if not with_class:
        given = click.get_current_context().get_parameter_source
        for name in ("class_host", "class_port"):
            if given(name) is not ParameterSource.DEFAULT:
                option = f"--{name.replace('_', '-')}"
                raise click.UsageError(f"{option} says where phones are served, and needs --class.")

    reader, title = None, "digits"
    if model is not None:
        from inkmeans.reader import load

        reader, title = load(model), Path(model).name
    for place in projects:
        if not place.exists():
            raise FileError(f"{place} does not exist; give a project file, or a folder with some.")
        if not place.is_dir() and not is_project(place):
            raise FileError(f"{place} is no project; make one with: inkmeans cluster")
    serve(
        host,
        port,
        token=not no_token,
        open_browser=not no_browser,
        reader=reader,
        title=title,
        projects=projects or (Path(),),
        class_place=ClassPlace(class_host, class_port) if with_class else None,
    )
