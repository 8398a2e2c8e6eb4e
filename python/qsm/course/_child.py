"""Runs a submission's cells and calls its functions, in a process of its own that knows no answers.

Started by `grade` as `python -I _child.py FD`. Reads a job from standard input, writes one line of JSON for each thing
done to the file descriptor FD. What a submission does to this process can change what it reports, not how that is judged.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib.util
import json
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any, NoReturn


class TooLong(BaseException):
    """A cell or a call ran past its time."""


def _alarm(_: int, __: FrameType | None) -> NoReturn:
    raise TooLong


def _refuse(*_: object, **__: object) -> NoReturn:
    raise OSError("a submission runs without a network")


def _alone() -> None:
    """Goes on in a process with a network and processes of its own, which ends with the grader and takes all its own along.

    As far as this system is Linux and lets an ordinary user do it. The process before it waits, and ends as it ends.
    """
    with contextlib.suppress(Exception):
        import ctypes

        system = ctypes.CDLL(None)
        user, processes, network, kill_with_parent = 0x10000000, 0x20000000, 0x40000000, 1
        apart = system.unshare(user | processes | network) == 0
        system.prctl(kill_with_parent, int(signal.SIGKILL), 0, 0, 0)  # only now: changed credentials clear it
        if not apart:
            return
        first = os.fork()
        if first == 0:  # the first process of its namespace: when it ends, the kernel ends the others
            system.prctl(kill_with_parent, int(signal.SIGKILL), 0, 0, 0)
            return
        os.closerange(3, 64)
        os.waitpid(first, 0)
        os._exit(0)


def _confine(megabytes: int, seconds: int) -> None:
    """No network, bounded memory and processor time, as far as this system lets an ordinary user do it."""
    _alone()
    for name in ("connect", "connect_ex", "bind"):
        with contextlib.suppress(AttributeError, TypeError):
            setattr(socket.socket, name, _refuse)
    socket.create_connection = _refuse
    socket.getaddrinfo = _refuse
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _take_away(package: str) -> None:
    """A package is not to be had any more: not by import, not by reading its files, not through another process."""
    found = importlib.util.find_spec(package)
    places = tuple(found.submodule_search_locations or ()) if found else ()
    processes = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import" and str(arguments[0]).partition(".")[0] == package:
            raise ImportError(f"{package} is not to be had in this problem")
        if event in ("import", "open", "ctypes.dlopen", "os.listdir", "os.scandir"):
            if any(isinstance(word, str) and word.startswith(places) for word in arguments[:2]):
                raise ImportError(f"the files of {package} are not to be had in this problem")
        elif event in processes:
            raise OSError("no other process may be started in this problem")

    sys.addaudithook(watch)


def plain(answer: Any) -> Any:
    """An answer as numbers, lists and dictionaries of Python; what cannot be that becomes its description."""
    if hasattr(answer, "tolist"):  # arrays and numbers of NumPy
        answer = answer.tolist()
    if answer is None or isinstance(answer, (bool, str)):
        return answer
    if isinstance(answer, int):
        return int(answer) if answer.bit_length() <= 1000 else f"<an integer of {answer.bit_length()} bits>"
    if isinstance(answer, float):
        return float(answer)
    if isinstance(answer, (list, tuple)):
        return [plain(value) for value in answer]
    if isinstance(answer, dict):
        return {str(key): plain(value) for key, value in answer.items()}
    return f"<{type(answer).__name__}>"


def main() -> None:
    """Runs the job."""
    job = json.loads(sys.stdin.buffer.read())
    out = os.fdopen(int(sys.argv[1]), "w", encoding="utf-8")

    def tell(**message: Any) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    sys.stdin = open(os.devnull, encoding="utf-8")
    _confine(job["megabytes"], job["processor_seconds"])
    if job["without"]:
        _take_away(job["without"])
    signal.signal(signal.SIGALRM, _alarm)
    space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins, "display": lambda *_, **__: None}
    for number, source in job["cells"]:
        tell(begin=f"cell {number}")
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        try:
            exec(compile(source, f"<cell {number}>", "exec"), space)
        except TooLong:
            tell(cell=number, error=f"ran longer than {job['seconds']:g} s")
        except BaseException as error:
            tell(cell=number, error=f"{type(error).__name__}: {error}"[:300])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    for name, calls in job["calls"].items():
        tell(begin=f"call {name}")
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        try:
            function = space.get(name)
            for at, numbers in enumerate(calls):
                try:
                    if not callable(function):
                        raise NameError(f"there is no function {name}")
                    tell(call=name, at=at, value=plain(function(**json.loads(json.dumps(numbers)))))
                except TooLong:
                    raise
                except BaseException as error:
                    tell(call=name, at=at, error=f"{type(error).__name__}: {error}"[:300])
        except TooLong:
            tell(call=name, error=f"ran longer than {job['seconds']:g} s")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    tell(end=True)


if __name__ == "__main__":
    main()
