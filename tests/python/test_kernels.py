"""Matrix products from Python: NumPy in and out, weights in the layouts of others."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from qsm import InvalidType, kernels

rng = np.random.default_rng(3)


def bfloat16_bits(x):
    """Rounded to nearest, ties to even, as uint16."""
    bits = np.asarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)


def from_bits(bits):
    return (bits.astype(np.uint32) << 16).view(np.float32)


def test_product_of_floats():
    x = rng.normal(size=(37, 130)).astype(np.float32)
    w = rng.normal(size=(130, 71)).astype(np.float32)
    y = kernels.gemm(x, w)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, x.astype(float) @ w, atol=1e-4)
    # Any strides, as views; a packed right-hand side gives the same bits.
    assert np.array_equal(kernels.gemm(np.asfortranarray(x), np.ascontiguousarray(w.T).T), y)
    assert np.array_equal(kernels.gemm(x, kernels.PackedMatrix(w)), y)
    out = np.full((37, 71), np.nan, np.float32)
    assert kernels.gemm(x, w, out=out) is out
    assert np.array_equal(out, y)
    assert np.array_equal(kernels.gemm(x[::-1], w), y[::-1])
    assert kernels.gemm(x[:0], w).shape == (0, 71)


def test_short_floats():
    x, w = rng.normal(size=(9, 66)), rng.normal(size=(66, 50))
    halves = x.astype(np.float16), w.astype(np.float16)
    np.testing.assert_allclose(kernels.gemm(*halves), halves[0].astype(float) @ halves[1].astype(float), atol=1e-4)
    assert kernels.gemm(*halves, dtype="float16").dtype == np.float16
    bits = bfloat16_bits(x), bfloat16_bits(w)
    y = kernels.gemm(*bits)
    np.testing.assert_allclose(y, from_bits(bits[0]).astype(float) @ from_bits(bits[1]), atol=1e-4)
    short = kernels.gemm(*bits, dtype="bfloat16")
    assert np.array_equal(np.asarray(short).view(np.uint16), bfloat16_bits(y))


def test_ml_dtypes_where_installed():
    ml_dtypes = pytest.importorskip("ml_dtypes")  # among the requirements of the tests
    x = rng.normal(size=(4, 10)).astype(ml_dtypes.bfloat16)
    w = rng.normal(size=(10, 5)).astype(ml_dtypes.bfloat16)
    y = kernels.gemm(x, w, dtype="bfloat16")
    assert y.dtype == ml_dtypes.bfloat16
    assert np.array_equal(kernels.gemm(x.view(np.uint16), w.view(np.uint16)), kernels.gemm(x, w))


def test_integers_are_exact():
    x = rng.integers(-128, 128, (13, 301), np.int8)
    w = rng.integers(-128, 128, (301, 53), np.int8)
    y = kernels.gemm(x, w)
    assert y.dtype == np.int32
    assert np.array_equal(y, x.astype(np.int64) @ w.astype(np.int64))


def test_scaled_integers():
    w = rng.integers(-128, 128, (256, 40), np.int8)
    scales = rng.uniform(0.01, 0.02, (2, 40)).astype(np.float32)
    packed = kernels.PackedMatrix.of_int8(w, scales, 128)
    dense = w * np.repeat(scales, 128, axis=0)
    assert np.array_equal(packed.to_dense(), dense)
    x = rng.integers(-128, 128, (5, 256), np.int8)
    row_scales = rng.uniform(0.5, 2, 5)
    truth = (x.astype(float) @ dense) * row_scales[:, None]
    np.testing.assert_allclose(kernels.gemm(x, packed, row_scales=row_scales), truth, rtol=1e-5, atol=1e-3)


def four_bits(rows=256, columns=40, group=64):
    values = rng.integers(0, 16, (rows, columns), np.int8)
    scales = rng.uniform(0.01, 0.02, (rows // group, columns)).astype(np.float32)
    zeros = rng.integers(1, 16, (rows // group, columns)).astype(np.float32)
    dense = (values - np.repeat(zeros, group, axis=0)) * np.repeat(scales, group, axis=0)
    return values, scales, zeros, dense


def test_four_bits_with_every_left_hand_side():
    values, scales, zeros, dense = four_bits()
    packed = kernels.pack_w4(values, scales, zeros, group=64)
    assert packed.format == "int4"
    assert packed.group == 64
    assert packed.bytes_used < 256 * 48 / 2 + 3 * 4 * 4 * 48
    assert np.array_equal(packed.unpack(), values)
    assert np.array_equal(packed.scales, scales)
    assert np.array_equal(packed.zeros, zeros)
    x = rng.normal(size=(17, 256)).astype(np.float32)
    np.testing.assert_allclose(kernels.gemm(x, packed), x.astype(float) @ dense, atol=2e-4)
    bits = bfloat16_bits(x)
    np.testing.assert_allclose(kernels.gemm(bits, packed), from_bits(bits).astype(float) @ dense, atol=2e-4)
    quantized = kernels.gemm(x, packed, quantize_rows=True)
    step = np.abs(x).max(axis=1, keepdims=True) / 127
    rounded = np.rint(x / step)
    np.testing.assert_allclose(quantized, (rounded * step) @ dense, atol=5e-3)
    bound = (step / 2) * np.abs(dense).sum(axis=0)
    assert (np.abs(quantized - x @ dense) <= 1.01 * bound + 1e-3).all()


def test_layouts_of_others_round_trip():
    values, scales, zeros, dense = four_bits()
    rows, columns = values.shape

    def words(integers, axis, order):
        """Eight integers along an axis into a word, as the formats' own packers do."""
        moved = np.moveaxis(integers.astype(np.uint32), axis, -1)
        groups = moved.reshape(*moved.shape[:-1], -1, 8)
        packed = sum(groups[..., place] << np.uint32(4 * nibble) for nibble, place in enumerate(order))
        return np.moveaxis(packed.astype(np.uint32), -1, axis).view(np.int32)

    awq = [0, 2, 4, 6, 1, 3, 5, 7]
    for packed in (
        kernels.pack_w4(words(values, 0, range(8)), scales, words(zeros - 1, 1, range(8)), layout="gptq"),
        kernels.pack_w4(words(values, 1, awq), scales, words(zeros, 1, awq), layout="awq"),
    ):
        assert np.array_equal(packed.unpack(), values)
        assert np.array_equal(packed.zeros, zeros)
        assert packed.group == 64
        assert np.array_equal(packed.to_dense(), dense.astype(np.float32))
    halves = rng.uniform(0.01, 0.02, (columns, rows // 32)).astype(np.float16)
    blocks = np.empty((columns, rows // 32, 18), np.uint8)
    blocks[:, :, :2] = halves[..., None].view(np.uint8)
    by_block = values.T.reshape(columns, rows // 32, 32).astype(np.uint8)
    blocks[:, :, 2:] = by_block[:, :, :16] | by_block[:, :, 16:] << 4
    packed = kernels.pack_w4(blocks, layout="q4_0")
    assert np.array_equal(packed.unpack(), values)
    assert packed.zeros is None
    assert np.array_equal(packed.to_dense(), (values - 8.0) * np.repeat(halves.T.astype(np.float32), 32, axis=0))


def test_groups_of_hqq():
    """Weights as HQQ keeps them: rows of W, cut into groups, each w = (integer - zero) scale with a zero of its own."""
    outputs, inputs, group = 24, 64, 16
    groups = outputs * inputs // group
    integers = rng.integers(0, 16, (groups, group), np.uint8)
    scales, zeros = rng.uniform(0.01, 0.02, (groups, 1)), rng.uniform(0, 15, (groups, 1))
    words = integers[: groups // 2] << 4 | integers[groups // 2 :]
    packed = kernels.pack_w4(words, scales, zeros, layout="hqq", shape=(outputs, inputs))
    weight = ((integers - zeros) * scales).reshape(outputs, inputs)
    np.testing.assert_allclose(packed.to_dense(), weight.T, atol=1e-6)
    assert packed.group == group
    for shape, message in ((None, "needs shape"), ((24, 60), "do not make the shape")):
        with pytest.raises(ValueError, match=message):
            kernels.pack_w4(words, scales, zeros, layout="hqq", shape=shape)


def test_quantisers():
    x = rng.normal(size=(200, 5)) @ rng.normal(size=(5, 64)) + 0.3 * rng.normal(size=(200, 64))
    x, w = x.astype(np.float32), rng.normal(size=(64, 48)).astype(np.float32)
    errors = {}
    for method in ("nearest", "gptq", "awq"):
        made = kernels.quantize(w, method, x, group=32)
        y = kernels.gemm(x / made.input_scales if made.input_scales.size else x, made.weights)
        errors[method] = made.error.results
        assert made.error.results == pytest.approx(np.linalg.norm(y - x @ w) / np.linalg.norm(x @ w), rel=1e-3)
        assert made.error.weights < 0.2
    assert errors["gptq"] < 0.7 * errors["nearest"]
    assert errors["awq"] <= errors["nearest"]
    alone = kernels.quantize(w, bits=8)
    assert alone.error.results is None
    assert alone.weights.format == "int8"
    assert alone.error.largest <= alone.error.half_step * 1.00001
    assert kernels.quantization_error(w, alone.weights) == alone.error
    assert made.input_scales.shape == (64,)
    with pytest.raises(ValueError, match="inputs are needed by gptq and awq"):
        kernels.quantize(w, "gptq")
    with pytest.raises(ValueError, match="bits must be 4 or 8, got 3"):
        kernels.quantize(w, bits=3)


@pytest.mark.parametrize(
    ("scales", "of_x", "of_w"), [("tensor", (1, 1), (1, 1)), ("row", (9, 1), (1, 140)), ("block", (9, 3), (3, 2))]
)
def test_products_of_eight_bit_floats(scales, of_x, of_w):
    pytest.importorskip("ml_dtypes")  # among the requirements of the tests
    x, w = rng.normal(size=(9, 260)).astype(np.float32), rng.normal(size=(260, 140)).astype(np.float32)
    short_x, x_scales = kernels.to_float8(x, scales=scales)
    short_w, w_scales = kernels.weights_to_float8(w, "float8_e5m2", scales)
    assert short_x.dtype.name == "float8_e4m3fn"
    assert (x_scales.shape, w_scales.shape) == (of_x, of_w)

    def spread(numbers, factors):
        for axis in (0, 1):
            count, size = factors.shape[axis], numbers.shape[axis]
            factors = np.repeat(factors, 1 if count == size else size if count == 1 else 128, axis=axis)
        return numbers.astype(float) * factors[: numbers.shape[0], : numbers.shape[1]]

    wide_x, wide_w = spread(short_x, x_scales), spread(short_w, w_scales)
    y = kernels.gemm_float8(short_x, short_w, x_scales, w_scales)
    np.testing.assert_allclose(y, wide_x @ wide_w, atol=1e-4)
    np.testing.assert_allclose(wide_x, x, atol=0.07 * np.abs(x).max())
    with pytest.raises(ValueError, match="x_scales must have 1, 9 or 27 numbers, got 2"):
        kernels.gemm_float8(short_x, short_w, [1, 1], w_scales)


def test_what_follows_the_product():
    x, w = rng.normal(size=(6, 20)).astype(np.float32), rng.normal(size=(20, 30)).astype(np.float32)
    bias, gate, residual = rng.normal(size=30), rng.normal(size=(6, 30)), rng.normal(size=(6, 30))
    gate, residual = gate.astype(np.float32), residual.astype(np.float32)
    y = kernels.gemm(x, w, bias=bias, activation="silu", gate=gate, residual=residual)
    z = x.astype(float) @ w + bias
    np.testing.assert_allclose(y, z / (1 + np.exp(-z)) * gate + residual, atol=1e-5)


@pytest.mark.parametrize("threads", [1, 2])
def test_rows_do_not_depend_on_the_batch(threads):
    x = rng.normal(size=(300, 400)).astype(np.float32)
    packed = kernels.PackedMatrix(rng.normal(size=(400, 100)).astype(np.float32))
    y = kernels.gemm(x, packed, threads=threads)
    for row in (0, 3, 255, 256, 299):
        assert np.array_equal(kernels.gemm(x[row : row + 1], packed)[0], y[row])


def test_pickle_and_equality():
    values, scales, zeros, _ = four_bits()
    w = rng.normal(size=(10, 50)).astype(np.float32)
    for packed in (
        kernels.PackedMatrix(w),
        kernels.PackedMatrix(bfloat16_bits(w)),
        kernels.PackedMatrix.of_int8(values, scales, 64),
        kernels.pack_w4(values, scales, zeros, group=64),
        kernels.pack_w4(values[:250], scales[:1]),
    ):
        again = pickle.loads(pickle.dumps(packed))
        assert again == packed
        assert repr(again) == repr(packed)
    assert kernels.PackedMatrix(w) != kernels.PackedMatrix(2 * w)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda f: kernels.gemm(f(2, 3), f(4, 5)),
            ValueError,
            "gemm: x is 2 x 3 and w is 4 x 5: x must have as many columns as w has rows",
        ),
        (lambda f: kernels.gemm(f(2, 3).astype(float), f(3, 5)), InvalidType, "gemm: x must be an array of float32"),
        (lambda f: kernels.gemm([[1.0]], f(1, 1)), InvalidType, "gemm: x must be a NumPy array"),
        (lambda f: kernels.gemm(f(2, 3)[0], f(3, 5)), ValueError, "gemm: x must be an array of two axes"),
        (lambda f: kernels.gemm(f(2, 3), f(3, 5), activation="tanh"), ValueError, "activation"),
        (lambda f: kernels.gemm(f(2, 3), f(3, 5), dtype="float64"), ValueError, "dtype"),
        (lambda f: kernels.gemm(f(2, 3), f(3, 5), out=f(2, 4)), ValueError, "gemm: y must be 2 x 5, got 2 x 4"),
        (lambda f: kernels.gemm(f(2, 3), f(3, 5), bias=[1.0]), ValueError, "gemm: bias must have 5 numbers, got 1"),
        (
            lambda f: kernels.pack_w4(f(8, 4), layout="marlin"),
            ValueError,
            "plain, gptq, awq, hqq or q4_0, got 'marlin'",
        ),
        (lambda f: kernels.pack_w4(f(8, 4)), ValueError, "scales are needed"),
        (lambda f: kernels.pack_w4(f(8, 4), f(1, 4), f(1, 4), layout="gptq"), ValueError, "must be int32"),
        (lambda f: kernels.pack_w4(f(8, 4), f(1, 4)), ValueError, "values must be int8, got float32"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error) as raised:
        call(lambda *shape: np.zeros(shape, np.float32))
    assert message in str(raised.value)


# --- attention --------------------------------------------------------------------------------------------------------


def attention_of(q, k, v, seen=None, scale=None):
    """The definition, with heads of q that share those of k in groups."""
    q, k, v = (np.asarray(x, float) for x in (q, k, v))
    group = q.shape[1] // k.shape[1]
    scores = np.einsum("ihd,jhd->ihj", q, np.repeat(k, group, axis=1)) * (scale or q.shape[2] ** -0.5)
    if seen is not None:
        scores = np.where(seen[:, None, :], scores, -np.inf)
    largest = scores.max(axis=2, keepdims=True)
    weights = np.exp(scores - largest)
    sums = weights.sum(axis=2, keepdims=True)
    return np.einsum("ihj,jhd->ihd", weights / sums, np.repeat(v, group, axis=1)), (largest + np.log(sums))[:, :, 0]


def some_heads(*shape):
    return rng.normal(size=shape).astype(np.float32)


def test_attention_is_its_definition():
    q, k, v = some_heads(7, 4, 40), some_heads(300, 2, 40), some_heads(300, 2, 24)
    out, lse = kernels.attention(q, k, v, return_lse=True)
    truth, logarithms = attention_of(q, k, v)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, truth, atol=1e-5)
    np.testing.assert_allclose(lse, logarithms, atol=1e-5)
    seen = np.arange(300) <= np.arange(7)[:, None] + 293
    np.testing.assert_allclose(kernels.attention(q, k, v, causal=True), attention_of(q, k, v, seen)[0], atol=1e-5)
    mask = rng.random((7, 300)) < 0.3
    np.testing.assert_allclose(kernels.attention(q, k, v, mask=mask), attention_of(q, k, v, mask)[0], atol=1e-5)
    halves = [x.astype(np.float16) for x in (q, k, v)]
    short = kernels.attention(*halves)
    assert short.dtype == np.float16
    np.testing.assert_allclose(short, attention_of(*halves)[0], atol=2e-3)
    bits = [bfloat16_bits(x) for x in (q, k, v)]
    np.testing.assert_allclose(
        kernels.attention(*bits, dtype="float32"), attention_of(*map(from_bits, bits))[0], atol=1e-2
    )
    # Heads before tokens, as a view; the result into an array of one's own.
    by_head = np.ascontiguousarray(q.transpose(1, 0, 2)).transpose(1, 0, 2)
    own = np.empty_like(out)
    assert kernels.attention(by_head, k, v, out=own) is own
    assert np.array_equal(own, out)


def test_attention_over_sequences_and_pages():
    starts, counts = [0, 3, 4], [0, 50, 90]
    q, k, v = some_heads(4, 2, 32), some_heads(90, 2, 32), some_heads(90, 2, 32)
    out = kernels.attention(q, k, v, causal=True, query_starts=starts, key_starts=counts)
    for i in range(2):
        one = slice(starts[i], starts[i + 1]), slice(counts[i], counts[i + 1])
        alone = kernels.attention(q[one[0]], k[one[1]], v[one[1]], causal=True)
        assert np.array_equal(out[one[0]], alone)
    table = np.array([[3, 0, 2, 6], [5, 1, 4, -1]], np.int32)
    pool_k, pool_v = np.full((7 * 16, 2, 32), np.nan, np.float32), np.full((7 * 16, 2, 32), np.nan, np.float32)
    for i, length in enumerate((50, 40)):
        for j in range(length):
            at = table[i, j // 16] * 16 + j % 16
            pool_k[at], pool_v[at] = k[counts[i] + j], v[counts[i] + j]
    paged = kernels.attention(
        q, pool_k, pool_v, causal=True, query_starts=starts, key_counts=[50, 40], page_table=table, page_size=16
    )
    assert np.array_equal(paged, out)


def test_a_cache_in_eight_bits():
    ml_dtypes = pytest.importorskip("ml_dtypes")  # among the requirements of the tests
    k, v, q = some_heads(90, 2, 32), some_heads(90, 2, 32), some_heads(3, 4, 32)
    positions = np.arange(90)
    turned = kernels.rope(k, positions, base=500)
    angles = positions[:, None] * 500.0 ** (-np.arange(16) / 16)
    pairs = (k[..., :16] + 1j * k[..., 16:]) * np.exp(1j * angles)[:, None, :]
    np.testing.assert_allclose(turned, np.concatenate([pairs.real, pairs.imag], axis=2), atol=1e-5)
    slots = rng.permutation(128)[:90]
    exact, _ = attention_of(q, turned, v)
    for dtype, tolerance in ((np.int8, 0.02), (ml_dtypes.float8_e4m3fn, 0.1), (ml_dtypes.float8_e5m2, 0.2)):
        keys, values = np.zeros((128, 2, 32), dtype), np.zeros((128, 2, 32), dtype)
        scales = np.ones((2, 128, 2), np.float32)
        kernels.append_kv(k, v, keys, values, slots, positions, base=500, key_scales=scales[0], value_scales=scales[1])
        pages = {"key_counts": [90], "page_table": slots.astype(np.int32), "page_size": 1}
        out = kernels.attention(q, keys, values, key_scales=scales[0], value_scales=scales[1], **pages)
        kept_k = keys[slots].astype(np.float32) * scales[0][slots][:, :, None]
        kept_v = values[slots].astype(np.float32) * scales[1][slots][:, :, None]
        np.testing.assert_allclose(out, attention_of(q, kept_k, kept_v)[0], atol=1e-5)
        assert np.abs(out - exact).max() < tolerance
    with pytest.raises(ValueError, match="key_scales must have 256 numbers, got 0"):
        kernels.append_kv(k, v, keys.view(np.int8), values.view(np.int8), slots)
    with pytest.raises(InvalidType, match="key_scales must be an array of float32"):
        kernels.append_kv(k, v, keys.view(np.int8), values.view(np.int8), slots, key_scales=scales[0].astype(float))
    with pytest.raises(ValueError, match="key_counts say how many"):
        kernels.attention(q, k, v, key_starts=[0, 90], page_table=[0], page_size=90, key_counts=[90])


def test_attention_of_nothing_seen_is_zero():
    q, k = some_heads(3, 1, 16), some_heads(1, 1, 16)
    out, lse = kernels.attention(q, k, k, causal=True, return_lse=True)
    assert (out[:2] == 0).all()
    assert (lse[:2] == -np.inf).all()
    np.testing.assert_allclose(out[2], k[0], rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": some_heads(5, 3, 8)}, "heads of k must divide those of q"),
        ({"k": some_heads(5, 2, 9)}, "heads of q and k must be of one size"),
        ({"k": some_heads(5, 2, 8).astype(np.float16)}, "k must be of the Dtype of q"),
        ({"q": some_heads(4, 8)}, "three axes"),
        ({"slopes": [1.0]}, "slopes must have a number for each of 4 heads, got 1"),
        ({"mask": np.ones((2, 2), bool)}, "mask must be 3 x 5"),
        ({"alignment": "left"}, "bottom_right"),
        ({"window_before": -1}, "window_before"),
        ({"softcap": np.nan}, "softcap must be finite"),
    ],
)
def test_attention_refuses(change, message):
    arguments = {"q": some_heads(3, 4, 8), "k": some_heads(5, 2, 8), "v": some_heads(5, 2, 8)} | change
    with pytest.raises(ValueError, match=message):
        kernels.attention(**arguments)
