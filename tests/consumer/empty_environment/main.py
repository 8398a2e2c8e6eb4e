"""The wheel where nothing but NumPy is installed: scalars, arrays, errors, and what an import loads."""

import sys

before = {name.partition(".")[0] for name in sys.modules}
import qsm

loaded = {name.partition(".")[0] for name in sys.modules} - before - sys.stdlib_module_names
print("loaded", *sorted(name for name in loaded if not name.startswith("_")))
print("mm1", qsm.queueing.mm1(9, 10).mean_wait)
print("mmc", qsm.queueing.mmc(9, 1, 10).mean_wait)
print("servers", qsm.queueing.servers_for_wait(9, 1, 1, 0.99))
print("array", *qsm.queueing.mm1([5, 9], 10).mean_wait)
try:
    qsm.queueing.mm1(-1, 10)
except ValueError as error:
    print("error", error)
