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

class PackedMatrix:
    def unpack(self) -> ConstMatrix: ...
    def to_dense(self) -> NDArray[np.float32]: ...
    @property
    def scales(self) -> NDArray[np.float32] | None: ...
    @property
    def zeros(self) -> NDArray[np.float32] | None: ...
