"""The error of a reader that has learned nothing; loads scikit-learn, so it is imported where it is raised."""

from sklearn.exceptions import NotFittedError as SklearnNotFittedError

from inkmeans.errors import InputError


class NotFittedError(InputError, SklearnNotFittedError):
    """A reader was asked for what it has not learned; scikit-learn's kind of error and ours."""
