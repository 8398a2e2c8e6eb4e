class StationSimulation:
    @property
    def servers(self) -> float: ...
    @property
    def capacity(self) -> float: ...
    @property
    def stable(self) -> bool: ...
    @property
    def warmup(self) -> float: ...
    @property
    def arrival_rate(self) -> Estimate: ...
    @property
    def service_rate(self) -> Estimate: ...
    @property
    def throughput(self) -> Estimate: ...
    @property
    def utilization(self) -> Estimate: ...
    @property
    def mean_wait(self) -> Estimate: ...
    @property
    def mean_sojourn(self) -> Estimate: ...
    @property
    def mean_queue_length(self) -> Estimate: ...
    @property
    def mean_number(self) -> Estimate: ...
    @property
    def probability_wait(self) -> Estimate: ...
    @property
    def probability_blocked(self) -> Estimate: ...
    @overload
    def wait_cdf(self, time: float) -> Estimate: ...
    @overload
    def wait_cdf(self, time: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def wait_quantile(self, probability: float) -> Estimate: ...
    @overload
    def wait_quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def sojourn_cdf(self, time: float) -> Estimate: ...
    @overload
    def sojourn_cdf(self, time: ArrayLike) -> NDArray[np.float64]: ...
    @overload
    def sojourn_quantile(self, probability: float) -> Estimate: ...
    @overload
    def sojourn_quantile(self, probability: ArrayLike) -> NDArray[np.float64]: ...

def simulate(
    interarrival: Distribution,
    service: Distribution,
    servers: float = ...,
    *,
    capacity: float = ...,
    customers: float = ...,
    replications: float = ...,
    warmup: float = ...,
    seed: int = ...,
    threads: int = ...,
    confidence: float = ...,
    control_variate: bool = ...,
    progress: Callable[[float], object] | None = ...,
) -> StationSimulation: ...
def replay(
    arrival_times: ArrayLike, service_times: ArrayLike, servers: float, *, capacity: float = ...
) -> StationSimulation: ...
def servers_for_wait_in_replay(
    arrival_times: ArrayLike, service_times: ArrayLike, wait: float, probability: float
) -> int: ...
def servers_for_wait_in_simulation(
    interarrival: Distribution,
    service: Distribution,
    wait: float,
    probability: float,
    *,
    customers: float = ...,
    replications: float = ...,
    warmup: float = ...,
    seed: int = ...,
    threads: int = ...,
    confidence: float = ...,
    progress: Callable[[float], object] | None = ...,
) -> tuple[int, Estimate]: ...
def compare(
    interarrival: object,
    service: object,
    servers: float,
    trace: bool,
    customers: float,
    replications: float,
    warmup: float,
    seed: int,
    threads: int,
    confidence: float,
    progress: Callable[[float], object] | None,
) -> list[tuple[str, float, Estimate, float | None]]: ...
