# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from typing import Any, Literal
import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    page_table: ArrayLike | None = ...,
    page_size: int = ...,
    threads: int = ...,
    return_lse: bool = ...,
    dtype: Literal["float32", "bfloat16", "float16"] | None = ...,
    out: ConstMatrix | None = ...,
) -> Any: ...

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
