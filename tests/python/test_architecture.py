"""The tree keeps the rules of docs/explanation/architecture.md, and each rule is seen to fail on a planted violation."""

from __future__ import annotations

import shutil
from pathlib import Path

import architecture
import pytest

ROOT = Path(__file__).resolve().parents[2]
CCACHE = ["ccache"] if shutil.which("ccache") else []
GCC, CLANG = [*CCACHE, "g++"], [*CCACHE, "clang++-16"]

RULES = {
    "plan": architecture.broken_plan,
    "includes": architecture.broken_includes,
    "umbrellas": architecture.broken_umbrellas,
    "sources": architecture.broken_sources,
    "names": architecture.broken_names,
    "headers": architecture.broken_headers,
    "text": architecture.broken_text,
}


@pytest.mark.parametrize("rule", RULES)
def test_tree_keeps_the_rule(rule: str) -> None:
    assert RULES[rule](ROOT) == []


def test_every_header_compiles_alone() -> None:
    assert architecture.broken_alone(ROOT, GCC) == []


@pytest.mark.slow
@pytest.mark.parametrize("compiler", [GCC, CLANG], ids=["gcc", "clang"])
@pytest.mark.parametrize("flags", [[], ["-DQSM_HEADER_ONLY"]], ids=["compiled", "header_only"])
def test_every_header_compiles_alone_in_both_forms(compiler: list[str], flags: list[str]) -> None:
    assert architecture.broken_alone(ROOT, compiler, *flags) == []


# --- the rules, each seen to fail ------------------------------------------------------------------------------------

