"""Pictures of several pages or frames: counted, and refused, since reading the first alone would pass the rest over."""

from __future__ import annotations

from typing import Any

from inkmeans.errors import ImageError

_SUBFILE_TYPE = 254  # a TIFF tag
_NO_PAGE = 1 | 4  # its bits for a reduced preview and for a transparency mask
_ANIMATIONS = ("GIF", "PNG", "WEBP")


def check_one_frame(image: Any, name: str) -> None:
    """Raise ImageError if an opened picture is a TIFF of several pages or an animation.

    A TIFF's previews and masks are no pages, and what a JPEG holds beside its picture (a preview, a map of depth or
    brightness, as phones save them) is no frame.
    """
    if image.format == "TIFF":
        n_pages = sum(_is_page(image, frame) for frame in range(image.n_frames))
        image.seek(0)
        what, kept, each = f"has {n_pages} pages", "pictures of one page", "each page"
    elif image.format in _ANIMATIONS:
        n_pages = getattr(image, "n_frames", 1)
        what, kept, each = f"is an animation of {n_pages} frames", "still pictures", "one frame"
    else:
        return
    if n_pages > 1:
        raise ImageError(f"{name} {what}, and only {kept} are read; save {each} as a file of its own.")


def _is_page(image: Any, frame: int) -> bool:
    image.seek(frame)
    return frame == 0 or not int(image.tag_v2.get(_SUBFILE_TYPE, 0)) & _NO_PAGE
