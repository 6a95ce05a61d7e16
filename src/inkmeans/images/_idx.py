"""IDX, the format of the MNIST files: a header of a type and lengths, then the numbers, big end first."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import ImageError
from inkmeans.images._files import MAX_UNPACKED, file_size, open_file, read_bytes, times

IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
GZIP_MAGIC = b"\x1f\x8b"
_MAX_DIMENSIONS = 64  # NumPy's own limit
_MAX_DEFLATE_RATIO = 1032  # no deflate stream inflates further, so an absurd header is found before anything is read


def read_idx(path: str | Path) -> NDArray[Any]:
    """Return the array of an IDX file, plain or gzipped, in the machine's own byte order.

    The size that the header asks for is checked against the size of the file before memory is taken. One byte too few
    or too many is an error.

    Parameters
    ----------
    path : str or Path
        The suffix does not matter; gzip is known by its first bytes.

    Returns
    -------
    ndarray
        uint8, int8, int16, int32, float32 or float64, of the shape in the header.

    Raises
    ------
    FileError
        The file cannot be opened.
    ImageError
        The file is not IDX, or is damaged.

    Notes
    -----
    Source: the format's description on the MNIST page, LeCun, Cortes & Burges 1998.
    """
    path = Path(path)
    name = str(path)
    with open_file(path) as file:
        size = file_size(file)
        if size == 0:
            raise ImageError(f"{name} is empty (0 bytes); an IDX file begins with a header of 8 bytes or more.")
        zipped = file.read(2) == GZIP_MAGIC
        file.seek(0)
        if not zipped:
            return _read_plain(file, name)
        try:
            with gzip.GzipFile(fileobj=file, mode="rb") as unzipped:
                return _read_zipped(unzipped, size, name)
        except EOFError as error:
            raise ImageError(f"{name}: the gzip data end too early; the file is probably truncated.") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise ImageError(f"{name}: the gzip data are damaged; copy or fetch the file again.") from error


def _read_plain(file: BinaryIO, name: str) -> NDArray[Any]:
    dtype, shape = _read_header(file, name)
    needed = _needed_bytes(dtype, shape, name)
    left = file_size(file)
    what = f"{name}: {dtype.newbyteorder('=')} array of {times(shape)} needs {needed:,} bytes"
    if left < needed:
        raise ImageError(f"{what}, the file has {left:,} left; it is probably truncated.")
    if left > needed:
        raise ImageError(f"{what}, but {left:,} follow the header; the file is damaged or not IDX.")
    return _numbers(file, needed, dtype, shape, what)


def _read_zipped(file: gzip.GzipFile, zipped_size: int, name: str) -> NDArray[Any]:
    dtype, shape = _read_header(file, name)
    needed = _needed_bytes(dtype, shape, name)
    what = f"{name}: {dtype.newbyteorder('=')} array of {times(shape)} needs {needed:,} bytes"
    if needed > MAX_UNPACKED:
        raise ImageError(f"{what}, more than the limit of {MAX_UNPACKED:,} for a gzipped file; unpack it first.")
    if needed > zipped_size * _MAX_DEFLATE_RATIO:
        raise ImageError(f"{what}, more than {zipped_size:,} gzipped bytes can hold; its header is damaged.")
    numbers = _numbers(file, needed, dtype, shape, what)
    if file.read(1):
        raise ImageError(f"{what}, but more follow the header; the file is damaged or not IDX.")
    return numbers


def _read_header(file: BinaryIO | gzip.GzipFile, name: str) -> tuple[np.dtype[Any], tuple[int, ...]]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise ImageError(
            f"{name} is not an IDX file: it must begin with two zero bytes, a type and a number of dimensions, "
            f"but begins with {magic.hex(' ') or 'nothing'}."
        )
    if magic[2] not in IDX_TYPES:
        known = ", ".join(f"0x{code:02X}" for code in IDX_TYPES)
        raise ImageError(f"{name}: IDX type 0x{magic[2]:02X} is unknown; the format has {known}.")
    n_dimensions = magic[3]
    if not 1 <= n_dimensions <= _MAX_DIMENSIONS:
        raise ImageError(f"{name}: an IDX array has 1 to {_MAX_DIMENSIONS} dimensions; the header says {n_dimensions}.")
    lengths = file.read(4 * n_dimensions)
    if len(lengths) < 4 * n_dimensions:
        raise ImageError(
            f"{name}: the header needs {4 * n_dimensions:,} bytes for the lengths of {n_dimensions} dimensions, "
            f"the file has {len(lengths):,} left; it is probably truncated."
        )
    return np.dtype(IDX_TYPES[magic[2]]), tuple(int(length) for length in np.frombuffer(lengths, ">u4"))


def _needed_bytes(dtype: np.dtype[Any], shape: tuple[int, ...], name: str) -> int:
    if math.prod(max(length, 1) for length in shape) * dtype.itemsize >= 1 << 62:  # NumPy refuses it, even if empty
        raise ImageError(f"{name}: an array of {times(shape)} fits no computer; the header is damaged.")
    return math.prod(shape) * dtype.itemsize


def _numbers(
    file: BinaryIO | gzip.GzipFile, needed: int, dtype: np.dtype[Any], shape: tuple[int, ...], what: str
) -> NDArray[Any]:
    data, done = read_bytes(file, needed)
    if done < needed:
        raise ImageError(f"{what}, the file has {done:,} left; it is probably truncated.")
    return data.view(dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)
