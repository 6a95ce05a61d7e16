"""``inkmeans datasets``: which public sets there are, and fetching them."""

from __future__ import annotations

from pathlib import Path

import click

from inkmeans.cli._formats import write_json
from inkmeans.cli._help import Command, Group
from inkmeans.cli._messages import tell_next
from inkmeans.cli._options import json_option
from inkmeans.cli._progress import Bar


@click.group(
    cls=Group,
    invoke_without_command=True,
    examples=(
        ("inkmeans datasets list", "what there is, and what is here"),
        ("inkmeans datasets fetch mnist", "fetch a set once; it is checked and kept"),
    ),
)
@click.pass_context
def datasets_command(ctx: click.Context) -> None:
    """List and fetch public data sets."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@datasets_command.command(
    "list",
    cls=Command,
    examples=(("inkmeans datasets list", "what there is"), ("inkmeans datasets list --json", "for programs")),
)
@json_option
def list_command(as_json: bool) -> None:
    """List the data sets."""
    from inkmeans.cli._tables import columns
    from inkmeans.datasets import list_datasets

    found = list_datasets()
    if as_json:
        sets = [
            {
                "name": each.name,
                "here": each.is_here,
                "bytes": each.n_bytes,
                "summary": each.summary,
                "source": each.source,
                "licence": each.licence,
            }
            for each in found
        ]
        write_json("datasets", {"datasets": sets})
        return
    rows = [
        [each.name, "here" if each.is_here else f"{each.n_bytes / 1e6:.1f} MB to fetch", each.summary] for each in found
    ]
    click.echo(columns(rows))


@datasets_command.command(
    "fetch",
    cls=Command,
    short_help="Fetch a data set, check it and keep it.",
    examples=(
        ("inkmeans datasets fetch mnist", "into the cache"),
        ("inkmeans datasets fetch mnist --folder mnist", "into a folder of yours"),
    ),
)
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to keep it.  [default: the cache]")
@click.option("--url", metavar="URL", help="A mirror of your own: the address of a folder with the files.")
def fetch_command(name: str, folder: Path | None, url: str | None) -> None:
    """Fetch a data set, check it and keep it; what is here already is not fetched again.

    Prints the folder with its files. Needs the extra 'data'.
    """
    from inkmeans.datasets import fetch

    with Bar("Fetching") as bar:
        place = fetch(name, base_url=url, folder=folder, progress=bar.show)
    click.echo(str(place))
    if name == "mnist":
        images = place / "train-images-idx3-ubyte.gz"
        tell_next("inkmeans", "cluster", images, "-k", "100", "-o", "mnist.ink", then="group it")
