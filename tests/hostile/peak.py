"""``python tests/hostile/peak.py FILE COMMAND…``: runs a command and writes the most memory any process of it held, in bytes, to a file.

A small process of its own has to start the command: Linux counts a process's memory from the moment before it becomes
another program, so what pytest itself holds would be counted too (and the children of every earlier test with it).
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """The command's exit code."""
    file, *command = sys.argv[1:]
    code = subprocess.run(command, check=False).returncode
    Path(file).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024), encoding="ascii")
    return code


if __name__ == "__main__":
    sys.exit(main())