PLAN = """\
| floor | rooms |
| --- | --- |
| 1 | top · side |
| 0 | ground |

| arrow | reason |
| --- | --- |
| top → side | a reason |

| room | holds |
| --- | --- |
| top | this |
| side | that |
| ground | the rest |
"""
HEADER = "#pragma once\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small house without a fault."""
    files = {
        architecture.PLAN: PLAN,
        "include/qsm/top.hpp": HEADER + "/// @file\n#include <qsm/top/roof.hpp>\n",
        "include/qsm/top/roof.hpp": HEADER + "#include <qsm/ground/floor.hpp>\n#include <qsm/side/wing.hpp>\n"
        "#ifdef QSM_HEADER_ONLY\n#include <qsm/top/roof.ipp>\n#endif\n",
        "include/qsm/top/roof.ipp": HEADER + "#include <qsm/top/roof.hpp>\n",
        "include/qsm/side/wing.hpp": HEADER + "#include <vector>\n",
        "include/qsm/ground/floor.hpp": HEADER,
        "src/top.cpp": "#include <qsm/top/roof.ipp>\n",
        "python/bindings/top.cpp": "QSM_ROOM(top) {}\n",
        "python/bindings/module.cpp": "",
        "python/qsm/top.py": "",
        "python/qsm/_private.py": "",
        "tests/cpp/top/roof_test.cpp": "",
        "tests/golden/top/roof.csv": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_planted_tree_without_a_fault(tree: Path) -> None:
    assert [bad for rule in RULES.values() for bad in rule(tree)] == []
    assert architecture.broken_alone(tree, GCC) == []


# rule, file, text put at its end (None: the file is removed), and what the message has to say
PLANTED = [
    ("plan", architecture.PLAN, "| side → top | no reason |\n", "circle: side → top → side"),
    ("plan", architecture.PLAN, "| top → ground | down |\n", "top → ground joins two floors"),
    ("plan", architecture.PLAN, "| top → attic | up |\n", "room that is not in the plan"),
    ("plan", architecture.PLAN, "| 2 | attic |\n", "attic stands on a floor but holds nothing"),
    ("includes", "include/qsm/ground/floor.hpp", "#include <qsm/top/roof.hpp>\n", "no arrow ground → top"),
    ("includes", "include/qsm/ground/floor.hpp", "#include <qsm/top/roof.hpp>\n", "in a circle: ground → top → ground"),
    ("includes", "include/qsm/side/wing.hpp", "#include <qsm/top/roof.hpp>\n", "no arrow side → top"),
    ("includes", "include/qsm/side/wing.hpp", "#include <qsm/side/tower.hpp>\n", "does not exist"),
    ("includes", "include/qsm/side/wing.hpp", '#include "wing.hpp"\n', "write <qsm/...>"),
    ("includes", "include/qsm/attic/box.hpp", HEADER, "attic is not a room of the plan"),
    ("umbrellas", "include/qsm/top.hpp", "inline int one = 1;\n", "'inline int one = 1;' is not an include"),
    ("umbrellas", "include/qsm/top/window.hpp", HEADER, "top.hpp does not reach qsm/top/window.hpp"),
    ("sources", "src/top.cpp", "int one = 1;\n", "'int one = 1;' is not an include"),
    ("sources", "src/side.cpp", "#include <qsm/top/roof.ipp>\n", "compiled by src/side.cpp and src/top.cpp"),
    ("sources", "src/side.cpp", "#include <qsm/top/roof.ipp>\n", "of another room"),
    ("sources", "src/top.cpp", None, "compiled by no file in src/"),
    ("sources", "include/qsm/side/wing.ipp", HEADER, "not included by wing.hpp under QSM_HEADER_ONLY"),
    ("names", "include/qsm/top.hpp", None, "no include/qsm/top.hpp"),
    ("names", "python/qsm/top.py", None, "no python/qsm/top.py"),
    ("names", "tests/golden/top/roof.csv", None, "no tests/golden/top"),
    ("names", "tests/golden/attic/a.csv", "", "tests/golden/attic is named after no room"),
    ("names", "tests/cpp/attic/a_test.cpp", "", "tests/cpp/attic is named after no room"),
    ("names", "python/qsm/attic.py", "", "python/qsm/attic.py is named after no room"),
    ("names", "python/bindings/attic.cpp", "QSM_ROOM(attic) {}\n", "python/bindings/attic.cpp is named after no room"),
    ("names", "python/bindings/side.cpp", "QSM_ROOM(top) {}\n", "side.cpp binds the room top"),
    ("names", "python/bindings/top_attic.cpp", "QSM_PART(top, roof) {}\n", "binds the part roof of the room top"),
    ("headers", "include/qsm/side/wing.hpp", "using namespace std;\n", "using namespace"),
    ("headers", "include/qsm/side/wing.hpp", "#include <iostream>\n", "iostream"),
    ("headers", "include/qsm/side/wing.hpp", "#define WING 1\n", "a macro without QSM_"),
    ("headers", "include/qsm/side/wing.hpp", "inline bool far = true;\n", "far is a macro on Windows"),
    ("headers", "include/qsm/side/wing.hpp", "#include <boost/math/constants.hpp>\n", "only .ipp files"),
    ("headers", "include/qsm/side/wing.ipp", "void f() { std::abort(); }\n", "does not end its user's program"),
    ("text", "README.md", "see /ho" + "me/someone/notes\n", "README.md:1"),
]


@pytest.mark.parametrize(("rule", "file", "text", "message"), PLANTED)
def test_planted_violation_is_found(tree: Path, rule: str, file: str, text: str | None, message: str) -> None:
    path = tree / file
    if text is None:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + text)
    assert any(message in bad for bad in RULES[rule](tree)), RULES[rule](tree)


@pytest.mark.parametrize("fault", ["inline std::string name;\n", "inline int narrow(double x) { return x; }\n"])
def test_planted_header_that_does_not_compile_alone(tree: Path, fault: str) -> None:
    path = tree / "include/qsm/side/wing.hpp"
    path.write_text(path.read_text() + fault)
    bad = architecture.broken_alone(tree, GCC)
    assert any("qsm/side/wing.hpp does not compile alone" in message for message in bad)
