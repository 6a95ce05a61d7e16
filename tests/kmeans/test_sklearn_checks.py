"""KMeans keeps scikit-learn's estimator conventions."""

from typing import Any

from sklearn.utils.estimator_checks import parametrize_with_checks

from inkmeans import KMeans

SAMPLE_WEIGHT_CHECKS = {
    "check_sample_weight_equivalence_on_dense_data": "k-means++ draws other rows; scikit-learn's KMeans fails it too",
    "check_sample_weight_equivalence_on_sparse_data": "k-means++ draws other rows; scikit-learn's KMeans fails it too",
}


@parametrize_with_checks([KMeans(n_clusters=3)], expected_failed_checks=lambda _: SAMPLE_WEIGHT_CHECKS)
def test_scikit_learn_check(estimator: Any, check: Any) -> None:
    check(estimator)
