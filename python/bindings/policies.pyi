def admitted(
    limiter: TokenBucket | Gcra | LeakyBucket | FixedWindow | SlidingWindowLog | SlidingWindowCounter,
    times: ArrayLike,
    costs: ArrayLike | None,
) -> NDArray[np.bool_]: ...

class Fifo:
    """First come, first served."""

    def __init__(self) -> None:
        """Nothing waits."""
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]."""
    def pop(self, now: float) -> Job | None:
        """Takes the next job; None where none waits."""
    def preempts(self, running: Job) -> bool:
        """Whether the next job comes strictly before `running`, whose size is what is left of it."""
    @property
    def size(self) -> int:
        """Number of jobs that wait [1]."""

class EarliestDeadlineFirst:
    """Earliest deadline first: optimal for one server where all deadlines can be met (Dertouzos 1974)."""

    def __init__(self) -> None:
        """Nothing waits."""
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]."""
    def pop(self, now: float) -> Job | None:
        """Takes the next job; None where none waits."""
    def preempts(self, running: Job) -> bool:
        """Whether the next job comes strictly before `running`, whose size is what is left of it."""
    @property
    def size(self) -> int:
        """Number of jobs that wait [1]."""

class ShortestRemaining:
    """Shortest remaining size first: the least mean sojourn of all policies of one server (Schrage 1968) where the
    caller honours `preempts`; shortest job first where not.
    """

    def __init__(self) -> None:
        """Nothing waits."""
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]."""
    def pop(self, now: float) -> Job | None:
        """Takes the next job; None where none waits."""
    def preempts(self, running: Job) -> bool:
        """Whether the next job comes strictly before `running`, whose size is what is left of it."""
    @property
    def size(self) -> int:
        """Number of jobs that wait [1]."""

class PriorityScheduler:
    """Priorities, the lowest number first, with ageing against starvation.

    With ageing a job's number falls by that much for each second of waiting, so that nobody starves.
    """

    def __init__(self, ageing: float = ...) -> None:
        """Nothing waits.

        Parameters
        ----------
        ageing
            levels that a second of waiting is worth [1/s], finite and >= 0
        """
    def push(self, now: float, job: Job) -> None:
        """Lets a job wait from `now` [s]."""
    def pop(self, now: float) -> Job | None:
        """Takes the next job; None where none waits."""
    def preempts(self, running: Job) -> bool:
        """Whether the next job comes strictly before `running`, whose size is what is left of it."""
    @property
    def size(self) -> int:
        """Number of jobs that wait [1]."""
