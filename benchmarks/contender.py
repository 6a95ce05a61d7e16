"""One contender at one work of the k-means benchmark, in a process of its own: timed each time that it is told to go.

    python benchmarks/contender.py WORK CONTENDER THREADS FOLDER

FOLDER holds the data (mnist.npy, components.npy), and takes what the work gave, for `bench_kmeans.py` to check.
"""

from __future__ import annotations

import ctypes
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_ITERATIONS = 20
Run = Callable[[], NDArray[Any]]


def main() -> None:
    work, contender, threads, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    kind, _, size = work.partition("-")
    run, about = WORKS[kind](folder, contender, int(size or 0), threads)
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        if line.strip() != "go":
            break
        began = time.perf_counter()
        given = run()
        seconds = time.perf_counter() - began
        np.save(folder / f"{work}.{contender}.npy", given)
        print(json.dumps({"seconds": seconds}), flush=True)


# --- iterations from the same start ------------------------------------------------------------------------------


def rows_of(folder: Path, work: str) -> NDArray[Any]:
    """Return the rows of a work: MNIST's bytes, principal components, or rows without structure."""
    if work == "hard":
        return np.random.default_rng(0).standard_normal((200_000, 128), dtype=np.float32)
    return np.load(folder / f"{work}.npy")


def start_of(X: NDArray[Any], k: int) -> NDArray[np.float32]:
    """Return the rows that all contenders start from."""
    return X[np.random.default_rng(k).choice(len(X), k, replace=False)].astype(np.float32)


def iterations(data: str) -> Callable[..., tuple[Run, dict[str, Any]]]:
    """Return the work of 20 iterations of k-means on some data."""

    def prepare(folder: Path, contender: str, k: int, threads: int) -> tuple[Run, dict[str, Any]]:
        X = rows_of(folder, data)
        start = start_of(X, k)
        if contender == "inkmeans":
            from inkmeans import KMeans

            model = KMeans(k, init=start, max_iter=N_ITERATIONS, tol=0, n_jobs=threads)
            return lambda: model.fit(X).cluster_centers_, {"dtype": str(X.dtype), "conversion": 0.0}
        began = time.perf_counter()
        X = X.astype(np.float64 if contender.endswith("float64") else np.float32)
        about = {"dtype": str(X.dtype), "conversion": time.perf_counter() - began}
        if contender == "faiss":
            import faiss

            faiss.omp_set_num_threads(threads)

            def train() -> NDArray[Any]:
                # No row is left out, as faiss does with more than 256 for each center.
                peer = faiss.Kmeans(X.shape[1], k, niter=N_ITERATIONS, max_points_per_centroid=len(X))
                peer.train(X, init_centroids=start)
                return peer.centroids

            return train, about
        if contender == "superkmeans":
            from superkmeans import SuperKMeans

            # It takes no start of ours, and prunes by an estimate.
            return lambda: SuperKMeans(
                k,
                X.shape[1],
                iters=N_ITERATIONS,
                n_threads=threads,
                early_termination=False,
                tol=0.0,
                sampling_fraction=1.0,
                max_points_per_cluster=len(X),
            ).train(X), about
        if contender == "intelex":
            from sklearnex.cluster import KMeans as Peer
        else:
            from sklearn.cluster import KMeans as Peer
        algorithm = "elkan" if contender == "elkan" else "lloyd"
        peer = Peer(k, init=start.astype(X.dtype), n_init=1, max_iter=N_ITERATIONS, tol=0, algorithm=algorithm)
        return lambda: peer.fit(X).cluster_centers_, about

    return prepare


# --- the rest ----------------------------------------------------------------------------------------------------


def seeding(folder: Path, contender: str, k: int, threads: int) -> tuple[Run, dict[str, Any]]:
    """Return k-means++ on MNIST."""
    X = rows_of(folder, "mnist")
    seeds = iter(range(1000))
    if contender == "inkmeans":
        from inkmeans import kmeans_plusplus

        return lambda: kmeans_plusplus(X, k, random_state=next(seeds), n_jobs=threads)[0], {"dtype": "uint8"}
    from sklearn.cluster import kmeans_plusplus as peer

    X = X.astype(np.float32 if contender.endswith("float32") else np.float64)
    return lambda: peer(X, k, random_state=next(seeds))[0], {"dtype": str(X.dtype)}


def fit(folder: Path, contender: str, k: int, threads: int) -> tuple[Run, dict[str, Any]]:
    """Return a whole fit with default settings."""
    X = rows_of(folder, "mnist")
    seeds = iter(range(1000))
    if contender == "inkmeans":
        from inkmeans import KMeans

        return lambda: KMeans(k, random_state=next(seeds), n_jobs=threads).fit(X).cluster_centers_, {"dtype": "uint8"}
    from sklearn.cluster import KMeans as Peer

    X = X.astype(np.float32 if contender.endswith("float32") else np.float64)
    return lambda: Peer(k, random_state=next(seeds)).fit(X).cluster_centers_, {"dtype": str(X.dtype)}


def predict(folder: Path, contender: str, k: int, threads: int) -> tuple[Run, dict[str, Any]]:
    """Return the prediction of one row, 1,000 times."""
    X = rows_of(folder, "mnist")[:2000]
    if contender == "inkmeans":
        from inkmeans import KMeans

        model = KMeans(k, max_iter=2, random_state=0, n_jobs=threads).fit(X)
    else:
        from sklearn.cluster import KMeans as Peer

        X = X.astype(np.float32)
        model = Peer(k, max_iter=2, n_init=1, random_state=0).fit(X)
    rows = [X[i : i + 1] for i in range(1000)]
    return lambda: np.array([model.predict(row)[0] for row in rows]), {"dtype": str(X.dtype)}


