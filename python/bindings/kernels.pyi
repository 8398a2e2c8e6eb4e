ConstMatrix = NDArray[Any]  # of two axes, any strides

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

class PackedMatrix:
    def unpack(self) -> ConstMatrix: ...
    def to_dense(self) -> NDArray[np.float32]: ...
    @property
    def scales(self) -> NDArray[np.float32] | None: ...
    @property
    def zeros(self) -> NDArray[np.float32] | None: ...
