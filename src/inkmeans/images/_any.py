"""Whatever a person has, to one image set: the kind is known by the content, then by the suffix."""

from __future__ import annotations

from pathlib import Path

from inkmeans.errors import FileError, ImageError
from inkmeans.images._arrays import as_images, read_arrays
from inkmeans.images._files import open_file
from inkmeans.images._folder import read_folder
from inkmeans.images._idx import GZIP_MAGIC, IDX_TYPES, read_idx
from inkmeans.images._image_set import ImageSet
from inkmeans.images._picture import is_picture, read_image
from inkmeans.images._rasterize import rasterize
from inkmeans.images._strokes import read_drawings
from inkmeans.images._truths import add_truths

_MAX_STROKE_PIXELS = 1_000_000_000  # a few bytes of JSON can ask for 16 megapixels each
_SUFFIXES = {".npz": "arrays", ".npy": "arrays", ".json": "strokes", ".gz": "idx", ".idx": "idx"}


def read_images(path: str | Path, *, truths: str | Path | None = None) -> ImageSet:
    """Return the images in a file or folder.

    ==============================  =======================================================================
    path                            images and truths
    ==============================  =======================================================================
    a picture                       one image as on paper
    a folder                        all pictures in it and in its folders; one folder for each truth
    IDX, gzipped or not             the (n, height, width) array; its labels are another file: `truths`
    ``.npz``, ``.npy``              (n, height, width), or (n, d) where d is a square; see below
    pen strokes, ``.json``          each drawing rasterized, ink bright on 0; ``"truth"`` where all have one
    ==============================  =======================================================================

    An ``.npz`` file with several arrays of images needs a choice: ``mnist.npz#test_images``, or shorter
    ``mnist.npz#test``. Truths in it are found by name (``test_labels``, ``y_test``, ``target``).

    Parameters
    ----------
    path : str or Path
    truths : str or Path, optional
        A file of truths, in place of those beside the images: IDX labels, ``.npy``, ``.npz`` (``file.npz#labels``),
        text with one truth a line, or CSV whose first line names the columns ``file`` and ``truth``.

    Raises
    ------
    FileError
        A file cannot be opened.
    ImageError
        A file is not what it should be, or truths and images do not go together. In a folder, a picture that cannot be
        read is no error but a problem in the result.
    """
    if path == "":  # which Path takes for the folder "."
        raise FileError("'' names no file or folder; give the path of one, or '.' for the folder you are in.")
    place, selector = _split_selector(path)
    images = _read(place, selector)
    if truths is None:
        return images
    return add_truths(images, *_split_selector(truths))


def _split_selector(path: str | Path) -> tuple[Path, str | None]:
    """Part ``mnist.npz#test`` at the last ``#``, unless a file has that very name."""
    whole = str(path)
    if "#" in whole and not Path(whole).exists():
        place, _, selector = whole.rpartition("#")
        if place.lower().endswith((".npz", ".npy")):
            return Path(place), selector
    return Path(whole), None


def _read(path: Path, selector: str | None) -> ImageSet:
    if path.is_dir():
        return read_folder(path)
    kind = _kind(path)
    if kind == "idx":
        array = as_images(read_idx(path), str(path))
        return ImageSet(array, _numbered(str(path), len(array)), no_truths=f"{path} has its truths in another file.")
    if kind == "arrays":
        array, truths, name = read_arrays(path, selector)
        sources = _numbered(f"{path}#{name}" if name else str(path), len(array))
        reason = "" if truths else f"{path} has no array of truths beside {name or 'its images'}."
        return ImageSet(array, sources, truths, no_truths=reason)
    if kind == "strokes":
        return _read_strokes(path)
    return ImageSet([read_image(path)], [str(path)], None, no_truths=f"{path} is a picture without a truth.")


def _read_strokes(path: Path) -> ImageSet:
    drawings, is_one = read_drawings(path)
    if not drawings:
        raise ImageError(f"{path} holds no drawings: its list is empty.")
    n_pixels = sum(drawing.width * drawing.height for drawing in drawings)
    if n_pixels > _MAX_STROKE_PIXELS:
        raise ImageError(
            f"{path} asks for {n_pixels:,} pixels in all, more than the limit of {_MAX_STROKE_PIXELS:,}; "
            "split it, or use smaller canvases."
        )
    images = [rasterize(drawing) for drawing in drawings]
    sources = [str(path)] if is_one else _numbered(str(path), len(drawings))
    truths = [drawing.truth for drawing in drawings if drawing.truth is not None]
    if len(truths) == len(drawings):
        return ImageSet(images, sources, truths)
    return ImageSet(images, sources, None, no_truths=f"{path} has {len(truths)} truths for {len(images)} drawings.")


def _kind(path: Path) -> str:
    if not path.is_file():  # a pipe can be read only once, and what is missing is told by the reader
        return "picture"
    with open_file(path) as file:
        start = file.read(64)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x93NUMPY")):
        return "arrays"
    if start.startswith(GZIP_MAGIC) or (start[:2] == b"\0\0" and len(start) > 3 and start[2] in IDX_TYPES):
        return "idx"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return "strokes"
    name = path.name.lower()
    if name.endswith(("ubyte", "ubyte.gz")):
        return "idx"
    return "picture" if is_picture(start) else _SUFFIXES.get(path.suffix.lower(), "picture")


def _numbered(name: str, n: int) -> list[str]:
    return [f"{name}[{index}]" for index in range(n)]
