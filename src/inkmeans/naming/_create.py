"""A new project file from images: checked, normalized, written beside and put in place in one move."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans import __version__
from inkmeans.errors import FileError, InputError
from inkmeans.names import clean_text
from inkmeans.naming._arrays import is_plain
from inkmeans.naming._sqlite import companions
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

    where, file = str(path), Path(path).resolve()
    _check_place(where, file, overwrite=overwrite)
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
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        rows = zip(normalized.glyphs, normalized.verdicts, clean_sources, clean_truths, strict=True)
        write_new(beside, where, settings, clean_images, rows)
        _put_in_place(beside, file, where, overwrite=overwrite)
    finally:
        beside.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a name beside the project at `path` to make a new one under, which takes its place at the end.

    Whatever is raised meanwhile, Ctrl-C too, leaves the old project as it was and nothing beside it.

    Raises
    ------
    FileError, ProjectError
        What is at `path` is no project, or is in use, or cannot be replaced.
    """
    where, file = str(path), Path(path).resolve()
    make_replaceable(where)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        yield beside
        _put_in_place(beside, file, where, overwrite=True)
    finally:
        for each in (beside, *companions(beside)):
            each.unlink(missing_ok=True)


def now() -> str:
    """Return the time as it stands in the file: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check_place(where: str, file: Path, *, overwrite: bool) -> None:
    if file.is_dir():
        raise FileError(f"{where} is a folder; give the name of a file in it, such as {Path(where) / 'project.ink'}.")
    if not file.parent.is_dir():
        raise FileError(f"{where} cannot be written: there is no folder {Path(where).parent}.")
    if file.exists():
        if not overwrite:
            raise FileError(f"{where} already exists; choose another name, or allow it to be overwritten.")
        make_replaceable(where)
        return
    for orphan in companions(file):
        raise FileError(
            f"{orphan} belongs to a project that was moved or deleted without it, and would spoil the new one; move it"
            " beside its project, or delete it."
        )


def _put_in_place(beside: Path, file: Path, where: str, *, overwrite: bool) -> None:
    try:
        with beside.open("rb+") as handle:
            os.fsync(handle.fileno())
        if overwrite:
            if file.exists():
                make_replaceable(where)  # again: normalizing takes a while
            beside.replace(file)
        else:
            _link_or_replace(beside, file)
        _sync_folder(file.parent)
    except FileExistsError as error:
        raise FileError(f"{where} was made by another process meanwhile; choose another name.") from error
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{where} cannot be written: {error.strerror or error}.") from error


def _link_or_replace(beside: Path, file: Path) -> None:
    """Give `beside` its name, unless that is taken; a file system without links can only be asked first."""
    try:
        os.link(beside, file)
    except FileExistsError:
        raise
    except OSError:
        if file.exists():
            raise FileExistsError from None
        beside.replace(file)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError, AttributeError):  # Windows has no such thing
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
    whole = isinstance(truth, (int, np.integer)) and not isinstance(truth, bool)
    return clean_text(str(truth) if whole else truth, f"truths[{i}]")


def _one_each(
    what: str, values: Sequence[object] | None, check: Callable[[object, int], str], n_glyphs: int
) -> list[str] | list[None]:
    if values is None:
        return [None] * n_glyphs
    if len(values) != n_glyphs:
        raise InputError(f"{what} must be as many as the images, {n_glyphs}; got {len(values)}.")
    return [check(value, i) for i, value in enumerate(values)]
