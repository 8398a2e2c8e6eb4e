"""Golden rows of accelerators: what two collections of data-sheet numbers say of them.

Run: python scripts/golden/hardware.py tests/golden/hardware

The numbers stand here as they stand there: dense rates in 10^12 operations a second, memory in 10^9 bytes, bandwidth in 10^9 bytes a
second. Sources round, and so does the tolerance: 1 %.
"""

import sys
from pathlib import Path

ROWS = """\
A100-SXM-80GB,312,624,80,2039
H100-SXM,989,1979,80,3350
H200-SXM,989,1979,141,4800
B200,2250,4500,180,7700
L4,121,242,24,300
L40S,362.05,733,48,864
MI300X,1307,2610,192,5300
"""


def main() -> None:
    Path(sys.argv[1], "accelerators.csv").write_text(
        "# ai-dynamo/aiconfigurator, systems/*.yaml, and stas00/ml-engineering, compute/accelerator: dense rates of bfloat16 and\n"
        "# int8 [1e12/s], memory [1e9 B], bandwidth [1e9 B/s]; scripts/golden/hardware.py; tolerance 1 %\n"
        "name,bfloat16,int8,memory,bandwidth\n" + ROWS
    )


if __name__ == "__main__":
    main()
