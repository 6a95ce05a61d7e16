"""What a name is: the text that a person gives a cluster or a glyph, and that a reader answers with."""

from __future__ import annotations

import unicodedata

from inkmeans.errors import InputError

REJECTED = "?"
"""What a reader answers for a glyph of which it is not sure enough; no name."""

MAX_LENGTH = 64

# Cc: control, Cs: half a surrogate pair (not text), Zl, Zp: line and paragraph breaks. Cf stays: scripts need joiners.
_REFUSED = {"Cc", "Cs", "Zl", "Zp"}


def clean_text(text: object, what: str) -> str:
    """Return `text` in Unicode's NFC form without spaces at its ends, if it is 1 to 64 plain characters.

    Raises
    ------
    InputError
        `what` ("A name", "truths[3]") is the subject of the sentence.
    """
    if not isinstance(text, str):
        raise InputError(f"{what} must be text; got {type(text).__name__}.")
    clean = unicodedata.normalize("NFC", text).strip()
    for character in clean:
        if unicodedata.category(character) in _REFUSED:
            raise InputError(f"{what} must not hold control characters; got U+{ord(character):04X}.")
    if not clean:
        raise InputError(f"{what} must not be empty.")
    if len(clean) > MAX_LENGTH:
        raise InputError(f"{what} must have at most {MAX_LENGTH} characters; got {len(clean)}.")
    return clean


def clean_name(name: object, what: str = "A name") -> str:
    """Return `name` cleaned as by `clean_text`; "?" is refused, since it means reject.

    Examples
    --------
    >>> clean_name(" 7 ")
    '7'
    """
    clean = clean_text(name, what)
    if clean == REJECTED:
        raise InputError(
            f"{what} must not be '?', which means that the reader rejects; leave the cluster unnamed instead."
        )
    return clean


def is_name(name: object) -> bool:
    """Return whether `name` is a name just as it stands, as every name in a project file must be."""
    try:
        return clean_name(name) == name
    except InputError:
        return False
