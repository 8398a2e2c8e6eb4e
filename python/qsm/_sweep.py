"""Any model or simulation over a grid of parameters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qsm._core import Function, InvalidType, Model
from qsm._estimate import Estimate
from qsm._extras import need
from qsm._progress import Bar
from qsm._table import Table

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True)
class Sweep:
    """Results over a grid: `axes` by name, and `values` by name with one dimension per axis."""

    axes: dict[str, NDArray[Any]]
    values: dict[str, NDArray[Any]]

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.values[name]

    def table(self) -> Table:
        """One row per grid point, in C order."""
        points = np.meshgrid(*self.axes.values(), indexing="ij")
        columns = {name: grid.ravel() for name, grid in zip(self.axes, points, strict=True)}
        return Table(columns | {name: array.ravel() for name, array in self.values.items()}, "sweep")

    def to_pandas(self) -> pd.DataFrame:
        """One row per grid point."""
        return self.table().to_pandas()

    def to_xarray(self) -> xr.Dataset:
        """A dataset with the axes as coordinates."""
        xarray = need("xarray", "Sweep.to_xarray")
        dimensions = tuple(self.axes)
        data: xr.Dataset = xarray.Dataset(
            {name: (dimensions, array) for name, array in self.values.items()}, coords=self.axes
        )
        return data

    def __repr__(self) -> str:
        axes = " x ".join(f"{name}[{len(values)}]" for name, values in self.axes.items())
        return f"Sweep({axes}: {', '.join(self.values)})"

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _named(result: Any) -> dict[str, Any]:
    """One point's result as named numbers."""
    if isinstance(result, Estimate):
        return {"value": result.value, "low": result.low, "high": result.high}
    if isinstance(result, Model):
        return {name: getattr(result, name) for name in result.properties}
    if isinstance(result, Mapping):
        named: dict[str, Any] = {}
        for name, value in result.items():
            for key, number in _named(value).items():
                named[name if key == "value" else f"{name}_{key}"] = number
        return named
    return {"value": result}


def _evaluate(
    function: Callable[..., Any], names: Sequence[str], points: list[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    results = [_named(function(**dict(zip(names, point, strict=True)))) for point in points]
    for point, named in zip(points, results, strict=True):
        for value in named.values():
            if np.ndim(value) > 0:
                raise InvalidType(
                    f"sweep: every result must be one number, got {type(value).__name__} at point {point}"
                )
    return results


def sweep(
    function: Callable[..., Any],
    axes: Mapping[str, ArrayLike] | None = None,
    *,
    executor: Executor | None = None,
    chunk: int | None = None,
    progress: bool | None = None,
    **more_axes: ArrayLike,
) -> Sweep:
    """Evaluates a model, a simulation or any callable at every point of a grid.

    A qsm function or model is evaluated in one broadcast call. Anything else is called with keywords, point by point,
    on threads or on the executor given: a `ProcessPoolExecutor`, `dask.distributed.Client(...).get_executor()`, or any
    other `concurrent.futures.Executor`.

    Parameters
    ----------
    function
        Called with one value per axis; returns a number, an `Estimate`, a model, or a mapping of names to those.
    axes, more_axes
        Values of each parameter, one-dimensional, not empty.
    executor
        Where to run; threads of this process by default.
    chunk
        Points per task; by default about eight tasks per worker.
    progress
        Whether to show a bar; by default only on a terminal.

    Raises
    ------
    ValueError
        No axis, an empty axis, one with more than one dimension, or a chunk that is no count.
    """
    if twice := set(axes or {}) & set(more_axes):
        raise ValueError(f"sweep: axis {min(twice)} is given twice")
    grid = {name: np.asarray(values) for name, values in {**(axes or {}), **more_axes}.items()}
    if not grid:
        raise ValueError(
            "sweep: needs at least one axis, for example sweep(mm1, arrival_rate=[1, 2], service_rate=[3])"
        )
    for name, values in grid.items():
        if values.ndim != 1 or values.size == 0:
            raise ValueError(f"sweep: axis {name} must be one-dimensional and not empty, got shape {values.shape}")
    if chunk is not None and not (np.issubdtype(type(chunk), np.integer) and chunk >= 1):
        raise InvalidType(f"sweep: chunk must be an integer >= 1, got {chunk!r}")
    shape = tuple(len(values) for values in grid.values())
    if isinstance(function, Function):
        result = function(**dict(zip(grid, np.meshgrid(*grid.values(), indexing="ij", sparse=True), strict=True)))
        return Sweep(grid, {name: np.broadcast_to(array, shape) for name, array in _named(result).items()})

    points = list(itertools.product(*(values.tolist() for values in grid.values())))
    own = executor is None
    pool = executor if executor is not None else ThreadPoolExecutor()
    size = chunk or max(1, len(points) // (8 * (getattr(pool, "_max_workers", None) or 8)))
    results: dict[int, list[dict[str, Any]]] = {}
    pending: dict[Future[list[dict[str, Any]]], int] = {}
    try:
        with Bar("sweep", progress) as bar:
            for start in range(0, len(points), size):
                pending[pool.submit(_evaluate, function, list(grid), points[start : start + size])] = start
            total = len(pending)
            while pending:
                done, _ = wait(list(pending), timeout=0.2, return_when=FIRST_COMPLETED)
                for future in done:
                    results[pending.pop(future)] = future.result()
                bar(1 - len(pending) / total)
    finally:
        for future in pending:
            future.cancel()
        if own:
            pool.shutdown(wait=True, cancel_futures=True)
    flat = [named for start in sorted(results) for named in results[start]]
    names = list(flat[0])
    for index, named in enumerate(flat):
        if list(named) != names:
            raise ValueError(f"sweep: point {points[index]} returned {list(named)}, the first returned {names}")
    return Sweep(grid, {name: np.array([named[name] for named in flat]).reshape(shape) for name in names})
