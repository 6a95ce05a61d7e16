"""Every error that inkmeans raises on purpose; each is also the standard kind, so plain ``except ValueError`` works.

::

    InkmeansError
    ├── InputError        (ValueError)   an argument or an array that cannot be used
    │   └── InputTypeError (TypeError too) an argument of a type that cannot be used
    ├── ImageError        (ValueError)   a file or bytes that are not the picture they should be
    ├── FileError         (OSError)      a file that cannot be opened, read or written
    ├── ModelFileError    (ValueError)   a damaged or foreign model file
    ├── ProjectError      (ValueError)   a damaged or foreign project file, or a step that does not fit it
    └── MissingExtraError (ImportError)  a part that was not installed; the message says how to get it

Each message is one sentence for the person who reads it: what was wrong, the rule, the fact, what to do.
"""


class InkmeansError(Exception):
    """The root of all errors that inkmeans raises on purpose."""


class InputError(InkmeansError, ValueError):
    """An argument or an array that cannot be used."""


class InputTypeError(InputError, TypeError):
    """An argument of a type that cannot be used."""


class ImageError(InkmeansError, ValueError):
    """A file or bytes that are not the picture they should be."""


class FileError(InkmeansError, OSError):
    """A file that cannot be opened, read or written."""


class ModelFileError(InkmeansError, ValueError):
    """A damaged or foreign model file."""


class ProjectError(InkmeansError, ValueError):
    """A damaged or foreign project file, or a step that does not fit it."""


class MissingExtraError(InkmeansError, ImportError):
    """A part of inkmeans that was not installed."""

    def __init__(self, what: str, extra: str) -> None:
        # pip finds inkmeans installed, however it came, and adds what the extra needs.
        super().__init__(f"{what} needs packages that are not installed; run: pip install 'inkmeans[{extra}]'")
