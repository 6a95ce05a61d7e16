"""One picture file to gray values, as they look on the paper."""

from __future__ import annotations

import io
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import FileError, ImageError, InputError
from inkmeans.images._files import MAX_UNPACKED, open_file, read_at_most
from inkmeans.images._frames import check_one_frame
from inkmeans.images._quiet import strict_libtiff, without_warnings

MAX_MEGAPIXELS = 100
"""Larger pictures are refused before they are decoded: an A4 page at 600 dots an inch has 35."""

KINDS = "PNG, JPEG, TIFF, WebP, BMP, GIF or PPM"

# First bytes, Pillow's module, its opener. Calling the opener itself leaves out Pillow's own limit, which warns at
# 89 megapixels, and loads one decoder instead of all.
_DECODERS = (
    (b"\x89PNG\r\n\x1a\n", "PngImagePlugin", "PngImageFile"),
    (b"\xff\xd8\xff", "JpegImagePlugin", "jpeg_factory"),
    (b"II*\0", "TiffImagePlugin", "TiffImageFile"),
    (b"MM\0*", "TiffImagePlugin", "TiffImageFile"),
    (b"II+\0", "TiffImagePlugin", "TiffImageFile"),
    (b"MM\0+", "TiffImagePlugin", "TiffImageFile"),
    (b"BM", "BmpImagePlugin", "BmpImageFile"),
    (b"GIF8", "GifImagePlugin", "GifImageFile"),
    *((f"P{digit}".encode(), "PpmImagePlugin", "PpmImageFile") for digit in range(1, 7)),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_PHOTOMETRIC, _ORIENTATION = 262, 274  # TIFF and EXIF tags
_WHITE_IS_ZERO = 0
_UNNAMED = "the picture"
_PROJECT = b"SQLite format 3\0"  # how a project file begins


def read_image(source: str | Path | bytes | BinaryIO, *, name: str | None = None) -> NDArray[np.uint8]:
    """Return a picture's gray values as they look on paper or screen, not inverted: white paper is 255.

    The turn that a camera notes in EXIF is applied. Color becomes luma (ITU-R 601); what is transparent shows white
    paper, or black where light ink is drawn on it; 1-bit and 16-bit gray are brought to 0..255, and so are the numbers
    of a TIFF with 32-bit integers or floats, whose white is taken to be the least of 1 (floats only), 255, 65,535 and
    4,294,967,295 that none exceeds.

    Parameters
    ----------
    source : str, Path, bytes or binary file
        PNG, JPEG, TIFF, WebP, BMP, GIF or PPM, known by its content.
    name : str, optional
        What messages call the picture; the path where there is one.

    Returns
    -------
    uint8 of shape (height, width)

    Raises
    ------
    FileError
        The file cannot be opened.
    ImageError
        The content is not such a picture, is damaged, has more than 100 megapixels (seen before it is decoded), or is
        an animation or a TIFF of several pages.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        return _decode(io.BytesIO(source), name or _UNNAMED)
    if source == "":  # which Path takes for the folder "."
        raise FileError("'' names no file; give the path of a picture.")
    if isinstance(source, str | Path):
        with open_file(Path(source)) as file:
            return _decode(file, name or str(source))
    if not hasattr(source, "read"):
        raise InputError(f"source must be a path, bytes or a binary file; got {type(source).__name__}.")
    name = name or str(getattr(source, "name", _UNNAMED))
    return _decode(io.BytesIO(read_at_most(source, MAX_UNPACKED, name)), name)


def _decode(file: BinaryIO, name: str) -> NDArray[np.uint8]:
    start = file.read(32)
    file.seek(0)
    decoder = _find_decoder(start, name)
    try:
        with without_warnings():
            image = decoder(file)
    except Exception as error:  # hostile bytes make decoders raise nearly anything
        raise ImageError(f"{name} is damaged: its header cannot be read; copy or save it again.") from error
    with image:
        width, height = image.size
        if width * height > MAX_MEGAPIXELS * 1_000_000:
            raise ImageError(
                f"{name} has {width:,} x {height:,} pixels, more than the limit of {MAX_MEGAPIXELS} megapixels; "
                "scale it down first."
            )
        try:
            with without_warnings():
                check_one_frame(image, name)
            with strict_libtiff() if image.format == "TIFF" else nullcontext():
                image.load()
        except ImageError:
            raise
        except MemoryError as error:
            raise ImageError(f"{name} needs more memory than there is; scale it down first.") from error
        except Exception as error:
            raise ImageError(
                f"{name} is damaged or cut short: its pixels cannot be decoded; copy or save it again."
            ) from error
        return _turn(_to_gray(image, name), _orientation(image))


def is_picture(start: bytes) -> bool:
    """Return whether a file that begins so is a picture of a kind that can be read."""
    return _decoder_name(start) is not None


def _decoder_name(start: bytes) -> tuple[str, str] | None:
    for magic, module, opener in _DECODERS:
        if start.startswith(magic):
            return module, opener
    return ("WebPImagePlugin", "WebPImageFile") if start[:4] == b"RIFF" and start[8:12] == b"WEBP" else None


def _find_decoder(start: bytes, name: str) -> Any:
    if not start:
        raise ImageError(f"{name} is empty (0 bytes); a picture must be {KINDS}.")
    decoder = _decoder_name(start)
    if decoder is not None:
        return getattr(import_module(f"PIL.{decoder[0]}"), decoder[1])
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF_BRANDS:
        raise ImageError(
            f"{name} is a HEIC photo, which cannot be read; save it as JPEG, or let the phone do so "
            "(iPhone: Settings, Camera, Formats, Most Compatible)."
        )
    if start.startswith(b"%PDF"):
        raise ImageError(
            f"{name} is a PDF, which this version cannot read (PDF pages come in a later one); save the page as PNG."
        )
    if start.startswith(_PROJECT):
        raise ImageError(f"{name} is a project, but a picture is needed here; give the files that it was made from.")
    fault = "is of no kind that can be read" if name == _UNNAMED else "is not a picture that can be read"
    raise ImageError(f"{name} {fault}; it must be {KINDS}.")


def _to_gray(image: Any, name: str) -> NDArray[np.uint8]:
    from PIL import Image

    mode = image.mode
    if mode.startswith("I;16"):
        gray = _scale(np.asarray(image).astype(np.float32), 65535.0)
        inverted = image.format == "TIFF" and image.tag_v2.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
        return 255 - gray if inverted else gray  # Pillow inverts such pictures of 1 and 8 bits, but not of 16
    if mode in ("I", "F"):
        return _numbers_to_gray(np.asarray(image), name)
    if mode == "LAB":
        return np.array(image.getchannel("L"))
    if image.has_transparency_data:
        layered = image if mode in ("LA", "RGBA") else image.convert("RGBA")
        gray, alpha = layered.convert("L"), layered.getchannel("A")
        ground = Image.new("L", image.size, _ground(np.asarray(gray), np.asarray(alpha)))
        return np.array(Image.composite(gray, ground, alpha))
    return np.array(image.convert("L"))


def _ground(gray: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> int:
    """Return the gray to show where a picture is transparent: white paper, or black under light ink.

    Light ink is what covers less than half of the picture: paper with transparent edges covers more.
    """
    opaque = int(alpha.sum(dtype=np.int64))
    if not 0 < opaque < 255 * alpha.size / 2:
        return 255
    light = float((gray.astype(np.uint16) * alpha).sum(dtype=np.int64)) / opaque
    return 0 if light > 127 else 255


def _numbers_to_gray(numbers: NDArray[Any], name: str) -> NDArray[np.uint8]:
    least, most = float(numbers.min()), float(numbers.max())
    if not (least >= 0 and most < 1 << 32):  # NaN fails too
        raise ImageError(f"{name}: gray values must be numbers from 0 to 4,294,967,295; save it with 8 or 16 bits.")
    whites = [255.0, 65535.0, float((1 << 32) - 1)]
    if numbers.dtype.kind == "f":
        whites.insert(0, 1.0)
    return _scale(numbers.astype(np.float64), next(white for white in whites if most <= white))


def _scale(numbers: NDArray[Any], white: float) -> NDArray[np.uint8]:
    numbers *= 255.0 / white
    return (numbers + 0.5).astype(np.uint8)


def _orientation(image: Any) -> int:
    """Return the turn from EXIF, 1 to 8. TIFF pictures come turned from Pillow, which then forgets the note."""
    try:
        with without_warnings():
            return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged metadata do not make a picture unreadable
        return 1


def _turn(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    if orientation in (5, 6, 7, 8):
        pixels = pixels.T
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
