"""The affinity graph of rows: nearest neighbors, edge weights, the diffusion map, label propagation."""

from inkmeans.graph._affinity import MOST_EXACT, neighbor_graph
from inkmeans.graph._diffusion_map import Eigenvectors, diffusion_map, leading_eigenvectors, select_diffusion_time
from inkmeans.graph._label_propagation import propagate_labels
from inkmeans.graph._neighbors import nearest_neighbors

__all__ = [
    "MOST_EXACT",
    "Eigenvectors",
    "diffusion_map",
    "leading_eigenvectors",
    "nearest_neighbors",
    "neighbor_graph",
    "propagate_labels",
    "select_diffusion_time",
]
