"""Processes to be killed: each does steps without end and prints each one that was acknowledged.

Python and what it imports take longer to load than a test takes: they are loaded once, and each line of standard input,
a kind of steps and its arguments, is given to a fork of that process.
"""

import json
import os
import sys
import traceback

import numpy as np

from inkmeans.naming import Project


def say(*what):
    print(*what, flush=True)


def ready():
    say("ready", os.getpid())


def name(path, first):
    with Project.open(path) as project:
        ready()
        for i in range(first, sys.maxsize):
            project.name(i % 10, f"name {i}")
            say(i)


def undo(path):
    with Project.open(path) as project:
        ready()
        while True:
            say("undo", project.undo().number)
            say("redo", project.redo().number)


def cluster(path):
    with Project.open(path) as project:
        ready()
        for i in range(sys.maxsize):
            project.cluster(2 + i % 5)
            say(2 + i % 5)


def create(path):
    images = np.zeros((90, 28, 28), dtype=np.uint8)
    images[:, 4:24, 12:16] = np.random.default_rng(0).integers(100, 255, (90, 20, 4))
    ready()
    for i in range(sys.maxsize):
        size = (60, 90)[i % 2]
        Project.create(path, images[:size], overwrite=True).close()
        say(size)


def fork(kind, *args):
    if kind == "cluster":
        import inkmeans.cluster  # noqa: F401  (before the fork, so once)
    child = os.fork()
    if child == 0:
        try:
            {"name": name, "undo": undo, "cluster": cluster, "create": create}[kind](*args)
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    _, status = os.waitpid(child, 0)
    say("\nended", os.waitstatus_to_exitcode(status))  # the child may have been killed within a line


if __name__ == "__main__":
    for line in sys.stdin:
        fork(*json.loads(line))
