"""The data sets that inkmeans knows by name, as plain data: files, hashes, addresses, licences."""

from __future__ import annotations

from dataclasses import dataclass

from inkmeans.datasets._cache import cache_folder
from inkmeans.errors import InputError


@dataclass(frozen=True)
class RemoteFile:
    """One file of a data set; `sha256` is of the file as it is fetched."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a data set without loading it.

    Attributes
    ----------
    name : str
    summary : str
        One line for people.
    source, licence : str
    mirrors : tuple of str
        Addresses of folders that hold all `files`; they are tried in turn.
    files : tuple of RemoteFile
        Empty for a set that is installed with inkmeans.
    """

    name: str
    summary: str
    source: str
    licence: str
    mirrors: tuple[str, ...] = ()
    files: tuple[RemoteFile, ...] = ()

    @property
    def n_bytes(self) -> int:
        """The bytes that fetching all files takes."""
        return sum(file.n_bytes for file in self.files)

    @property
    def is_here(self) -> bool:
        """Whether the set can be loaded now, without fetching."""
        return all((cache_folder() / self.name / file.name).is_file() for file in self.files)


REGISTRY = {
    "digits": DatasetInfo(
        "digits",
        "1,797 digits of 8 x 8 pixels, 0 to 16, by 13 people; installed with scikit-learn",
        "Alpaydin & Kaynak 1998, Optical Recognition of Handwritten Digits (UCI), test part; in scikit-learn",
        "CC BY 4.0",
    ),
    "mnist": DatasetInfo(
        "mnist",
        "70,000 digits of 28 x 28 pixels, 0 to 255, by some 500 people",
        "LeCun, Cortes & Burges 1998, The MNIST database of handwritten digits",
        "widely given as CC BY-SA 3.0",
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
        (
            RemoteFile(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            RemoteFile(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            RemoteFile(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            RemoteFile(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ),
    ),
}


def list_datasets() -> list[DatasetInfo]:
    """Return what is known of each data set, in the order of the registry."""
    return list(REGISTRY.values())


def find_dataset(name: str) -> DatasetInfo:
    """Return the entry of that name.

    Raises
    ------
    InputError
        There is none.
    """
    if name not in REGISTRY:
        raise InputError(f"data set {name!r} is unknown; choose {' or '.join(repr(known) for known in REGISTRY)}.")
    return REGISTRY[name]
