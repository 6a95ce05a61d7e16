"""Execute a notebook, in a process of its own: ``python execute.py FOLDER < notebook > executed``.

The client's sockets and event loop stay out of the process of the tests, in which every warning is an error.
"""

from __future__ import annotations

import sys

import nbformat
from nbclient import NotebookClient

notebook = nbformat.reads(sys.stdin.read(), 4)
client = NotebookClient(notebook, timeout=300, allow_errors=True, resources={"metadata": {"path": sys.argv[1]}})
client.execute()
sys.stdout.write(nbformat.writes(notebook))
