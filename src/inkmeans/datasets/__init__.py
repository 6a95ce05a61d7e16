"""Named sets of handwriting: one comes with scikit-learn, one is fetched once, hash-checked, and kept.

``load_digits`` needs nothing but an installed inkmeans. ``load_mnist`` reads MNIST from a folder or file you name, or
from the cache that ``fetch("mnist")`` filled. ``list_datasets`` says what there is and what is here already. This
folder stands beside the road: it knows names, licences, hashes and addresses, and leaves the decoding to ``images``.
Nothing goes over the network but in ``fetch``.
"""

from inkmeans.datasets._cache import cache_folder
from inkmeans.datasets._dataset import Dataset
from inkmeans.datasets._digits import load_digits
from inkmeans.datasets._fetch import fetch
from inkmeans.datasets._mnist import load_mnist
from inkmeans.datasets._registry import DatasetInfo, RemoteFile, list_datasets

__all__ = [
    "Dataset",
    "load_digits",
    "load_mnist",
    "list_datasets",
    "DatasetInfo",
    "RemoteFile",
    "fetch",
    "cache_folder",
]
