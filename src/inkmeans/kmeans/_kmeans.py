"""KMeans: exact k-means clustering with scikit-learn's interface."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from numbers import Real
from typing import Any, Self, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.kmeans._blocks import gathered
from inkmeans.kmeans._checks import check_weights, refuse_sparse
from inkmeans.kmeans._half_steps import Iteration
from inkmeans.kmeans._kernels import (
    ClusterSums,
    data_shift,
    inertia_of,
    nearest_centers,
    squared_distances,
)
from inkmeans.kmeans._lloyd import Fit, Interrupted
from inkmeans.kmeans._runs import k_means
from inkmeans.kmeans._seeding import initial_centers
from inkmeans.threads import n_threads

_DTYPES = [np.float64, np.float32, np.uint8]
_ALGORITHMS = ("auto", "lloyd", "elkan")
_INITS = ("k-means++", "k-means||", "random")


class KMeans(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator):
    """k-means clustering, exact, of bytes and floats, with scikit-learn's names and meanings.

    Parameters
    ----------
    n_clusters : int
        Number of clusters, k.
    init : {"k-means++", "k-means||", "random"}, array of shape (n_clusters, n_features), or callable
        The initial centers. "k-means||" passes over X a few times, "k-means++" once for each center. A callable is
        called with (X, n_clusters, random_state) and returns centers.
    n_init : int or "auto"
        Number of runs with different initial centers; the run with the lowest inertia is kept. "auto": 10 for "random"
        and a callable, 1 otherwise.
    max_iter : int
        Maximum number of iterations of one run.
    tol : float
        A run has converged when the sum of squares by which the centers move in an iteration is at most tol times the
        mean variance of the features.
    algorithm : {"auto", "lloyd", "elkan"}
        "lloyd" computes every distance in every iteration. "auto" skips those that bounds from earlier iterations rule
        out (Hamerly's for 16 clusters and fewer, Elkan's for more, Yinyang's for many), while rows change little; the
        result is the same. "elkan" is scikit-learn's name for using bounds, and does what "auto" does.
    random_state : int, RandomState or None
        The seed of the draws of initial centers. With the same X, parameters and sample_weight it decides the result,
        whatever the number of threads.
    n_jobs : int or None
        Threads; None for all processors.
    copy_x : bool
        Accepted for scikit-learn's sake, and without effect: X is never changed, whether or not it is copied.
    verbose : int
        If not 0, print the end of each initialization, the inertia of each iteration and the convergence of each run,
        as scikit-learn does.
    callback : callable or None
        Called after each assignment and after each update of the centers with an `Iteration` (half_step, centers,
        labels, inertia, what changed); the last call has the result. Ctrl-C, or an exception raised by the callback,
        ends the fit; the attributes then hold the last assignment.

    Attributes
    ----------
    cluster_centers_ : float of shape (n_clusters, n_features)
        float32 for float32 data, float64 for bytes and float64.
    labels_ : int32 of shape (n_samples,)
        The nearest center of each row; the lowest index on a tie.
    inertia_ : float
        The (weighted) sum of squared distances of the rows to their centers.
    n_iter_ : int
    n_features_in_ : int

    Notes
    -----
    uint8, float32 and float64 are used without a converted copy; bytes give the same labels as their float64 copy. An
    empty cluster is relocated to the row farthest from its center.

    Beyond X, a fit takes about 100 bytes a row, and bounds of 16 MB or a quarter of X, whichever is more, but 32 bytes
    a row at least. With 16 clusters and fewer, a quantized copy of X takes their place: 2 bytes for each value of
    floats, at most the size of X (1.5 times that while it is made) for bytes, none beyond 2^27 values.
    ``algorithm="lloyd"`` takes neither. "k-means++" takes another 192 bytes a row during the initialization.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans import KMeans
    >>> X = np.array([[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]], dtype=np.uint8)
    >>> model = KMeans(n_clusters=2, random_state=0).fit(X)
    >>> sorted(model.cluster_centers_.tolist())
    [[1.0, 2.0], [10.0, 2.0]]
    >>> int(model.inertia_)
    16
    """

    cluster_centers_: NDArray[Any]
    labels_: NDArray[np.int32]
    inertia_: float
    n_iter_: int
    _shift: NDArray[np.float64]
    _weight_sums: NDArray[np.float64]  # of the rows that each center is the mean of

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        algorithm: str = "auto",
        random_state: Any = None,
        n_jobs: int | None = None,
        copy_x: bool = True,
        verbose: int = 0,
        callback: Callable[[Iteration], object] | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.algorithm = algorithm
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.copy_x = copy_x
        self.verbose = verbose
        self.callback = callback

    def fit(
        self, X: ArrayLike | Callable[[], Iterable[ArrayLike]], y: Any = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Find the clusters of X.

        Parameters
        ----------
        X : uint8, float32 or float64 of shape (n_samples, n_features), or callable
            Other dtypes are taken as float64. A memory-mapped array stays on disk. A callable returns an iterable of
            blocks of rows, of any sizes; they are written once into a temporary file (where TMPDIR says) and used from
            there, so the result is that of one array.
        y : ignored
        sample_weight : array of shape (n_samples,) or None
            How much each row counts; None: 1 each. With one seed, None and an array of ones draw different initial
            centers; from the same initial centers they give the same result.

        Raises
        ------
        InputError, ValueError
            If a parameter or the data cannot be used (also sparse data); the sentence says which and why.

        Warns
        -----
        ConvergenceWarning
            If fewer distinct clusters than n_clusters were found, as where X has fewer distinct rows.
        """
        self._check_parameters()
        if callable(X):
            with gathered(X, _DTYPES) as whole:
                return self._fit(whole, sample_weight)
        return self._fit(X, sample_weight)

    def _fit(self, X: ArrayLike, sample_weight: ArrayLike | None) -> Self:
        rows = self._validate(X)
        if len(rows) < self.n_clusters:
            raise InputError(f"n_samples={len(rows)} should be >= n_clusters={self.n_clusters}.")
        weights = check_weights(sample_weight, rows)
        try:
            fit = k_means(
                rows,
                int(self.n_clusters),
                init=self.init,
                n_init=self._n_runs(),
                max_iter=int(self.max_iter),
                tol=self.tol,
                weights=weights,
                random_state=self.random_state,
                n_jobs=self.n_jobs,
                keeps_bounds=self.algorithm != "lloyd",
                verbose=bool(self.verbose),
                callback=self.callback,
            )
        except Interrupted as stop:
            if stop.last is not None:
                self._keep(stop.last, weights)
            assert stop.__cause__ is not None
            raise stop.__cause__ from None
        self._keep(fit, weights)
        n_distinct = np.count_nonzero(np.bincount(fit.labels))
        if n_distinct < self.n_clusters:
            warnings.warn(
                f"Only {n_distinct} distinct clusters were found for n_clusters={self.n_clusters}; X may have many "
                "duplicate rows.",
                ConvergenceWarning,
                stacklevel=3,
            )
        return self

    def partial_fit(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> Self:
        """Update the centers with one batch of rows: each becomes the mean of all rows that were ever assigned to it.

        The first batch, of at least n_clusters rows, also gives the initial centers; after `fit`, its centers are
        updated. `labels_` and `inertia_` are those of the batch before its update, and `n_iter_` counts batches.
        Source: Sculley (2010), "Web-scale k-means clustering".

        Parameters
        ----------
        X : uint8, float32 or float64 of shape (n_samples, n_features)
        y : ignored
        sample_weight : array of shape (n_samples,) or None

        Raises
        ------
        InputError, ValueError
            If a parameter or the data cannot be used; the sentence says which and why.
        """
        self._check_parameters()
        is_first = not hasattr(self, "cluster_centers_")
        rows = self._validate(X, reset=is_first)
        weights = check_weights(sample_weight, rows)
        threads = n_threads(self.n_jobs)
        if is_first:
            if len(rows) < self.n_clusters:
                raise InputError(f"The first batch has n_samples={len(rows)}, and n_clusters={self.n_clusters}.")
            shift, _ = data_shift(rows, threads)
            random = check_random_state(self.random_state)
            start = initial_centers(rows, int(self.n_clusters), self.init, weights, random, shift, threads)
            self.cluster_centers_ = start.astype(np.float32 if rows.dtype == np.float32 else np.float64)
            self.n_iter_ = 0
            self._shift = shift
            self._weight_sums = np.zeros(self.n_clusters)
        shift, centers = self._shift_for(rows), self._wide_centers().copy()
        self.labels_ = nearest_centers(rows, centers, shift, threads)
        self.inertia_ = inertia_of(rows, centers, self.labels_, weights, threads)
        sums, added = ClusterSums(rows, weights, len(centers), shift, threads)(self.labels_)
        self._weight_sums = self._weight_sums + added
        moves = added > 0.0
        step = (sums[moves] - added[moves, None] * (centers[moves] - shift)) / self._weight_sums[moves, None]
        centers[moves] += step
        self.cluster_centers_ = centers.astype(self.cluster_centers_.dtype)
        self.n_iter_ += 1
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.int32]:
        """Return the nearest center of each row: int32 of shape (n_samples,)."""
        rows = self._check_rows(X)
        centers = self._wide_centers()
        return nearest_centers(rows, centers, self._shift_for(rows), n_threads(self.n_jobs))

    def transform(self, X: ArrayLike) -> NDArray[Any]:
        """Return the distance of each row to each center, of shape (n_samples, n_clusters); float32 for float32."""
        rows = self._check_rows(X)
        distances = np.sqrt(squared_distances(rows, self._wide_centers(), n_threads(self.n_jobs)))
        return distances.astype(np.float32) if rows.dtype == np.float32 else distances

    def score(self, X: ArrayLike, y: Any = None, sample_weight: ArrayLike | None = None) -> float:
        """Return the negative inertia of X on these centers."""
        rows = self._check_rows(X)
        centers = self._wide_centers()
        threads = n_threads(self.n_jobs)
        labels = nearest_centers(rows, centers, self._shift_for(rows), threads)
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, rows, dtype=np.float64)
        return -inertia_of(rows, centers, labels, weights, threads)

    def _keep(self, fit: Fit, weights: NDArray[np.float64] | None) -> None:
        self._weight_sums = np.bincount(fit.labels, weights, minlength=len(fit.centers)).astype(np.float64)
        self.cluster_centers_ = fit.centers
        self.labels_ = fit.labels
        self.inertia_ = fit.inertia
        self.n_iter_ = fit.n_iter
        self._shift = fit.shift

    def _wide_centers(self) -> NDArray[np.float64]:
        return np.ascontiguousarray(self.cluster_centers_, dtype=np.float64)

    def _shift_for(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        return np.zeros_like(self._shift) if rows.dtype == np.uint8 else self._shift

    def _check_rows(self, X: ArrayLike) -> NDArray[Any]:
        if self._is_clean(X):
            return X
        check_is_fitted(self)
        return self._validate(X, reset=False)

    def _validate(self, X: ArrayLike, *, reset: bool = True) -> NDArray[Any]:
        refuse_sparse(X)
        return validate_data(self, X, dtype=_DTYPES, order="C", accept_sparse=False, reset=reset)

    def _is_clean(self, X: ArrayLike) -> TypeGuard[NDArray[Any]]:
        """Return True if `validate_data` would return X itself; it takes longer than one row's prediction."""
        return (
            type(X) is np.ndarray
            and X.ndim == 2
            and X.dtype in _DTYPES
            and X.flags.c_contiguous
            and len(X) > 0
            and X.shape[1] == getattr(self, "n_features_in_", 0)
            and hasattr(self, "cluster_centers_")
            and not hasattr(self, "feature_names_in_")
            and (X.dtype == np.uint8 or _has_finite_sum(X))
        )

    @property
    def _n_features_out(self) -> int:
        return int(self.cluster_centers_.shape[0])

    def _n_runs(self) -> int:
        if self.n_init != "auto":
            return 1 if not isinstance(self.init, str) and not callable(self.init) else int(self.n_init)
        return 10 if callable(self.init) or (isinstance(self.init, str) and self.init == "random") else 1

    def _check_parameters(self) -> None:
        check_whole("n_clusters", self.n_clusters, least=1)
        check_whole("max_iter", self.max_iter, least=1)
        if self.n_init != "auto":
            if isinstance(self.n_init, str):
                raise InputError(f"n_init must be a whole number of at least 1, or 'auto'; got {self.n_init!r}.")
            check_whole("n_init", self.n_init, least=1)
        if not isinstance(self.tol, Real) or isinstance(self.tol, bool) or not self.tol >= 0:
            raise InputError(f"tol must be a number of at least 0; got {self.tol!r}.")
        _check_choice("algorithm", self.algorithm, _ALGORITHMS)
        if isinstance(self.init, str):
            _check_choice("init", self.init, _INITS)


def _has_finite_sum(X: NDArray[Any]) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(X.sum()))


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value in choices:
        return
    listed = ", ".join(f"'{choice}'" for choice in choices[:-1]) + f" or '{choices[-1]}'"
    near = get_close_matches(str(value), choices, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise InputError(f"{name} '{value}' is unknown; choose {listed}.{hint}")
