"""The lesson and the demo: what the page and the command line show of k-means on scikit-learn's digits."""

from inkmeans.lesson._demo import DEMO_PROJECT, run_demo
from inkmeans.lesson._ten_clusters import N_CLUSTERS, Lesson, NamedClusters, TenClusters, cluster_digits

__all__ = ["DEMO_PROJECT", "N_CLUSTERS", "Lesson", "NamedClusters", "TenClusters", "cluster_digits", "run_demo"]
