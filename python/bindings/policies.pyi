def admitted(
    limiter: TokenBucket | Gcra | LeakyBucket | FixedWindow | SlidingWindowLog | SlidingWindowCounter,
    times: ArrayLike,
    costs: ArrayLike | None,
) -> NDArray[np.bool_]: ...
