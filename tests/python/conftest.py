"""What tests share: Hypothesis with the same examples on every run and no deadline, and a cluster."""

import pytest
from hypothesis import settings

settings.register_profile("qsm", derandomize=True, deadline=None)
settings.load_profile("qsm")


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler and two workers, each a process of its own."""
    distributed = pytest.importorskip("dask.distributed")
    with distributed.LocalCluster(
        n_workers=2,
        processes=True,
        threads_per_worker=1,
        dashboard_address=None,
        local_directory=str(tmp_path),
        silence_logs=50,
    ) as started:
        yield started
