# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from collections.abc import Sequence
from typing import Self
from qsm._record import Record

class Rate(Record):
    """How much of one kind of work one processor of a machine does in a second.
    """
    def __new__(cls, name: str, value: float) -> Self: ...
    @property
    def name(self) -> str:
        """What: "bfloat16", "float8", "int8", ... for operations on such numbers; other names belong to who measured them.
        """
    @property
    def value(self) -> float:
        """Operations, or what else is counted, per second and processor [1/s], > 0.
        """

class Bandwidth(Record):
    """How fast a machine reads a range of memory again and again.
    """
    def __new__(cls, footprint: float, threads: int, rate: float) -> Self: ...
    @property
    def footprint(self) -> float:
        """Size of the range [B], > 0.
        """
    @property
    def threads(self) -> int:
        """Threads that read, or 0 for all that the machine has [1], an integer >= 0.
        """
    @property
    def rate(self) -> float:
        """Bytes per second, all threads together [B/s], > 0.
        """

class Accelerator(Record):
    """A processor or accelerator: its rates, with where they come from.

    A multiply-add is two operations. Rates are of products of dense matrices; "achieved bfloat16" and the like, where
    known, are the most that somebody measured, beside the published "bfloat16".
    """
    def __new__(cls, name: str, source: str, kind: str, processors: int, memory: float, launch: float, bandwidths: list[Bandwidth], rates: list[Rate]) -> Self: ...
    @property
    def name(self) -> str:
        """Name.
        """
    @property
    def source(self) -> str:
        """Where the numbers come from, and of which date.
        """
    @property
    def kind(self) -> str:
        """"cpu" or "gpu".
        """
    @property
    def processors(self) -> int:
        """Processors: cores, or multiprocessors of a GPU [1], an integer >= 1.
        """
    @property
    def memory(self) -> float:
        """Memory [B]; 0 where not known.
        """
    @property
    def launch(self) -> float:
        """What starting work on all processors costs [s]; 0 where not known.
        """
    @property
    def bandwidths(self) -> list[Bandwidth]:
        """Reading by range, the largest last.
        """
    @property
    def rates(self) -> list[Rate]:
        """Rates of one processor.
        """

def accelerator(name: str) -> Accelerator:
    """A published entry.

    Parameters
    ----------
    name
        one of accelerator_names(); small and large letters are one

    Returns
    -------
    its numbers with their source

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    data sheets of the vendors, as each entry says
    """

def accelerator_names() -> list[str]:
    """Names that accelerator() knows.

    Returns
    -------
    names

    Source
    ------
    accelerator()
    """

def work_rate(machine: Accelerator, name: str, processors: float = ...) -> float:
    """Work per second of some processors of a machine.

    Parameters
    ----------
    machine
        a machine
    name
        of one of its rates
    processors
        how many of its processors work [1], an integer >= 0; 0 takes all, and no more than all count

    Returns
    -------
    rate [1/s]; 0 where the machine has none of this name

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    the entry
    """

def read_bandwidth(machine: Accelerator, footprint: float, threads: float = ...) -> float:
    """Bytes per second that a machine reads from a range of memory that it reads again and again.

    Between measured ranges and numbers of threads the logarithm of the time of a byte is taken as linear in the logarithm
    of the range.

    Parameters
    ----------
    machine
        a machine with bandwidths
    footprint
        size of the range [B], > 0; infinite for the largest
    threads
        threads that read [1], an integer >= 0; 0 takes all

    Returns
    -------
    rate [B/s]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    the entry
    """

def to_json(machine: Accelerator) -> str:
    """An entry as JSON text, to the last bit.

    Parameters
    ----------
    machine
        a machine

    Returns
    -------
    JSON

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    RFC 8259
    """

def from_json(text: str) -> Accelerator:
    """An entry from JSON text.

    Parameters
    ----------
    text
        what to_json() gives; other keys are ignored

    Returns
    -------
    the entry

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    RFC 8259
    """

class Probe:
    """Work to be timed, which gives a machine's entry a rate.
    """
    @property
    def name(self) -> str:
        """Name of the rate.
        """
    @property
    def work(self) -> float:
        """How much of it one call does [1].
        """
    def run(self) -> None:
        """Does it once.
        """

def profile_machine(probes: Sequence[Probe], *, seconds: float = ..., threads: bool = ...) -> Accelerator:
    """The machine that runs this, measured: reading by range and threads, the cost of starting threads, and the rate of each probe on one thread.

    Parameters
    ----------
    probes
        what else is timed, such as kernels::probes(); none where empty
    seconds
        Time that is spent at most on each thing that is timed, but for its first calls [s], finite and > 0.
    threads
        Whether the work runs on other threads too, so that the wall's clock counts and not that of the calling thread.

    Returns
    -------
    an entry of kind "cpu" whose processors are the threads there are

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    J. McCalpin 1995, Memory bandwidth and machine balance in current high performance computers
    """
