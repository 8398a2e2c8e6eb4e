# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from typing import Any, Literal, Self
import numpy as np
from numpy.typing import ArrayLike, NDArray
from qsm._core.hardware import Accelerator, Probe
from qsm._estimate import Estimate
from qsm._record import Record

ConstMatrix = NDArray[Any]

def gemm(
    x: ConstMatrix,
    w: ConstMatrix | PackedMatrix,
    bias: ArrayLike | None = ...,
    activation: Literal["none", "relu", "silu", "gelu"] = ...,
    gate: ConstMatrix | None = ...,
    residual: ConstMatrix | None = ...,
    quantize_rows: bool = ...,
    row_scales: ArrayLike | None = ...,
    threads: int = ...,
    dtype: Literal["float32", "bfloat16", "float16", "int32"] | None = ...,
    out: ConstMatrix | None = ...,
) -> ConstMatrix: ...

def attention(
    q: ConstMatrix,
    k: ConstMatrix,
    v: ConstMatrix,
    scale: float | None = ...,
    causal: bool = ...,
    alignment: Literal["bottom_right", "top_left"] = ...,
    window_before: int | None = ...,
    window_after: int | None = ...,
    softcap: float = ...,
    slopes: ArrayLike | None = ...,
    sinks: ArrayLike | None = ...,
    mask: NDArray[np.bool_] | None = ...,
    query_starts: ArrayLike | None = ...,
    key_starts: ArrayLike | None = ...,
    key_counts: ArrayLike | None = ...,
    page_table: ArrayLike | None = ...,
    page_size: int = ...,
    key_scales: ArrayLike | None = ...,
    value_scales: ArrayLike | None = ...,
    threads: int = ...,
    return_lse: bool = ...,
    dtype: Literal["float32", "bfloat16", "float16"] | None = ...,
    out: ConstMatrix | None = ...,
) -> Any: ...

def to_float8(
    x: ConstMatrix,
    dtype: Literal["float8_e4m3", "float8_e5m2"] = ...,
    scales: Literal["tensor", "row", "block"] = ...,
) -> tuple[ConstMatrix, NDArray[np.float32]]: ...

def weights_to_float8(
    w: ConstMatrix,
    dtype: Literal["float8_e4m3", "float8_e5m2"] = ...,
    scales: Literal["tensor", "row", "block"] = ...,
) -> tuple[ConstMatrix, NDArray[np.float32]]: ...

def gemm_float8(
    x: ConstMatrix,
    w: ConstMatrix,
    x_scales: ArrayLike,
    w_scales: ArrayLike,
    threads: int = ...,
    dtype: Literal["float32", "bfloat16", "float16"] | None = ...,
) -> ConstMatrix: ...

def rope(
    x: ConstMatrix,
    positions: ArrayLike,
    base: float = ...,
    turned: int = ...,
    interleaved: bool = ...,
    threads: int = ...,
    out: ConstMatrix | None = ...,
) -> ConstMatrix: ...

def append_kv(
    k: ConstMatrix,
    v: ConstMatrix,
    key_cache: ConstMatrix,
    value_cache: ConstMatrix,
    slots: ArrayLike,
    positions: ArrayLike | None = ...,
    base: float = ...,
    turned: int = ...,
    interleaved: bool = ...,
    key_scales: NDArray[np.float32] | None = ...,
    value_scales: NDArray[np.float32] | None = ...,
    threads: int = ...,
) -> None: ...

def plan_gemm(shape: GemmShape, machine: Accelerator) -> Plan:
    """Plans a product.

    On a machine measured with probes() the time is that of the stages: x made ready, then for each panel of w and block of
    rows the stored words made ready, multiplied and scaled, and results stored, or the reading of w where that is slower.
    On other machines it is the roofline with whole waves of tiles and, where known, achieved rates: an orientation.

    Parameters
    ----------
    shape
        the product
    machine
        a measured or published machine

    Returns
    -------
    tiles, work, floor and expected time

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    S. Williams, A. Waterman, D. Patterson 2009, Roofline; the stages of gemm()
    """

def plan_attention(shape: AttentionShape, machine: Accelerator) -> Plan:
    """Plans attention.

    Parameters
    ----------
    shape
        the attention
    machine
        a measured or published machine

    Returns
    -------
    tiles, work, floor and expected time

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    as above; the stages of attention()
    """

