"""The rules of the house, as functions of a tree: each returns what breaks the rule, one sentence per violation."""

from __future__ import annotations

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PLAN = "docs/explanation/architecture.md"
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r"//.*")
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror"]


@dataclass
class Plan:
    """The tables of the architecture page."""

    floor: dict[str, int]
    arrows: set[tuple[str, str]]


def read_plan(root: Path) -> Plan:
    text = (root / PLAN).read_text()
    floor = {
        room: int(level)
        for level, rooms in re.findall(r"^\| (\d) \| (.+) \|$", text, re.MULTILINE)
        for room in rooms.split(" · ")
    }
    arrows = set(re.findall(r"^\| (\w+) → (\w+) \| .+ \|$", text, re.MULTILINE))
    return Plan(floor, arrows)


def headers(root: Path, *endings: str) -> list[Path]:
    return sorted(p for p in (root / "include").rglob("*") if p.name.endswith(endings or (".hpp", ".ipp")))


def room_of(include: str) -> str:
    """qsm/queueing/mm1.hpp and qsm/queueing.hpp both belong to queueing."""
    return include.split("/")[1].removesuffix(".hpp")


def includes(path: Path) -> list[str]:
    return [name for _, name in INCLUDE.findall(path.read_text())]


def circle(edges: set[tuple[str, str]]) -> list[str]:
    """A circle in a directed graph, or nothing."""
    after: dict[str, list[str]] = {}
    for a, b in sorted(edges):
        after.setdefault(a, []).append(b)
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for other in after.get(node, []):
            if found := walk(other, [*path, node]):
                return found
        done.add(node)
        return []

    for start in sorted(after):
        if found := walk(start, []):
            return found
    return []


def broken_plan(root: Path) -> list[str]:
    """The plan itself: arrows join neighbours on one floor and close no circle; every room is described."""
    plan = read_plan(root)
    bad = [] if plan.floor else ["the plan has no floors"]
    for a, b in sorted(plan.arrows):
        if a not in plan.floor or b not in plan.floor:
            bad.append(f"the arrow {a} → {b} joins a room that is not in the plan")
        elif plan.floor[a] != plan.floor[b]:
            bad.append(f"the arrow {a} → {b} joins two floors")
    if found := circle(plan.arrows):
        bad.append("the arrows close a circle: " + " → ".join(found))
    described = set(re.findall(r"^\| (\w+) \| [a-zA-Z]", (root / PLAN).read_text(), re.MULTILINE))
    bad += [f"{room} stands on a floor but holds nothing" for room in sorted(set(plan.floor) - described)]
    return bad


def broken_includes(root: Path) -> list[str]:
    """Every include goes to a lower floor or along an arrow; the rooms close no circle."""
    plan, bad, edges = read_plan(root), [], set()
    for path in headers(root):
        where = path.relative_to(root / "include").as_posix()
        room = room_of(where)
        if room not in plan.floor:
            bad.append(f"{where}: {room} is not a room of the plan")
            continue
        for kind, name in INCLUDE.findall(path.read_text()):
            if kind == '"':
                bad.append(f'{where} includes "{name}": write <qsm/...>')
            if not name.startswith("qsm/"):
                continue
            other = room_of(name)
            if not (root / "include" / name).exists():
                bad.append(f"{where} includes {name}, which does not exist")
            elif other not in plan.floor:
                bad.append(f"{where} includes {name}: {other} is not a room of the plan")
            elif other != room:
                edges.add((room, other))
                if plan.floor[other] >= plan.floor[room] and (room, other) not in plan.arrows:
                    bad.append(f"{where} includes {name}: the plan has no arrow {room} → {other}")
    if found := circle(edges):
        bad.append("rooms include each other in a circle: " + " → ".join(found))
    return bad


def only_includes(path: Path) -> list[str]:
    """Lines that are neither include, comment nor #pragma once."""
    lines = [COMMENT.sub("", line).strip() for line in path.read_text().splitlines()]
    return [line for line in lines if line and line != "#pragma once" and not line.startswith("#include ")]


