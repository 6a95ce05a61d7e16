"""A process to be killed: does steps without end and prints each one that was acknowledged."""

import sys

import numpy as np

from inkmeans.naming import Project


def say(*what):
    print(*what, flush=True)


def name(path, first):
    with Project.open(path) as project:
        say("ready")
        for i in range(int(first), sys.maxsize):
            project.name(i % 10, f"name {i}")
            say(i)


def undo(path):
    with Project.open(path) as project:
        say("ready")
        while True:
            say("undo", project.undo().number)
            say("redo", project.redo().number)


def cluster(path):
    with Project.open(path) as project:
        say("ready")
        for i in range(sys.maxsize):
            project.cluster(2 + i % 5)
            say(2 + i % 5)


def create(path):
    images = np.zeros((90, 28, 28), dtype=np.uint8)
    images[:, 4:24, 12:16] = np.random.default_rng(0).integers(100, 255, (90, 20, 4))
    say("ready")
    for i in range(sys.maxsize):
        size = (60, 90)[i % 2]
        Project.create(path, images[:size], overwrite=True).close()
        say(size)


if __name__ == "__main__":
    {"name": name, "undo": undo, "cluster": cluster, "create": create}[sys.argv[1]](*sys.argv[2:])
