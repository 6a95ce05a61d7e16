"""The first stage of the road: files become arrays of gray values, and nothing more happens to them here.

``read_images`` takes whatever a person has (a picture, a folder of pictures, IDX as MNIST ships it, ``.npz`` and
``.npy`` arrays, pen strokes) and gives an ``ImageSet``: the images, where each came from, the truths where they are
known, and a ``Problem`` for each input that could not be read. Behind it stands one reader for each kind of file:
``read_image``, ``read_idx``, ``read_arrays`` and ``read_strokes`` (with ``rasterize``).

Pictures come as they look on paper or screen (ink is usually dark); arrays as they are stored; strokes as ink bright
on 0. Which of the two an image is, the stages after this one find out. Only pictures need Pillow.
"""

from inkmeans.images._any import read_images
from inkmeans.images._arrays import read_arrays
from inkmeans.images._gray import as_gray
from inkmeans.images._idx import read_idx
from inkmeans.images._image_set import ImageSet, Problem
from inkmeans.images._picture import MAX_MEGAPIXELS, read_image
from inkmeans.images._rasterize import fine_rows_crossed, rasterize
from inkmeans.images._strokes import Drawing, read_strokes

__all__ = [
    "as_gray",
    "read_images",
    "ImageSet",
    "Problem",
    "read_image",
    "read_idx",
    "read_arrays",
    "read_strokes",
    "Drawing",
    "rasterize",
    "fine_rows_crossed",
    "MAX_MEGAPIXELS",
]