def broken_umbrellas(root: Path) -> list[str]:
    """An umbrella header contains includes only, and reaches every public header of its room."""
    bad = []
    for path in sorted((root / "include" / "qsm").glob("*.hpp")):
        bad += [f"{path.name}: '{line}' is not an include" for line in only_includes(path)]
        reached: set[str] = set()
        waiting = [f"qsm/{path.name}"]
        while waiting:
            name = waiting.pop()
            if name not in reached and (root / "include" / name).exists():
                reached.add(name)
                waiting += [n for n in includes(root / "include" / name) if n.startswith("qsm/")]
        for header in headers(root, ".hpp"):
            where = header.relative_to(root / "include").as_posix()
            apart = {"detail", "testing.hpp", "xtensor.hpp"} & {*header.parts}
            if room_of(where) == path.stem and not apart and where not in reached:
                bad.append(f"{path.name} does not reach {where}")
    return bad


def broken_sources(root: Path) -> list[str]:
    """src/ contains includes only, and every .ipp file is compiled exactly once, by its own room."""
    bad, compiled = [], {}
    for path in sorted((root / "src").glob("*.cpp")):
        bad += [f"src/{path.name}: '{line}' is not an include" for line in only_includes(path)]
        for name in includes(path):
            if name in compiled:
                bad.append(f"{name} is compiled by src/{compiled[name]} and src/{path.name}")
            compiled[name] = path.name
            if path.stem.split("_")[0] != room_of(name):
                bad.append(f"src/{path.name} compiles {name} of another room")
    for path in headers(root, ".ipp"):
        name = path.relative_to(root / "include").as_posix()
        if name not in compiled:
            bad.append(f"{name} is compiled by no file in src/")
        header = path.with_suffix(".hpp")
        text = header.read_text() if header.exists() else ""
        if not re.search(rf"#ifdef QSM_HEADER_ONLY\n#include <{re.escape(name)}>\n#endif", text):
            bad.append(f"{name} is not included by {header.name} under QSM_HEADER_ONLY")
    return bad


def broken_names(root: Path) -> list[str]:
    """One name everywhere: what is reached from Python has all its places, and no place has a name of its own."""
    plan, bad = read_plan(root), []
    bindings = set()
    for path in sorted((root / "python" / "bindings").glob("*.cpp")):
        if found := re.search(r"^QSM_ROOM\((\w+)\)", path.read_text(), re.MULTILINE):
            bindings.add(path.stem)
            if found[1] != path.stem:
                bad.append(f"python/bindings/{path.name} binds the room {found[1]}")
        part = re.search(r"^QSM_PART\((\w+), (\w+)\)", path.read_text(), re.MULTILINE)
        if part and path.stem != f"{part[1]}_{part[2]}":
            bad.append(f"python/bindings/{path.name} binds the part {part[2]} of the room {part[1]}")
    for room in sorted(bindings):
        places = [
            f"include/qsm/{room}",
            f"include/qsm/{room}.hpp",
            f"src/{room}.cpp",
            f"python/qsm/{room}.py",
            f"tests/cpp/{room}",
            f"tests/golden/{room}",
        ]
        bad += [f"{room} has a binding file but no {place}" for place in places if not (root / place).exists()]
    folders = {
        "include/qsm": "*",
        "tests/golden": "*",
        "benchmarks": "[a-z]*",
    }
    apart = {"results", "compile_fail", "CMakeLists"}
    for folder, pattern in folders.items():
        for path in sorted((root / folder).glob(pattern)):
            if (path.is_dir() or folder == "include/qsm") and path.stem not in plan.floor and path.stem not in apart:
                bad.append(f"{folder}/{path.name} is named after no room of the plan")
    for path in sorted((root / "tests" / "cpp").iterdir() if (root / "tests" / "cpp").exists() else []):
        if path.is_dir() and path.name not in plan.floor and path.name not in apart:
            bad.append(f"tests/cpp/{path.name} is named after no room of the plan")
    bad += [
        f"python/bindings/{name}.cpp is named after no room of the plan" for name in sorted(bindings - set(plan.floor))
    ]
    for path in sorted((root / "python" / "qsm").glob("[a-z]*")):
        if path.suffix in ("", ".py") and path.stem not in plan.floor:
            bad.append(f"python/qsm/{path.name} is named after no room of the plan")
    return bad


