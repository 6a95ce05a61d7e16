"""The checksum that each row of a project file carries: a flipped bit is found, and its row named."""

from __future__ import annotations

import zlib


def checksum(*parts: bytes | str | int | None) -> int:
    """Return the CRC-32 of a row's values, their types and lengths too: one flipped bit makes text of bytes."""
    crc32 = 0
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        kind = b"b" if isinstance(part, bytes) else b"t" if isinstance(part, str) else b"n"
        crc32 = zlib.crc32(b"%b%d:%b" % (kind, len(data), data), crc32)
    return crc32
