"""The checks of the lab's tasks, and the files that a class works with.

Each ``check_...`` takes what a learner has found and returns a `CheckResult`, which a notebook shows as "Right. ..." or
"Not yet: ..." with a hint for what is wrong. A check takes anything: whatever it is given, it answers in a sentence.
"""

from inkmeans.lab._bias_variance import check_bias_and_variance, check_train_and_test
from inkmeans.lab._by_hand import check_assign, check_kmeans, check_update
from inkmeans.lab._data import check_description, check_look
from inkmeans.lab._drawings import check_ink, check_readings, check_rejects, check_shift, check_step
from inkmeans.lab._kit import LEARNERS_FILES, TEACHERS_FILES, kit_files
from inkmeans.lab._naming import check_accuracy, check_names, check_pictures
from inkmeans.lab._numbers import check_few_labels, check_k, check_middles
from inkmeans.lab._result import CheckResult, overview
from inkmeans.lab._style import use_style

__all__ = [
    "CheckResult",
    "overview",
    "use_style",
    "check_look",
    "check_description",
    "check_assign",
    "check_update",
    "check_kmeans",
    "check_pictures",
    "check_names",
    "check_accuracy",
    "check_readings",
    "check_ink",
    "check_shift",
    "check_step",
    "check_k",
    "check_middles",
    "check_few_labels",
    "check_train_and_test",
    "check_bias_and_variance",
    "check_rejects",
    "kit_files",
    "LEARNERS_FILES",
    "TEACHERS_FILES",
]
