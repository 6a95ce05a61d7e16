"""``inkmeans read``: pictures to text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkmeans.cli._formats import problems_as_json, write_csv, write_json
from inkmeans.cli._help import Command
from inkmeans.cli._inputs import read_input
from inkmeans.cli._messages import count, tell, tell_problems
from inkmeans.cli._numbers import Probability
from inkmeans.cli._options import check_one_format, csv_option, force_option, json_option, model_option, path_option
from inkmeans.cli._outputs import check_output, write_picture
from inkmeans.cli._progress import Bar
from inkmeans.cli._status import Status
from inkmeans.errors import FileError, ImageError
from inkmeans.names import REJECTED

if TYPE_CHECKING:
    from inkmeans.images import ImageSet, Problem
    from inkmeans.reader import Reader
    from inkmeans.records import Reading

_FIELDS = ("source", "text", "confidence", "rejected")
_GLYPHS_AT_ONCE = 1000
_MANY = 10  # pictures, of which
_NEARLY_ALL = 0.8  # show one character: then the others are likely to show one too


@dataclass(frozen=True, eq=False)
class _Read:
    """One image with what was read on it.

    Attributes
    ----------
    source : str
    image : array
    reading : Reading
    named : bool
        Whether its line must begin with its source.
    segmented : bool
        Whether its characters were searched for; otherwise it was read as one glyph.
    """

    source: str
    image: Any
    reading: Reading
    named: bool
    segmented: bool


@click.command(
    cls=Command,
    examples=(
        ("inkmeans read cheque.png", "print the text"),
        ("inkmeans read scans/ more.jpg", "print a line for each: name, tab, text"),
        ("inkmeans read -m logs.safetensors page.png", "with a reader of your own"),
        ("inkmeans read --json page.png", "with boxes, confidence and alternatives"),
        ("inkmeans read --picture boxes.png page.png", "draw what was read where"),
        ("inkmeans read - < page.png", "from standard input"),
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@model_option("A model file, or 'digits'.", default="digits")
@json_option
@csv_option(_FIELDS)
@path_option("--picture", "PNG", "Draw the boxes of one picture.")
@click.option("--single", is_flag=True, help="Read each picture as one glyph, without searching for several.")
@click.option(
    "--min-confidence",
    type=Probability(),
    metavar="P",
    help="Reject glyphs below this probability, 0 to 1.  [default: the model's own]",
)
@click.option("--strict", is_flag=True, help="Exit with 4 if anything is rejected, or there is nothing to read.")
@force_option("Replace the file of --picture.")
def read_command(
    inputs: tuple[str, ...],
    model: str,
    as_json: bool,
    as_csv: bool,
    picture: Path | None,
    single: bool,
    min_confidence: float | None,
    strict: bool,
    force: bool,
) -> Status:
    """Read the text on pictures.

    INPUT is a picture (PNG, JPEG, TIFF, WebP, BMP, GIF, PPM) with one or more glyphs on a plain background, a folder of
    pictures, images in IDX, .npz or .npy, or pen strokes in .json: each of those shows one glyph. With --single each
    picture does too. "-" is standard input.

    One input gives its text, line by line; several give one line for each line of text, with the name and a tab before
    it. "?" stands for a glyph that is rejected because the reader is not sure enough.
    """
    check_one_format(as_json, as_csv)
    if picture is not None:
        if len(inputs) > 1 or Path(inputs[0]).is_dir():
            raise click.UsageError("--picture draws what was read on one picture; give one INPUT that is no folder.")
        if picture.suffix.lower() != ".png":
            raise click.UsageError(f"--picture writes PNG; give a name that ends in .png, not {picture}.")
        check_output(picture, force=force, inputs=inputs)
    from inkmeans.reader import load

    reader = load(model)
    problems: list[Problem] = []
    done: list[_Read] = []
    reject = True if min_confidence is None else min_confidence
    as_lines = not as_json and not as_csv
    with Bar("Reading", hidden=as_lines and sys.stdout.isatty()) as bar:
        for before, name in enumerate(inputs):
            found = _open(name, problems)
            for here, each in enumerate(_read_all(found, name, reader, single, reject, named=len(inputs) > 1), 1):
                done.append(each)
                if as_lines:
                    click.echo(_lines(each))
                bar.show(count(len(done), "image"), (before + here / len(found)) / len(inputs))
    _hint_single([each.reading for each in done if each.segmented])
    if picture is not None:
        _draw(done, picture, force)
    if as_json:
        readings = [{"source": each.source, **each.reading.to_json()} for each in done]
        write_json("readings", {"model": model, "readings": readings, "problems": problems_as_json(problems)})
    if as_csv:
        write_csv(_FIELDS, map(_row, done))
    if problems:
        return Status.UNREADABLE
    if strict and any(each.reading.rejected for each in done):
        return Status.UNSURE
    return Status.DONE


def _open(name: str, problems: list[Problem]) -> ImageSet:
    """Return the images of one input; report what cannot be read, and add it to `problems`."""
    from inkmeans.images import ImageSet, Problem

    try:
        found = read_input(name)
    except (ImageError, FileError) as error:
        found = ImageSet([], [], problems=[Problem(name, str(error))])
    tell_problems(found.problems)
    problems.extend(found.problems)
    return found


def _read_all(
    found: ImageSet, name: str, reader: Reader, single: bool, reject: bool | float, *, named: bool
) -> Iterator[_Read]:
    """Yield each image of one input as it is read; `named` as for several inputs where there are several images."""
    named = named or len(found) > 1 or Path(name).is_dir()
    if single or _shows_glyphs(found, name):
        for start in range(0, len(found), _GLYPHS_AT_ONCE):
            part = slice(start, start + _GLYPHS_AT_ONCE)
            yield from _read_glyphs(found.sources[part], found.images[part], reader, reject, named)
        return
    from inkmeans.reader import read

    for source, image in zip(found.sources, found.images, strict=True):
        reading = read(image, reader=reader, reject=reject)
        if not reading.glyphs:
            tell(f"{source} shows nothing to read.")
        yield _Read(source, image, reading, named, segmented=True)


def _hint_single(readings: list[Reading]) -> None:
    """Where nearly all of many pictures show one character, say that the others may be cut apart by mistake."""
    several = sum(len(reading.glyphs) > 1 for reading in readings)
    one = sum(len(reading.glyphs) == 1 for reading in readings)
    if several and len(readings) >= _MANY and one >= _NEARLY_ALL * len(readings):
        tell(
            f"{several:,} of {count(len(readings), 'picture')} {'was' if several == 1 else 'were'} read as several "
            "characters; where each picture shows one, read them with --single."
        )


def _shows_glyphs(found: ImageSet, name: str) -> bool:
    """Return whether each image is one glyph, as in arrays and drawings; a picture may hold many."""
    return not isinstance(found.images, list) or name.lower().endswith(".json")


def _read_glyphs(sources: list[str], images: Any, reader: Reader, reject: bool | float, named: bool) -> Iterator[_Read]:
    from inkmeans.records import Reading

    for source, image, glyph in zip(sources, images, reader.read_glyphs(images, reject=reject), strict=True):
        yield _Read(source, image, Reading.of_glyph(glyph, rejected=glyph.text == REJECTED), named, segmented=False)


def _lines(each: _Read) -> str:
    """Return the lines of the plain output: the text, with the source before each line where there are several."""
    if not each.named:
        return each.reading.text
    source = each.source.replace("\t", "\\t").replace("\n", "\\n")
    return "\n".join(f"{source}\t{line}" for line in each.reading.text.split("\n"))


def _row(each: _Read) -> tuple[str, str, str, str]:
    reading = each.reading
    return each.source, reading.text, f"{reading.confidence:.4f}", str(reading.rejected).lower()


def _draw(done: list[_Read], path: Path, force: bool) -> None:
    if len(done) != 1:
        raise click.UsageError(f"--picture draws what was read on one picture; there are {len(done)}.")
    from inkmeans.pictures import reading_picture

    each = done[0]
    picture = reading_picture(each.image, each.reading, source=Path(each.source).name)
    write_picture(path, picture, force=force)