def neighbors(folder: Path, contender: str, k: int, threads: int) -> tuple[Run, dict[str, Any]]:
    """Return the search for the nearest neighbors of each row but itself."""
    X = rows_of(folder, "components")
    about = {"dtype": "float32"}
    if contender == "inkmeans":
        from inkmeans.graph import nearest_neighbors

        return lambda: nearest_neighbors(X, k, n_jobs=threads)[0], about
    if contender == "faiss":
        import faiss

        faiss.omp_set_num_threads(threads)

        def search() -> NDArray[Any]:
            index = faiss.IndexFlatL2(X.shape[1])
            index.add(X)
            return np.sqrt(index.search(X, k + 1)[0][:, 1:].clip(min=0))

        return search, about
    from sklearn.neighbors import NearestNeighbors

    return lambda: NearestNeighbors(n_neighbors=k, algorithm="brute", n_jobs=threads).fit(X).kneighbors()[0], about


def encode(folder: Path, contender: str, n_filters: int, threads: int) -> tuple[Run, dict[str, Any]]:
    """Return patches of 7 x 7 against filters, summed in 4 x 4 cells; of 7,000 images, a tenth of the set."""
    X = rows_of(folder, "mnist")[:7000].reshape(-1, 28, 28)
    filters = np.random.default_rng(0).normal(size=(n_filters, 7, 7)).astype(np.float32) / 7
    if contender == "inkmeans":
        from inkmeans.features import patch_features

        def all_at_once() -> NDArray[Any]:
            # Batches keep the features from filling the memory; only the last is kept.
            parts = [patch_features(X[i : i + 500], filters, np.full(n_filters, 0.25), n_jobs=threads)
                     for i in range(0, len(X), 500)]  # fmt: skip
            return parts[-1][-8:]

        return all_at_once, {"dtype": "uint8"}
    import torch

    torch.set_num_threads(threads)
    batch = int(contender.rpartition(" ")[2])
    centered = torch.from_numpy((filters - filters.mean(axis=(1, 2), keepdims=True)).reshape(n_filters, 49).T.copy())
    box = torch.ones(1, 1, 7, 7)
    ends = [0, 5, 11, 16, 22]

    def one_batch(images: NDArray[np.uint8]) -> Any:
        pixels = torch.from_numpy(images).float().unsqueeze(1)
        mean = torch.nn.functional.conv2d(pixels, box) / 49
        square = torch.nn.functional.conv2d(pixels * pixels, box) / 49
        gain = torch.rsqrt((square - mean * mean).clamp_(min=0) + 10).reshape(len(images), 484, 1)
        patches = torch.nn.functional.unfold(pixels, 7).transpose(1, 2) * gain
        responses = torch.addmm(torch.full((n_filters,), -0.25), patches.reshape(-1, 49), centered).relu_()
        responses = responses.reshape(len(images), 22, 22, n_filters)
        pooled = torch.empty(len(images), 4, 4, n_filters)
        for i in range(4):
            for j in range(4):
                cell = responses[:, ends[i] : ends[i + 1], ends[j] : ends[j + 1]]
                pooled[:, i, j] = cell.sum((1, 2))
        return pooled

    def in_batches() -> NDArray[Any]:
        with torch.inference_mode():
            for i in range(0, len(X), batch):
                pooled = one_batch(X[i : i + batch])
            return pooled[-8:].reshape(8, -1).numpy()

    return in_batches, {"dtype": "float32"}


def memory(folder: Path, contender: str, k: int, threads: int) -> tuple[Run, dict[str, Any]]:
    """Return a fit that tells the megabytes it takes beyond its input, at the peak."""
    X = rows_of(folder, "mnist")
    X.sum()
    if contender == "inkmeans":
        from inkmeans import KMeans

        model: Any = KMeans(k, random_state=0, max_iter=N_ITERATIONS, n_jobs=threads)
    else:
        from sklearn.cluster import KMeans as Peer

        model = Peer(k, random_state=0, max_iter=3, n_init=1)
    model.fit(X[:2000])  # what is loaded once, and the threads' own

    def peak() -> NDArray[Any]:
        ctypes.CDLL(None).malloc_trim(0)  # what earlier runs left in the allocator would hide as much of this one
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = _resident("VmRSS")
        model.fit(X)
        return np.array([_resident("VmHWM") - before])

    return peak, {"dtype": "uint8"}


def _resident(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024 / 1e6


def growth(folder: Path, contender: str, n_samples: int, threads: int) -> tuple[Run, dict[str, Any]]:
    """Return 10 iterations that leave nothing out, k = 100, on MNIST repeated with noise."""
    from inkmeans import KMeans

    mnist = rows_of(folder, "mnist")
    random = np.random.default_rng(0)
    X = mnist[np.arange(n_samples) % len(mnist)]
    X = (X + random.integers(0, 9, X.shape, dtype=np.uint8) * (X < 247) * (X > 0)).astype(np.uint8)
    model = KMeans(100, init=X[:100], max_iter=10, tol=0, algorithm="lloyd", n_jobs=threads)
    return lambda: model.fit(X).cluster_centers_, {"dtype": "uint8"}


WORKS: dict[str, Callable[..., tuple[Run, dict[str, Any]]]] = {
    "mnist": iterations("mnist"),
    "components": iterations("components"),
    "hard": iterations("hard"),
    "seeding": seeding,
    "fit": fit,
    "predict": predict,
    "neighbors": neighbors,
    "encode": encode,
    "memory": memory,
    "growth": growth,
}


if __name__ == "__main__":
    main()