class PackedMatrix:
    """A matrix of K rows (inputs) and N columns (outputs) in panels of 48 columns, each of which is read from front to back.

    Stored are float32, bfloat16, float16, or integers of 8 or 4 bits with a scale, and where wanted a zero point, for
    each column and group of rows: an entry is scale (integer - zero). The layout is the same on every processor, and
    `unpack` brings every bit back.

    Thread safety: a value; may be read from any number of threads.

    Source
    ------
    Goto, Van de Geijn 2008, Anatomy of high-performance matrix multiplication, section 4, for the panels
    """
    def unpack(self) -> ConstMatrix: ...
    def to_dense(self) -> NDArray[np.float32]: ...
    @property
    def scales(self) -> NDArray[np.float32] | None: ...
    @property
    def zeros(self) -> NDArray[np.float32] | None: ...
    def __init__(self, matrix: ConstMatrix) -> None:
        """Lays out float32, bfloat16, float16, or int8 as they are.

        Parameters
        ----------
        matrix
            K rows, N columns, any strides; K, N >= 1

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def of_int4(values: ConstMatrix, scales: ConstMatrix, zeros: ConstMatrix | None = ..., group: int = ...) -> PackedMatrix:
        """Lays out integers of 4 bits with their scales.

        Parameters
        ----------
        values
            int8, K rows of N integers in [0, 15], as they are stored
        scales
            float32, a row for each group of rows of `values`, N columns
        zeros
            float32 as `scales`, zero points; 8 where not given
        group
            rows of a group [1], a multiple of 8, or 0 for one group of all rows

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @staticmethod
    def of_int8(values: ConstMatrix, scales: ConstMatrix, group: int = ...) -> PackedMatrix:
        """Lays out integers of 8 bits with their scales; entries are scale times integer.

        Parameters
        ----------
        values
            int8, K rows of N integers
        scales
            float32, a row for each group of rows of `values`, N columns
        group
            rows of a group [1], a multiple of 8, or 0 for one group of all rows

        Raises
        ------
        ValueError
            An argument is out of its range; names it, its value and, in arrays, its index.
        """
    @property
    def rows(self) -> int:
        """Inputs K [1].
        """
    @property
    def columns(self) -> int:
        """Outputs N [1].
        """
    @property
    def format(self) -> Literal["float32", "bfloat16", "float16", "int8", "int4"]:
        """How entries are stored.
        """
    @property
    def group(self) -> int:
        """Rows of a group [1]; K where there is one group, 0 where there are no scales.
        """
    @property
    def has_zeros(self) -> bool:
        """Whether there are zero points other than the middle.
        """
    @property
    def bytes_used(self) -> int:
        """Memory [B].
        """

class GemmShape(Record):
    """A matrix product y = x w, by its sizes.
    """
    def __new__(cls, rows: int = ..., inputs: int = ..., outputs: int = ..., x: Literal["float32", "bfloat16", "float16", "float8_e4m3", "float8_e5m2", "int8", "int32"] = ..., w: Literal["float32", "bfloat16", "float16", "int8", "int4"] = ..., group: int = ..., quantize_rows: bool = ..., threads: int = ...) -> Self: ...
    @property
    def rows(self) -> int:
        """Rows of x [1], an integer >= 1.
        """
    @property
    def inputs(self) -> int:
        """Columns of x, rows of w [1], an integer >= 1.
        """
    @property
    def outputs(self) -> int:
        """Columns of w [1], an integer >= 1.
        """
    @property
    def x(self) -> Literal["float32", "bfloat16", "float16", "float8_e4m3", "float8_e5m2", "int8", "int32"]:
        """Numbers of x.
        """
    @property
    def w(self) -> Literal["float32", "bfloat16", "float16", "int8", "int4"]:
        """How w is stored; integers have scales, int8 times int8 is without them.
        """
    @property
    def group(self) -> int:
        """Rows of w that share a scale [1], a multiple of 8, or 0 for all.
        """
    @property
    def quantize_rows(self) -> bool:
        """Whether rows of x are rounded to 8 bits first.
        """
    @property
    def threads(self) -> int:
        """Threads [1], >= 0; 0 takes one per processor.
        """

