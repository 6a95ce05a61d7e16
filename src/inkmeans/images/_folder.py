"""A folder of pictures, with the folders in it: in natural order, hidden files left out, a problem for each bad one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from inkmeans.errors import FileError, ImageError
from inkmeans.images._image_set import ImageSet, Problem
from inkmeans.images._picture import read_image

PICTURE_SUFFIXES = frozenset(
    (
        *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp", ".bmp", ".gif"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".heic", ".heif", ".pdf"),
    )
)
"""HEIC and PDF are here so that no page is passed over in silence: each becomes a problem that says what to do."""


def read_folder(folder: Path) -> ImageSet:
    """Return the pictures of a folder and of the folders in it.

    Files of other kinds (by their suffix) and hidden ones (a leading dot) are left out. A picture that cannot be read
    becomes a problem, and the rest goes on. Where every picture lies in a sub-folder, the names of the sub-folders are
    the truths: ``digits/7/a.png`` shows a 7, and so does ``digits/7/anna/a.png``. One picture directly in the folder,
    and there are no truths; `ImageSet.no_truths` says which one.

    Raises
    ------
    FileError
        The folder holds no picture at all, readable or not.
    """
    images: list[NDArray[Any]] = []
    sources: list[str] = []
    truths: list[str] = []
    problems: list[Problem] = []
    loose: list[str] = []
    for path in _walk(folder, (), problems):
        source = str(path)
        try:
            picture = read_image(path)
        except (ImageError, FileError) as error:
            problems.append(Problem(source, str(error)))
            continue
        images.append(picture)
        sources.append(source)
        parts = path.relative_to(folder).parts
        truths.append(parts[0])
        if len(parts) == 1:
            loose.append(source)
    if not images and not problems:
        raise FileError(f"{folder} holds no pictures; it may hold {_kinds()}, also in folders inside it.")
    if not images or loose:
        reason = f"{folder} gives no truths: {loose[0] if loose else 'no picture'} " + (
            "lies directly in it, not in a folder named by what it shows." if loose else "in it could be read."
        )
        return ImageSet(images, sources, None, problems, reason)
    return ImageSet(images, sources, truths, problems)


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Return a sort key that puts ``2.png`` before ``10.png``, and ``a.png`` beside ``A.png``."""
    pieces = re.split(r"([0-9]+)", name.casefold())
    return [int(piece) if index % 2 else piece for index, piece in enumerate(pieces)], name


def _walk(folder: Path, above: tuple[Path, ...], problems: list[Problem]) -> Iterator[Path]:
    """Yield the picture files, those of a folder before those of the folders in it; a circle of links ends."""
    try:
        real = folder.resolve()
        entries = sorted(folder.iterdir(), key=lambda entry: natural_key(entry.name))
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problems.append(Problem(str(folder), f"{folder} cannot be opened ({reason}); check its permissions."))
        return
    if real in above:
        return
    visible = [entry for entry in entries if not entry.name.startswith(".")]
    inner = [entry for entry in visible if entry.is_dir()]
    yield from (entry for entry in visible if entry.suffix.lower() in PICTURE_SUFFIXES and entry not in inner)
    for entry in inner:
        yield from _walk(entry, (*above, real), problems)


def _kinds() -> str:
    return "PNG, JPEG, TIFF, WebP, BMP, GIF and PPM files"
