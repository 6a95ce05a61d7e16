"""What may be a name."""

import re

import pytest

from inkmeans.errors import InputError
from inkmeans.names import REJECTED, clean_name, clean_text, is_name


@pytest.mark.parametrize(
    ("given", "clean"), [("7", "7"), (" 7 ", "7"), ("cafe\u0301", "café"), ("ಕ್ಷ", "ಕ್ಷ"), ("x" * 64, "x" * 64)]
)
def test_a_name_is_kept_in_one_form(given: str, clean: str) -> None:
    assert clean_name(given) == clean
    assert is_name(clean)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "A name must not be empty."),
        ("  ", "A name must not be empty."),
        ("a\nb", "A name must not hold control characters; got U+000A."),
        ("\ud800", "A name must not hold control characters; got U+D800."),
        ("x" * 65, "A name must have at most 64 characters; got 65."),
        (7, "A name must be text; got int."),
        (
            "?",
            "A name must not be '?', which means that the reader rejects; leave the cluster unnamed instead.",
        ),
    ],
)
def test_what_is_no_name_gets_one_sentence(given: object, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        clean_name(given)
    assert not is_name(given)


def test_the_reject_sign_is_text_but_no_name() -> None:
    assert clean_text(REJECTED, "A truth") == REJECTED
    assert not is_name(REJECTED)


def test_a_name_in_another_form_is_none_as_it_stands() -> None:
    assert not is_name(" 7")
    assert not is_name("cafe\u0301")