class AttentionShape(Record):
    """Attention, by its sizes.
    """
    def __new__(cls, queries: int = ..., keys: int = ..., heads: int = ..., key_heads: int = ..., size: int = ..., sequences: int = ..., dtype: Literal["float32", "bfloat16", "float16", "float8_e4m3", "float8_e5m2", "int8", "int32"] = ..., causal: bool = ..., threads: int = ...) -> Self: ...
    @property
    def queries(self) -> int:
        """Queries of a sequence [1], an integer >= 1.
        """
    @property
    def keys(self) -> int:
        """Keys of a sequence [1], an integer >= 1.
        """
    @property
    def heads(self) -> int:
        """Heads of the queries [1], an integer >= 1.
        """
    @property
    def key_heads(self) -> int:
        """Heads of the keys and values [1], a divisor of `heads`.
        """
    @property
    def size(self) -> int:
        """Numbers of a head [1], an integer in [1, 1024].
        """
    @property
    def sequences(self) -> int:
        """Sequences, alike in size [1], an integer >= 1.
        """
    @property
    def dtype(self) -> Literal["float32", "bfloat16", "float16", "float8_e4m3", "float8_e5m2", "int8", "int32"]:
        """Numbers of queries, keys and values: float32, bfloat16 or float16.
        """
    @property
    def causal(self) -> bool:
        """Whether a query sees no key after it; the last query sees all.
        """
    @property
    def threads(self) -> int:
        """Threads [1], >= 0; 0 takes one per processor.
        """

class StageTime(Record):
    """One kind of work inside a kernel.
    """
    def __new__(cls, name: str, work: float, seconds: float) -> Self: ...
    @property
    def name(self) -> str:
        """What is done.
        """
    @property
    def work(self) -> float:
        """How much of it, in its own unit [1].
        """
    @property
    def seconds(self) -> float:
        """How long one processor takes for all of it [s].
        """

class Plan(Record):
    """What a kernel does on a machine, and how long that should take.
    """
    def __new__(cls, machine: str, tile_rows: float, tile_columns: float, tiles: float, waves: float, operations: float, bytes: float, compute_seconds: float, memory_seconds: float, floor: float, predicted: float, bound: str, stages: list[StageTime], gemm: GemmShape | None, attention: AttentionShape | None) -> Self: ...
    @property
    def machine(self) -> str:
        """The machine's name.
        """
    @property
    def tile_rows(self) -> float:
        """Rows of x, or queries times heads, that are done at a time [1].
        """
    @property
    def tile_columns(self) -> float:
        """Columns of w, or keys, that are done at a time [1].
        """
    @property
    def tiles(self) -> float:
        """Pieces that processors take one after the other [1].
        """
    @property
    def waves(self) -> float:
        """Pieces that the busiest processor takes [1].
        """
    @property
    def operations(self) -> float:
        """Operations, a multiply-add being two; pairs that a causal mask hides are not counted [1].
        """
    @property
    def bytes(self) -> float:
        """What must be read and written at least [B].
        """
    @property
    def compute_seconds(self) -> float:
        """Operations over the machine's highest rate [s].
        """
    @property
    def memory_seconds(self) -> float:
        """Bytes over the rate at which it reads so many again and again [s].
        """
    @property
    def floor(self) -> float:
        """The larger of the two: no kernel is faster on this machine (the roofline) [s].
        """
    @property
    def predicted(self) -> float:
        """Expected time [s].
        """
    @property
    def bound(self) -> str:
        """What takes most of it: "memory", "start", or the name of a stage.
        """
    @property
    def stages(self) -> list[StageTime]:
        """Where the time goes; nothing where the machine has no rates of stages.
        """
    @property
    def gemm(self) -> GemmShape | None:
        """The product that is planned, or nothing.
        """
    @property
    def attention(self) -> AttentionShape | None:
        """The attention that is planned, or nothing.
        """

class PlanComparison(Record):
    """A plan beside what was measured.
    """
    def __new__(cls, machine: str, floor: float, predicted: float, measured: float, ratio: float, efficiency: float, bound: str, operations_per_second: float, bytes_per_second: float) -> Self: ...
    @property
    def machine(self) -> str:
        """The machine's name.
        """
    @property
    def floor(self) -> float:
        """The roofline [s].
        """
    @property
    def predicted(self) -> float:
        """Expected time [s].
        """
    @property
    def measured(self) -> float:
        """Measured time [s].
        """
    @property
    def ratio(self) -> float:
        """Predicted over measured [1].
        """
    @property
    def efficiency(self) -> float:
        """Floor over measured: how near the kernel comes to what the machine can do [1].
        """
    @property
    def bound(self) -> str:
        """What takes most of the time, by the plan.
        """
    @property
    def operations_per_second(self) -> float:
        """Operations that were done per second [1/s].
        """
    @property
    def bytes_per_second(self) -> float:
        """Least traffic over measured time [B/s].
        """

def probes() -> list[Probe]:
    """The kernels' stages as work that hardware::profile_machine() times: the highest rates by kind of number ("float32", "bfloat16", "int8"), and under longer names what plan() needs to know of this processor.

    Returns
    -------
    probes for the level of vector instructions in use

    Source
    ------
    S. Williams, A. Waterman, D. Patterson 2009, Roofline, for rates as ceilings
    """

