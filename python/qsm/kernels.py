"""Kernels of neural networks on the processor: attention, and matrix products with short numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qsm._core import kernels as _kernels
from qsm._core.hardware import Accelerator
from qsm._core.hardware import accelerator as _accelerator
from qsm._core.kernels import (
    AttentionShape,
    GemmShape,
    PackedMatrix,
    Plan,
    PlanComparison,
    QuantizationError,
    QuantizedWeights,
    StageTime,
    append_kv,
    attention,
    compare,
    gemm,
    gemm_float8,
    measure,
    probes,
    quantization_error,
    quantize,
    rope,
    to_float8,
    weights_to_float8,
)

__all__ = [
    "AttentionShape",
    "GemmShape",
    "PackedMatrix",
    "Plan",
    "PlanComparison",
    "QuantizationError",
    "QuantizedWeights",
    "StageTime",
    "append_kv",
    "attention",
    "compare",
    "gemm",
    "gemm_float8",
    "measure",
    "pack_w4",
    "plan",
    "probes",
    "quantization_error",
    "quantize",
    "rope",
    "to_float8",
    "weights_to_float8",
]

_AWQ_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)  # the column of each nibble of a word, the lowest first


def pack_w4(
    values: NDArray[Any],
    scales: NDArray[Any] | None = None,
    zeros: NDArray[Any] | None = None,
    *,
    group: int = 0,
    layout: str = "plain",
    shape: tuple[int, int] | None = None,
) -> PackedMatrix:
    """Weights of 4 bits as they are published, laid out for products.

    Parameters
    ----------
    values
        by layout, for K inputs and N outputs:
        "plain": int8, K x N, each in [0, 15];
        "gptq": int32, K/8 x N, eight rows in a word;
        "awq": int32, K x N/8, eight columns in a word, in the order 0, 2, 4, 6, 1, 3, 5, 7;
        "q4_0": uint8, N x K/32 x 18, blocks of ggml: a float16 and 32 integers;
        "hqq": uint8, half as many rows as there are groups, each of a group's inputs: the first half of the groups in the
        upper bits (HQQ's 4bit_u8 with axis=1)
    scales
        a row for each group, N columns; none for "q4_0", whose blocks hold them; for "hqq" one for each group, output by
        output
    zeros
        zero points as `scales` for "plain", 8 where not given; as int32 words, groups x N/8, for "gptq", which
        stores them less 1, and for "awq"
    group
        inputs of a group [1], a multiple of 8, or 0 for one group of all; of "gptq", "awq" and "hqq" it follows from the
        sizes
    layout
        one of these names
    shape
        N and K of "hqq", as its meta data has them

    Returns
    -------
    PackedMatrix
        with the same integers, scales and zero points, to the last bit

    Raises
    ------
    ValueError
        The layout is unknown, or sizes or types do not fit it; says which.
    """
    if layout == "plain":
        if scales is None:
            raise ValueError("pack_w4: scales are needed for layout 'plain'")
        floats = None if zeros is None else np.asarray(zeros, np.float32)
        return PackedMatrix.of_int4(values, np.asarray(scales, np.float32), floats, group)
    if layout == "q4_0":
        if scales is not None or zeros is not None:
            raise ValueError("pack_w4: blocks of layout 'q4_0' hold their scales and have no zero points")
        return _pack_q4_0(values)
    if layout not in ("gptq", "awq", "hqq"):
        raise ValueError(f"pack_w4: layout must be plain, gptq, awq, hqq or q4_0, got {layout!r}")
    if scales is None or zeros is None:
        raise ValueError(f"pack_w4: layout {layout!r} needs scales and zeros")
    if layout == "hqq":
        return _pack_hqq(values, scales, zeros, shape)
    for name, words in (("values", values), ("zeros", zeros)):
        if words.dtype.name not in ("int32", "uint32") or words.ndim != 2:
            raise ValueError(
                f"pack_w4: {name} of layout {layout!r} must be int32 with two axes, got {words.dtype} with {words.ndim}"
            )
    order = range(8) if layout == "gptq" else _AWQ_ORDER
    integers = _fours(values, 0, range(8)) if layout == "gptq" else _fours(values, 1, order)
    points = _fours(zeros, 1, order).astype(np.float32) + (1 if layout == "gptq" else 0)
    rows, groups = integers.shape[0], len(scales)
    if groups == 0 or rows % groups != 0:
        raise ValueError(f"pack_w4: scales must have a row for each group of the {rows} inputs, got {groups} rows")
    return PackedMatrix.of_int4(integers, np.asarray(scales, np.float32), points, 0 if groups == 1 else rows // groups)


def _fours(words: NDArray[Any], axis: int, order: Any) -> NDArray[np.int8]:
    """The eight integers of each word, side by side along an axis."""
    bits = np.ascontiguousarray(words).view(np.uint32)
    shape = list(bits.shape)
    shape[axis] *= 8
    out = np.empty(shape, np.int8)
    for nibble, place in enumerate(order):
        at: list[slice] = [slice(None), slice(None)]
        at[axis] = slice(place, None, 8)
        out[tuple(at)] = bits >> np.uint32(4 * nibble) & np.uint32(15)
    return out


def _pack_q4_0(blocks: NDArray[Any]) -> PackedMatrix:
    if blocks.dtype != np.uint8 or blocks.ndim != 3 or blocks.shape[2] != 18:
        raise ValueError(
            f"pack_w4: values of layout 'q4_0' must be uint8, N x K/32 x 18, got {blocks.dtype} of shape {blocks.shape}"
        )
    columns, count, _ = blocks.shape
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16)[:, :, 0].astype(np.float32)
    halves = blocks[:, :, 2:]
    integers = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.int8)
    return PackedMatrix.of_int4(integers.reshape(columns, count * 32).T, np.ascontiguousarray(scales.T), None, 32)


def _pack_hqq(
    values: NDArray[Any], scales: NDArray[Any], zeros: NDArray[Any], shape: tuple[int, int] | None
) -> PackedMatrix:
    if values.dtype != np.uint8 or values.ndim != 2:
        raise ValueError(
            f"pack_w4: values of layout 'hqq' must be uint8 with two axes, got {values.dtype} of shape {values.shape}"
        )
    if shape is None:
        raise ValueError("pack_w4: layout 'hqq' needs shape, the outputs and inputs of its meta data")
    columns, rows = shape
    group, groups = values.shape[1], 2 * values.shape[0]
    if columns * rows != group * groups or group == 0 or rows % group != 0:
        raise ValueError(
            f"pack_w4: {groups} groups of {group} do not make the shape {columns} x {rows} of layout 'hqq'"
        )
    if np.size(scales) != groups or np.size(zeros) != groups:
        raise ValueError(f"pack_w4: scales and zeros of layout 'hqq' must be {groups} each")
    integers = np.concatenate([values >> 4, values & 15]).astype(np.int8).reshape(columns, rows)
    by_group = (np.asarray(x, np.float32).reshape(columns, rows // group).T for x in (scales, zeros))
    factors, points = map(np.ascontiguousarray, by_group)
    return PackedMatrix.of_int4(integers.T, factors, points, 0 if group == rows else group)


def plan(shape: GemmShape | AttentionShape, machine: Accelerator | str) -> Plan:
    """What a product or attention will cost on a machine: tiles, work, the roofline and the expected time.

    Parameters
    ----------
    shape
        what is planned
    machine
        `hardware.profile_machine(kernels.probes())`, any other entry, or the name of a published one

    Returns
    -------
    Plan
        on a machine measured with the probes the expected time is that of the kernel's stages; on others it is the
        roofline with whole waves of tiles and, where known, achieved rates: an orientation

    Raises
    ------
    ValueError
        The shape is none, or the machine lacks a rate; says which.
    """
    entry = _accelerator(machine) if isinstance(machine, str) else machine
    return _kernels.plan_gemm(shape, entry) if isinstance(shape, GemmShape) else _kernels.plan_attention(shape, entry)
