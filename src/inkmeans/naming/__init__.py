"""The project file: glyphs, their clusters and the names that people give them; every step can be undone."""

from inkmeans.naming._clusters import Cluster
from inkmeans.naming._create import replacing
from inkmeans.naming._names_csv import parse_names_csv, read_names_csv, write_names_csv
from inkmeans.naming._project import Project
from inkmeans.naming._steps import Step

__all__ = [
    "Project",
    "Cluster",
    "Step",
    "replacing",
    "read_names_csv",
    "parse_names_csv",
    "write_names_csv",
]
