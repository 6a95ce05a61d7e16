"""The examples in the docstrings print what they say."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("module", ["_text", "_centers", "_sheet", "_normalized", "_reading", "_html", "_report"])
def test_examples_print_what_they_say(module):
    results = doctest.testmod(import_module(f"inkmeans.pictures.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
