"""Golden rows of filters, made by the C header xor_singleheader (commit c482686), compiled here.

Keys are splitmix64(0), splitmix64(1), ...; `bytes` is what binary_fuse8_serialize and its like write, in hexadecimal
digits; `found` are those i of 0..1999 for which the filter claims to hold splitmix64(2^40 + i), which it does not.

Run: python scripts/golden/filters.py FOLDER_OF_THE_HEADERS tests/golden/sketches
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = """
#include "binaryfusefilter.h"
#include "xorfilter.h"
static uint64_t key(uint64_t i) { return binary_fuse_rng_splitmix64(&i); }
#define MAKE(kind, bits, size_of)                                                         \\
  static void kind##bits##_row(uint32_t n) {                                              \\
    kind##bits##_t filter;                                                                \\
    uint64_t keys[5000];                                                                  \\
    for (uint32_t i = 0; i < n; ++i) keys[i] = key(i);                                    \\
    kind##bits##_allocate(n, &filter);                                                    \\
    if (!kind##bits##_populate(keys, n, &filter)) exit(1);                                \\
    char* out = malloc(100000);                                                           \\
    kind##bits##_serialize(&filter, out);                                                 \\
    printf(#kind ",%d,%u,", bits, n);                                                     \\
    for (size_t i = 0; i < size_of; ++i) printf("%02x", (unsigned char)out[i]);           \\
    printf(",");                                                                          \\
    for (uint64_t i = 0, some = 0; i < 2000; ++i)                                         \\
      if (kind##bits##_contain(key(((uint64_t)1 << 40) + i), &filter))                    \\
        printf(some++ ? " %d" : "%d", (int)i);                                            \\
    printf("\\n");                                                                          \\
  }
MAKE(binary_fuse, 8, 28 + filter.ArrayLength)
MAKE(binary_fuse, 16, 28 + 2 * filter.ArrayLength)
MAKE(xor, 8, 16 + 3 * filter.blockLength)
MAKE(xor, 16, 16 + 6 * filter.blockLength)
int main(void) {
  const uint32_t sizes[] = {2, 30, 400};
  for (int i = 0; i < 3; ++i) {
    binary_fuse8_row(sizes[i]);
    binary_fuse16_row(sizes[i]);
    xor8_row(sizes[i]);
    xor16_row(sizes[i]);
  }
  return 0;
}
"""
HEADER = """\
# C header xor_singleheader, commit c482686, scripts/golden/filters.py; bytes are exact.
kind,bits,items,bytes,found
"""


def main(headers: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        source, program = Path(scratch) / "rows.c", Path(scratch) / "rows"
        source.write_text(PROGRAM)
        subprocess.run(["cc", "-O1", "-w", f"-I{headers}", str(source), "-o", str(program), "-lm"], check=True)
        rows = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout
    (folder / "xor_singleheader.csv").write_text(HEADER + rows)


main(Path(sys.argv[1]), Path(sys.argv[2]))
