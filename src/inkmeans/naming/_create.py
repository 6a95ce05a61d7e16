"""A new project file from images: checked, normalized, written beside and put in place in one move."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans import __version__
from inkmeans.checks import is_whole
from inkmeans.errors import FileError, InputError
from inkmeans.files import file_itself, new_part, put_in_place, remove_stale_parts
from inkmeans.names import clean_text
from inkmeans.naming._arrays import is_plain
from inkmeans.naming._sqlite import companions
from inkmeans.naming._steps import now
from inkmeans.naming._store import make_replaceable, write_new


def create_file(
    path: str | Path,
    images: NDArray[Any] | Sequence[NDArray[Any]],
    *,
    sources: Sequence[object] | None,
    truths: Sequence[object] | None,
    ink: str,
    ink_max: float | None,
    overwrite: bool,
) -> None:
    """Write a new project to `path`; a crash at any moment leaves what was there before, or all of the new one."""
    from inkmeans.normalize import NORMALIZER, normalize

    where, file = str(path), file_itself(path)
    _check_place(where, file, overwrite=overwrite)
    remove_stale_parts(file)
    clean_images = _checked_images(images)
    n_glyphs = len(clean_images)
    clean_sources = _one_each("sources", sources, _checked_source, n_glyphs)
    clean_truths = _one_each("truths", truths, _checked_truth, n_glyphs)
    normalized = normalize(clean_images, ink=ink, ink_max=ink_max)
    settings = {
        "normalizer": dict(NORMALIZER),
        "ink": ink,
        "ink_max": None if ink_max is None else float(ink_max),
        "n_glyphs": n_glyphs,
        "created_with": f"inkmeans {__version__}",
        "created_at": now(),
    }
    with new_part(file) as part:
        rows = zip(normalized.glyphs, normalized.verdicts, clean_sources, clean_truths, strict=True)
        write_new(part, where, settings, clean_images, rows)
        if overwrite and file.exists():
            make_replaceable(where)  # again: normalizing takes a while
        put_in_place(part, file, where, overwrite=overwrite)


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a name beside the project at `path` to make a new one under, which takes its place at the end.

    Whatever is raised meanwhile, Ctrl-C too, leaves the old project as it was and nothing beside it.

    Raises
    ------
    FileError, ProjectError
        What is at `path` is no project, or is in use, or cannot be replaced.
    """
    where, file = str(path), file_itself(path)
    make_replaceable(where)
    remove_stale_parts(file)
    with new_part(file) as part:
        yield part
        if file.exists():
            make_replaceable(where)  # again: what was done meanwhile may take hours
        put_in_place(part, file, where, overwrite=True)


def _check_place(where: str, file: Path, *, overwrite: bool) -> None:
    if file.exists():
        if not overwrite:
            raise FileError(f"{where} already exists; choose another name, or replace it with overwrite=True.")
        make_replaceable(where)
        return
    for orphan in companions(file):
        raise FileError(
            f"{orphan} belongs to a project that was moved or deleted without it, and would spoil the new one; move it"
            " beside its project, or delete it."
        )


def _checked_images(images: NDArray[Any] | Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    if isinstance(images, np.ndarray) and images.ndim != 3:
        raise InputError(
            f"images must be of shape (n, height, width) or a list of 2-D arrays; got shape {images.shape}."
        )
    clean = [np.asarray(image) for image in images]
    if not clean:
        raise InputError("images is empty; a project needs at least one image.")
    for i, image in enumerate(clean):
        if image.ndim != 2 or 0 in image.shape:
            raise InputError(f"images[{i}] must be of shape (height, width); got shape {image.shape}.")
        if not is_plain(image.dtype):
            raise InputError(f"images[{i}] must hold whole numbers or floats; got dtype {image.dtype}.")
    return clean


def _checked_source(source: object, i: int) -> str:
    if not isinstance(source, (str, os.PathLike)):
        raise InputError(f"sources[{i}] must be text or a path; got {type(source).__name__}.")
    return str(source)


def _checked_truth(truth: object, i: int) -> str:
    return clean_text(str(truth) if is_whole(truth) else truth, f"truths[{i}]")


def _one_each(
    what: str, values: Sequence[object] | None, check: Callable[[object, int], str], n_glyphs: int
) -> list[str] | list[None]:
    if values is None:
        return [None] * n_glyphs
    if len(values) != n_glyphs:
        raise InputError(f"{what} must be as many as the images, {n_glyphs}; got {len(values)}.")
    return [check(value, i) for i, value in enumerate(values)]
