"""``inkmeans train``: named clusters, or images with truths, to a model file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkmeans.cli._help import Command
from inkmeans.cli._inputs import read_inputs
from inkmeans.cli._messages import count, tell, tell_next, tell_problems
from inkmeans.cli._options import force_option, ink_option, output_option, seed_option, truths_option
from inkmeans.cli._outputs import check_output
from inkmeans.cli._progress import Bar
from inkmeans.cli._projects import is_project
from inkmeans.cli._status import Status
from inkmeans.errors import InputError

if TYPE_CHECKING:
    from inkmeans.reader import Reader


@click.command(
    cls=Command,
    examples=(
        ("inkmeans train logs.ink -o logs.safetensors", "from named clusters"),
        ("inkmeans train digits/ -o digits.safetensors", "from a folder with a folder for each truth"),
        ("inkmeans train train-images.gz --truths train-labels.gz -o m.safetensors", "from IDX files"),
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@output_option("MODEL", "The model file.", example="logs.safetensors")
@truths_option()
@ink_option
@click.option(
    "--quality",
    type=click.Choice(["fast", "best"]),
    default="fast",
    show_default=True,
    help="'best' errs a little less where there are few glyphs, and takes longer: of 60,000 glyphs 5 times as long.",
)
@seed_option
@force_option("Replace the model file if it is there.")
def train_command(
    inputs: tuple[str, ...], output: Path, truths: str | None, ink: str, quality: str, seed: int, force: bool
) -> Status:
    """Train a reader from named clusters, or from images with truths.

    INPUT is a project whose clusters have names (images without one are left out), or images of one glyph each, as
    for 'cluster', with their truths: a folder with one folder for each truth, an .npz file with both, or --truths.
    """
    check_output(output, force=force, inputs=inputs)
    settings = {"quality": quality, "random_state": seed}
    problems = False
    if len(inputs) == 1 and is_project(inputs[0]):
        if truths is not None:
            raise click.UsageError("A project is trained from the names of its clusters; leave --truths out.")
        reader = _from_project(inputs[0], settings)
    else:
        reader, problems = _from_images(inputs, truths, ink, settings)
    reader.save(output)
    names, centers = reader.names_.tolist(), reader.centers_
    click.echo(
        f"{output}: reads {count(len(names), 'name')} ({_shortened(names)}) by "
        f"{count(len(centers.counts), 'center')} from {count(int(centers.counts.sum()), 'glyph')}, seed {seed}"
    )
    tell_next("inkmeans", "read", "-m", output, "PICTURE", then="read with it")
    return Status.UNREADABLE if problems else Status.DONE


def _from_project(path: str, settings: dict[str, Any]) -> Reader:
    from inkmeans.naming import Project
    from inkmeans.reader import Reader

    with Project.open(path) as project:
        reader = Reader.from_project(project, **settings)
        labels = project.labels
        left_out = sum(
            name is None and label >= 0
            for name, label in zip(project.names, [] if labels is None else labels.tolist(), strict=True)
        )
    if left_out:
        tell(f"{count(left_out, 'image')} {'has' if left_out == 1 else 'have'} no name and "
             f"{'is' if left_out == 1 else 'are'} left out.")  # fmt: skip
    return reader


def _from_images(
    inputs: tuple[str, ...], truths: str | None, ink: str, settings: dict[str, Any]
) -> tuple[Reader, bool]:
    """Return the reader, and whether any input could not be read."""
    from inkmeans.reader import Reader

    found = read_inputs(inputs, truths)
    tell_problems(found.problems)
    if found.truths is None:
        reason = found.no_truths.rstrip(".") or "none of the inputs could be read"
        raise InputError(f"Training needs the truth of each image, but {reason}; give a file of them with --truths.")
    with Bar("Training") as bar:
        reader = Reader(**settings).fit(found.images, found.truths, ink=ink, progress=bar.show)
    reader.trained_on_ = {"images": {"n_images": len(found), "inputs": [Path(name).name for name in inputs]}}
    return reader, bool(found.problems)


def _shortened(names: list[str]) -> str:
    names = sorted(names, key=_number_first)
    return " ".join(names) if len(names) <= 12 else f"{' '.join(names[:10])} ... {names[-1]}"


def _number_first(name: str) -> tuple[bool, int, str]:
    """Return what sorts names as people do: numbers first and by their value, then the other names by their text."""
    is_number = name.isascii() and name.isdecimal()
    return not is_number, len(name.lstrip("0")) if is_number else 0, name.lstrip("0") if is_number else name
