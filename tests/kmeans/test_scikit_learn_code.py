"""Code written for scikit-learn's KMeans: its parameters, what it prints, its warning, sparse data."""

import re
from typing import Any

import numpy as np
import pytest
import sklearn.cluster
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning

from inkmeans import KMeans, kmeans_plusplus
from inkmeans.kmeans import Iteration


def some_rows(seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=(300, 6))


def test_code_written_for_scikit_learn_runs_as_it_is() -> None:
    X = some_rows(0)
    before = X.copy()
    settings = {"n_clusters": 4, "init": X[:4], "n_init": 1, "max_iter": 100, "tol": 0.0, "verbose": 0,
                "random_state": 0, "copy_x": False}  # fmt: skip
    for algorithm in ("lloyd", "elkan"):
        ours = KMeans(**settings, algorithm=algorithm).fit(X)
        theirs = sklearn.cluster.KMeans(**{**settings, "copy_x": True}, algorithm=algorithm).fit(X)
        np.testing.assert_array_equal(ours.labels_, theirs.labels_)
        assert ours.get_params() == {**ours.get_params(), "algorithm": algorithm, "copy_x": False, "verbose": 0}
    np.testing.assert_array_equal(X, before)


def test_verbose_prints_each_initialization_and_inertia_as_scikit_learn_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    X = some_rows(1)
    settings = {"n_clusters": 4, "init": X[:4], "n_init": 1, "tol": 0.0}
    printed_lines = []
    for estimator in (KMeans, sklearn.cluster.KMeans):
        estimator(**settings, verbose=1).fit(X)
        printed_lines.append(capsys.readouterr().out.splitlines())
    ours, theirs = printed_lines
    assert ours[0] == theirs[0] == "Initialization complete"
    assert ours[-1] == f"Converged at iteration {len(ours) - 3}." and theirs[-1].startswith(ours[-1][:-1] + ":")
    assert len(ours) == len(theirs) > 4
    for one, other in zip(ours[1:-1], theirs[1:-1], strict=True):
        (name, inertia), (other_name, other_inertia) = (line.rstrip(".").split(", inertia ") for line in (one, other))
        assert name == other_name and float(inertia) == pytest.approx(float(other_inertia))
    seen: list[Iteration] = []
    KMeans(4, init="random", n_init=3, verbose=True, random_state=0, callback=seen.append).fit(X)
    printed = capsys.readouterr().out
    assert printed.count("Initialization complete") == printed.count("Converged") == 3
    first = {(step.run, step.n_iter): step.inertia for step in reversed(seen)}  # of each iteration, its assignment
    expected = [f"Iteration {n_iter - 1}, inertia {inertia}." for (_, n_iter), inertia in reversed(first.items())]
    assert [line for line in printed.splitlines() if line.startswith("Iteration")] == expected
    KMeans(4, random_state=0).fit(X)
    assert capsys.readouterr().out == ""


def test_fewer_distinct_clusters_than_asked_warn() -> None:
    X = np.repeat([[0.0, 0.0], [1.0, 1.0]], 5, axis=0)
    message = "Only 2 distinct clusters were found for n_clusters=3; X may have many duplicate rows."
    with pytest.warns(ConvergenceWarning, match=f"^{re.escape(message)}$") as caught:
        KMeans(3, random_state=0).fit(X)
    assert len(caught) == 1 and caught[0].filename == __file__


@pytest.mark.parametrize("container", [sparse.csr_matrix, sparse.csr_array, sparse.coo_matrix])
def test_sparse_data_are_refused_with_what_to_do(container: Any) -> None:
    X = np.eye(4)
    model = KMeans(2, random_state=0).fit(X)
    for call in (KMeans(2).fit, KMeans(2).partial_fit, model.predict, model.transform, model.score,
                 lambda X: kmeans_plusplus(X, 2)):  # fmt: skip
        with pytest.raises(
            TypeError, match=r"^X is sparse, but k-means needs a dense array; pass X\.toarray\(\) in its"
        ):
            call(container(X))
