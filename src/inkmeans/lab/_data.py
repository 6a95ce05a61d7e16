"""Tasks 1 and 2: the images, and what their description says."""

from __future__ import annotations

from typing import Any

from inkmeans.datasets import load_digits
from inkmeans.lab._result import NotYet, task
from inkmeans.lab._values import whole


@task(1, "Look at the data")
def check_look(n_images: Any = None, side: Any = None, full_ink: Any = None) -> str:
    """Check the number of images, the pixels of a side and the largest value in scikit-learn's digits."""
    images = load_digits().images
    n, right_side, ink = len(images), images.shape[1], int(images.max())
    found = whole(n_images, "n_images")
    if found == images.size:
        raise NotYet(f"{found:,} is the number of all pixels; n_images counts images: len(images).")
    if found in images.shape[1:]:
        raise NotYet(f"{found} is the side of an image; n_images counts images: the first number of images.shape.")
    if found != n:
        raise NotYet(f"n_images is {found:,}, which is not how many there are; len(images) counts them.")
    found = whole(side, "side")
    if found == right_side**2:
        raise NotYet(f"{found} is the number of pixels of a whole image; how long is one side of that square?")
    if found != right_side:
        raise NotYet(f"side is {found}; look at images.shape: the second and third number are height and width.")
    found = whole(full_ink, "full_ink")
    if found == 255:
        raise NotYet("255 is full ink in many pictures, not in these; ask the data: images.max().")
    if found == ink - 1:
        raise NotYet(f"full_ink is {found}; there are {ink + 1} values from 0 on, so the largest is one more.")
    if found != ink:
        raise NotYet(f"full_ink is {found}, but it is the largest value in the data: images.max().")
    return f"{n:,} images of {right_side} x {right_side} pixels, ink from 0 to {ink}."


@task(2, "Read the description")
def check_description(n_writers: Any = None, block_side: Any = None) -> str:
    """Check how many people wrote these digits, and how large the blocks are that became one pixel."""
    found = whole(n_writers, "n_writers")
    if found == 43:
        raise NotYet("43 people wrote in all, but these images are only one part of theirs; read which part this is.")
    if found == 30:
        raise NotYet("30 people wrote the training set; the description says that this is a copy of the other part.")
    if found != 13:
        raise NotYet(f"n_writers is {found}; look for the number of people in the description.")
    found = whole(block_side, "block_side")
    if found == 16:
        raise NotYet("16 is how many small pixels lie in one block, which is why ink goes to 16; how long is its side?")
    if found in (8, 32):
        raise NotYet(f"{found} is the side of a whole image, {'after' if found == 8 else 'before'} the counting.")
    if found != 4:
        raise NotYet(f"block_side is {found}; 32 pixels a side became 8: how many went into one?")
    return "13 people, none of them you. Each pixel counts the ink in a block of 4 x 4, hence 0 to 16."