def measure(plan: Plan, *, seconds: float = ..., threads: bool = ...) -> Estimate:
    """Runs what is planned, on this processor and seeded random numbers, and times it.

    Parameters
    ----------
    plan
        a plan for a machine of kind "cpu"
    seconds
        Time that is spent at most on each thing that is timed, but for its first calls [s], finite and > 0.
    threads
        Whether the work runs on other threads too, so that the wall's clock counts and not that of the calling thread.

    Returns
    -------
    least time of a call, above it the median [s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    hardware::time_call()
    """

def compare(plan: Plan, measured: float) -> PlanComparison:
    """A plan beside a measured time.

    Parameters
    ----------
    plan
        a plan
    measured
        time of the same, by measure() or elsewhere [s], finite and > 0

    Returns
    -------
    both, their ratio, and what binds

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    S. Williams, A. Waterman, D. Patterson 2009, Roofline
    """

class QuantizationError(Record):
    """What is lost where integers stand for weights.
    """
    def __new__(cls, weights: float, largest: float, half_step: float, results: float | None, results_bound: float | None) -> Self: ...
    @property
    def weights(self) -> float:
        """Root of the summed squares of the weights' errors, of that of the weights [1].
        """
    @property
    def largest(self) -> float:
        """Largest error of a weight [unit of w].
        """
    @property
    def half_step(self) -> float:
        """Half of the largest step between integers: what rounding to nearest stays below, up to its last bit [unit of w].
        """
    @property
    def results(self) -> float | None:
        """Root of the summed squares of the results' errors for the given inputs, of that of the results [1]; or nothing.
        """
    @property
    def results_bound(self) -> float | None:
        """What `results` cannot exceed where each weight is off by half a step at most [1]; or nothing.
        """

class QuantizedWeights(Record):
    """Weights as integers, with what was lost.
    """
    def __new__(cls, weights: PackedMatrix, input_scales: NDArray[np.float32], error: QuantizationError) -> Self: ...
    @property
    def weights(self) -> PackedMatrix:
        """Ready for gemm().
        """
    @property
    def input_scales(self) -> NDArray[np.float32]:
        """What each input is to be divided by before the product [1]; empty but for AWQ.
        """
    @property
    def error(self) -> QuantizationError:
        """What was lost, on the inputs that were given.
        """

def quantize(w: ConstMatrix, method: Literal["nearest", "gptq", "awq"] = ..., inputs: ConstMatrix | None = ..., *, bits: int = ..., group: int = ..., zero_points: bool = ..., damping: float = ..., threads: int = ...) -> QuantizedWeights:
    """Makes integers of weights.

    GPTQ takes weights in the order of their inputs and lets those that are left make good what rounding has cost on the
    given inputs. AWQ tries 21 powers of the inputs' mean magnitudes as scales and takes the one with the least error, the
    power 0 being rounding to nearest: it is never worse than that on the given inputs.

    Parameters
    ----------
    w
        float32, bfloat16 or float16; K rows (inputs), N columns (outputs); finite
    method
        how
    inputs
        rows of inputs as they occur, K columns, float32, bfloat16 or float16; needed by gptq and awq
    bits
        Bits of an integer [1], 4 or 8.
    group
        Inputs that share a scale [1], a multiple of 8, or 0 for all.
    zero_points
        Whether there are zero points, so that the range of a group need not be even; of 4 bits only.
    damping
        What GPTQ adds to the squares of the inputs, of their mean [1], finite and > 0.
    threads
        Threads [1], >= 0; 0 takes one per processor.

    Returns
    -------
    packed weights with scales, and the error

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Frantar, Ashkboos, Hoefler, Alistarh 2023, GPTQ, algorithm 1; Lin, Tang, Tang, Yang, Dang, Han 2024, AWQ, section 3.2
    """

def quantization_error(w: ConstMatrix, quantized: PackedMatrix, inputs: ConstMatrix | None = ..., input_scales: ArrayLike = ...) -> QuantizationError:
    """What integers cost that somebody made.

    Parameters
    ----------
    w
        the weights that they stand for, as above
    quantized
        the integers with their scales
    inputs
        rows of inputs, as above; or nothing
    input_scales
        what each input is divided by before the product [1], > 0, K numbers; or empty

    Returns
    -------
    errors of weights and results, and their bounds

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    norms of Frobenius; the bound from the triangle inequality
    """
