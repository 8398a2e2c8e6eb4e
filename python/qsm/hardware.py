"""Machines as the cost models take them: published entries, and this machine measured as one more."""

from qsm._core.hardware import (
    Accelerator,
    Bandwidth,
    Probe,
    Rate,
    accelerator,
    accelerator_names,
    from_json,
    profile_machine,
    read_bandwidth,
    to_json,
    work_rate,
)

__all__ = [
    "Accelerator",
    "Bandwidth",
    "Probe",
    "Rate",
    "accelerator",
    "accelerator_names",
    "from_json",
    "profile_machine",
    "read_bandwidth",
    "to_json",
    "work_rate",
]
