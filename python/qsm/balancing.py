"""Which server takes which request: policies to embed, their theory, and farms of servers simulated behind them."""

from __future__ import annotations

from qsm._core.balancing import (
    FarmSimulation,
    HealthCheck,
    JoinIdleQueue,
    LeastConnections,
    LeastWork,
    OutlierEjection,
    PeakEwma,
    PowerOfChoices,
    Prequal,
    RandomServer,
    RoundRobin,
    SizeInterval,
    SmoothRoundRobin,
    WeightedLeastConnections,
    deterministic_subset,
    random_subset,
    replay,
    simulate,
    slow_start_share,
)

__all__ = [
    "FarmSimulation",
    "HealthCheck",
    "JoinIdleQueue",
    "LeastConnections",
    "LeastWork",
    "OutlierEjection",
    "PeakEwma",
    "PowerOfChoices",
    "Prequal",
    "RandomServer",
    "RoundRobin",
    "SizeInterval",
    "SmoothRoundRobin",
    "WeightedLeastConnections",
    "deterministic_subset",
    "random_subset",
    "replay",
    "simulate",
    "slow_start_share",
]
