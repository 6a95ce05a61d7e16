"""The images that a command works on: files, folders and standard input, read one after another."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import click

from inkmeans.errors import FileError, ImageError

if TYPE_CHECKING:
    from inkmeans.images import ImageSet

STDIN = "-"
_STDIN_NAME = "standard input"


def read_input(name: str, truths: str | None = None) -> ImageSet:
    """Return the images of one input; "-" is standard input, which may hold anything that a file may.

    Raises
    ------
    FileError, ImageError
        The input cannot be read; what could not be read inside a folder is a problem of the result.
    """
    from inkmeans.images import read_images

    if name != STDIN:
        return read_images(name, truths=truths)
    with _stdin_as_file() as path:

        def renamed(text: str) -> str:
            return text.replace(path, _STDIN_NAME)

        try:
            images = read_images(path, truths=truths)
        except (ImageError, FileError) as error:
            raise type(error)(renamed(str(error))) from error
        problems = [type(each)(renamed(each.source), renamed(each.message)) for each in images.problems]
        sources = [source.replace(path, STDIN) for source in images.sources]
        return replace(images, sources=sources, problems=problems, no_truths=renamed(images.no_truths))


def read_inputs(names: Sequence[str], truths: str | None = None) -> ImageSet:
    """Return the images of all inputs as one set; an input that cannot be read is a problem of it.

    Raises
    ------
    FileError, ImageError
        The only input cannot be read.
    """
    from inkmeans.images import ImageSet, Problem

    if len(names) == 1:
        return read_input(names[0], truths)
    if truths is not None:
        raise click.UsageError("--truths goes with one INPUT; put the images in one folder or one file.")
    images: list[Any] = []
    sources: list[str] = []
    known: list[str] | None = []
    problems: list[Problem] = []
    no_truths = ""
    for name in names:
        try:
            found = read_input(name)
        except (ImageError, FileError) as error:
            problems.append(Problem(name, str(error)))
            continue
        images.extend(found.images)
        sources.extend(found.sources)
        problems.extend(found.problems)
        if found.truths is None:
            no_truths, known = no_truths or found.no_truths, None
        elif known is not None:
            known.extend(found.truths)
    return ImageSet(images, sources, known if images else None, problems, no_truths)


@contextmanager
def _stdin_as_file() -> Iterator[str]:
    """Keep standard input in a file for a while: some kinds of input are read back and forth."""
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("'-' is standard input, and nothing is piped into it; try: inkmeans read - < PICTURE")
    with NamedTemporaryFile(prefix="inkmeans-") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.flush()
        yield file.name
