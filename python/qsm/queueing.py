"""Queues: how long customers wait, and how many servers a promise takes."""

from qsm._core.queueing import MM1, MMC, erlang_b, erlang_c, mm1, mmc, servers_for_wait

__all__ = ["MM1", "MMC", "erlang_b", "erlang_c", "mm1", "mmc", "servers_for_wait"]