HOUSE_RULES = {
    r"^\s*using namespace": "using namespace in a header",
    r"#\s*include <iostream>": "iostream in a header",
    r"\b(std::abort|std::exit|std::terminate)\b": "a library does not end its user's program",
    r"^\s*#\s*define (?!QSM_)": "a macro without QSM_",
}


STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
WINDOWS_MACRO = re.compile(r"\b(?:near|far|small|interface|IN|OUT|OPTIONAL|ERROR|DELETE|CALLBACK|TRUE|FALSE|I)\b")


def broken_headers(root: Path) -> list[str]:
    """What no header may contain; and third-party headers stay behind .ipp files and detail/."""
    bad = []
    for path in headers(root):
        where, text = path.relative_to(root / "include").as_posix(), path.read_text()
        if path.suffix == ".hpp" and not text.startswith("#pragma once\n"):
            bad.append(f"{where} does not begin with #pragma once")
        code = STRING.sub('""', COMMENT.sub("", text))
        bad += [f"{where}: {name} is a macro on Windows" for name in sorted({*WINDOWS_MACRO.findall(code)})]
        bad += [f"{where}: {reason}" for rule, reason in HOUSE_RULES.items() if re.search(rule, text, re.MULTILINE)]
        if path.suffix == ".hpp" and "detail" not in path.parts and path.name != "xtensor.hpp":
            foreign = [n for n in includes(path) if n.split("/")[0] in ("boost", "Eigen", "xtensor", "xtl")]
            bad += [f"{where} includes {name}: only .ipp files and detail/ may" for name in foreign]
    return bad


MACHINE_PATH = re.compile(r"/(work|home|root|tmp|Users)/[\w.~-]")


def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    if not any(names):
        return sorted(p for p in root.rglob("*") if p.is_file() and ".git" not in p.parts)
    return [root / name for name in names if name and (root / name).is_file()]


def broken_text(root: Path) -> list[str]:
    """No tracked file names a place on somebody's machine."""
    bad = []
    for path in tracked(root):
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue  # a binary file
        for number, line in enumerate(lines, 1):
            if found := MACHINE_PATH.search(line):
                bad.append(f"{path.relative_to(root)}:{number}: names the machine's path {found.group()}...")
    return bad


def broken_alone(root: Path, compiler: list[str], *flags: str) -> list[str]:
    """Headers that do not compile by themselves, warnings as errors.

    In the header-only form a private header may need the public one that brings its code: only public ones count. The
    objects are compiled from relative paths, so that ccache knows them again in any checkout.
    """
    folder = root / "build" / "headers_alone"
    folder.mkdir(parents=True, exist_ok=True)

    def compile_alone(path: Path) -> str:
        name = path.relative_to(root / "include").as_posix()
        stem = name.replace("/", "-").removesuffix(".hpp")
        source = folder / f"{stem}.cpp"
        text = f"#include <{name}>\n#include <{name}>\n"
        if not source.exists() or source.read_text() != text:
            source.write_text(text)
        relative = source.relative_to(root).as_posix()
        output = f"build/headers_alone/{stem}-{Path(compiler[-1]).name}{''.join(flags)}.o"
        command = [*compiler, "-std=c++20", *WARNINGS, *flags, "-Iinclude", "-c", relative, "-o", output]
        result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        return f"{name} does not compile alone: {result.stderr[:2000]}" if result.returncode else ""

    private = "-DQSM_HEADER_ONLY" not in flags
    paths = [path for path in headers(root, ".hpp") if private or "detail" not in path.parts]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [message for message in pool.map(compile_alone, paths) if message]
