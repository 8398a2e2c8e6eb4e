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
from types import FrameType, ModuleType
from typing import Any, NoReturn


class TooLong(BaseException):
    """A cell or a call ran past its time."""


def _alarm(_: int, __: FrameType | None) -> NoReturn:
    raise TooLong


def _refuse(*_: object, **__: object) -> NoReturn:
    raise OSError("a submission runs without a network")


_NOBODY = 65534


def _drop() -> None:
    """Goes on as nobody where it was root, unless nobody may read what Python needs."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    with contextlib.suppress(OSError):
        trial = os.fork()
        if trial == 0:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
            needed = [os.getcwd(), __file__, os.__file__, *filter(os.path.exists, sys.path)]
            os._exit(0 if all(os.access(place, os.R_OK) for place in needed) else 1)
        if os.waitstatus_to_exitcode(os.waitpid(trial, 0)[1]) == 0:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)


def _read_only(system: Any, writable: str) -> None:
    """Nothing can be written any more but in one folder, whoever owns it."""
    import ctypes

    recursive, read_only = 0x8000, 1

    def change(place: str, take: int, give: int, flags: int) -> None:  # mount_setattr, Linux 5.12
        wish = (ctypes.c_uint64 * 4)(take, give, 0, 0)
        system.syscall(442, -100, place.encode(), flags, ctypes.byref(wish), ctypes.sizeof(wish))

    if system.mount(writable.encode(), writable.encode(), None, 1 << 12, None) == 0:
        change("/", read_only, 0, recursive)
        change(writable, 0, read_only, 0)
        os.chdir(writable)  # the folder as it is mounted now


def _alone(hidden: list[str], most: int) -> None:
    """Goes on in a process with a network, processes and files of its own, which ends with the grader and takes all its own
    along. It sees no other process, not what is hidden, writes in its own folder only, and has `most` processes and threads
    at a time.

    As far as this system is Linux and lets an ordinary user do it. The process before it waits, and ends as it ends.
    """
    with contextlib.suppress(Exception):
        import ctypes
        import resource

        system = ctypes.CDLL(None)
        files, user, processes, network = 0x20000, 0x10000000, 0x20000000, 0x40000000
        kill_with_parent, dumpable, bind, private = 1, 4, 1 << 12, 1 << 18 | 1 << 14
        system.prctl(dumpable, 1, 0, 0, 0)  # or the files of this process in /proc belong to root
        own = os.getuid(), os.getgid()
        apart = system.unshare(user | processes | network | files) == 0
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{own[0]} {own[0]} 1"),
            ("gid_map", f"{own[1]} {own[1]} 1"),
        ):
            with contextlib.suppress(OSError), open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
        system.prctl(kill_with_parent, int(signal.SIGKILL), 0, 0, 0)  # only now: changed credentials clear it
        if not apart:
            return
        first = os.fork()
        if first == 0:  # the first process of its namespace: when it ends, the kernel ends the others
            empty = os.path.join(os.getcwd(), "empty").encode()
            os.mkdir(empty, 0o555)
            if system.mount(None, b"/", None, private, None) == 0:
                if system.mount(b"proc", b"/proc", b"proc", 0, None):
                    system.mount(empty, b"/proc", None, bind, None)
                for place in hidden:
                    system.mount(empty if os.path.isdir(place) else b"/dev/null", place.encode(), None, bind, None)
                _read_only(system, os.getcwd())
                system.unshare(user | files)  # what was mounted before is now locked: nobody in here can take it away
            system.prctl(kill_with_parent, int(signal.SIGKILL), 0, 0, 0)
            resource.setrlimit(resource.RLIMIT_NPROC, (most, most))  # counts those in here alone
            return
        os.closerange(3, 64)
        os.waitpid(first, 0)
        os._exit(0)


def _confine(megabytes: int, seconds: int, hidden: list[str]) -> None:
    """No network, bounded memory and processor time, as far as this system lets an ordinary user do it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")  # where memory runs out, the submission is ended and not the grader
    _drop()
    _alone(hidden, 256)
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


def _places(package: str) -> list[str]:
    """Folders of a package."""
    found = importlib.util.find_spec(package)
    return list(found.submodule_search_locations or ()) if found else []


def _take_away(package: str, places: tuple[str, ...]) -> None:
    """A package is not to be had any more: not by import, not by reading its files, not through another process."""
    processes = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import" and f"{arguments[0]}.".startswith(f"{package}."):
            raise ImportError(f"{package} is not to be had in this problem")
        if event in ("import", "open", "ctypes.dlopen", "os.listdir", "os.scandir"):
            if any(isinstance(word, str) and word.startswith(places) for word in arguments[:2]):
                raise ImportError(f"the files of {package} are not to be had in this problem")
        elif event in processes and package == "qsm":
            raise OSError("no other process may be started in this problem")

    sys.addaudithook(watch)


class _Task:
    """What a submission gets for its assignment: its numbers, and checks that say nothing."""

    def __init__(self, numbers: dict[str, dict[str, Any]]) -> None:
        self._numbers = numbers

    def numbers(self, name: str) -> dict[str, Any]:
        """The student's own numbers for a problem."""
        found: dict[str, Any] = json.loads(json.dumps(self._numbers[name]))
        return found

    def check(self, _: object) -> None:
        """Nothing."""

    require = check


def _without_checks(numbers: dict[str, dict[str, Any]]) -> None:
    """Puts an empty module in the place of qsm.course, whose checks would tell a search which answer is right."""
    course = ModuleType("qsm.course", "The course without its checks, as a submission sees it while it is graded.")
    course.assignment = lambda *_, **__: _Task(numbers)  # type: ignore[attr-defined]
    sys.modules["qsm.course"] = course


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
    package, *inner = job["without"].split(".")
    gone = [os.path.join(place, *inner) for place in (_places(package) if package else ())]
    _confine(job["megabytes"], job["processor_seconds"], [*job["hidden"], *gone])
    if job["without"] == "qsm.course":
        _without_checks({name: calls[0] for name, calls in job["calls"].items()})
    if package:
        _take_away(job["without"], tuple(gone))
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
