import subprocess
import sys


def test_importing_it_loads_nothing_heavy():
    code = "import sys, inkmeans.naming; print([m for m in ('sklearn', 'scipy', 'PIL', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
