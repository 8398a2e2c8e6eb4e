"""Takes paths and host names out of a result of Google Benchmark, and says on what machine it was made.

clean_result.py RESULT.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from machine import compiler_version, machine


def main() -> None:
    path = Path(sys.argv[1])
    result = json.loads(path.read_text())
    for name in ("executable", "host_name", "load_avg"):
        result["context"].pop(name, None)
    result["context"] |= {"machine": machine(), "compiler": compiler_version("g++")}
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
