"""Empty projects that use the library in every way it is offered, built and run as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from fractions import Fraction
from math import exp
from pathlib import Path

import pytest

import qsm

ROOT = Path(__file__).resolve().parents[2]
CONSUMERS = ROOT / "tests" / "consumer"
COMPILER = os.environ.get("CXX", "g++")
CMAKE = ["cmake", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]


def run(*command: object, **environment: str) -> str:
    """Runs a command and returns what it prints; its messages are shown when it fails."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "CMAKE_PREFIX_PATH", "PKG_CONFIG_PATH")}
    result = subprocess.run(
        [str(c) for c in command], env=inherited | environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{command} failed:\n{result.stdout[-4000:]}\n{result.stderr[-4000:]}"
    return result.stdout


def erlang_c(servers: int, load: int) -> Fraction:
    """Erlang's delay formula in exact arithmetic, from its definition."""
    term, total = Fraction(1), Fraction(1)
    for k in range(1, servers):
        term *= Fraction(load, k)
        total += term
    last = term * Fraction(load, servers) * Fraction(servers, servers - load)
    return last / (total + last)


def servers_needed() -> int:
    """Fewest servers with P(W > 1 s) <= 1 % at 9 arrivals a second and a mean service of 1 s, one by one."""
    return next(c for c in range(10, 100) if float(erlang_c(c, 9)) * exp(-(c - 9)) <= 0.01)


def check(printed: str) -> None:
    """The three numbers that every consumer prints."""
    lines = dict(line.split(maxsplit=1) for line in printed.splitlines())
    assert float(lines["mm1"]) == pytest.approx(0.9, rel=1e-15)
    assert float(lines["mmc"]) == pytest.approx(float(erlang_c(10, 9)), rel=1e-14)
    assert float(lines["servers"]) == servers_needed()


@pytest.fixture(scope="session")
def install_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build, prefix = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("prefix")
    run(*CMAKE, "-S", ROOT, "-B", build, "-DQSM_BUILD_TESTS=OFF")
    run("cmake", "--build", build)
    run("cmake", "--install", build, "--prefix", prefix)
    return prefix


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-build-isolation"]
    defines = ["CMAKE_CXX_COMPILER_LAUNCHER=ccache", "QSM_BUILD_TESTS=ON"]
    options = [f"-Cbuild-dir={ROOT / 'build'}", *(f"-Ccmake.define.{define}" for define in defines)]
    run(*pip, "--no-deps", *options, "-w", folder, ROOT)
    (path,) = folder.glob("qsm-*.whl")
    return path


def cmake_consumer(kind: str, build: Path, *options: str) -> str:
    run(*CMAKE, "-S", CONSUMERS / kind, "-B", build, *options)
    run("cmake", "--build", build)
    return run(build / "consumer")


def test_find_package_from_an_install_tree(install_tree: Path, tmp_path: Path) -> None:
    check(cmake_consumer("find_package", tmp_path, f"-DCMAKE_PREFIX_PATH={install_tree}"))


def test_library_shares_no_function_of_eigen_with_the_program(install_tree: Path) -> None:
    """One compiled with -march=native would free the other's memory, which it aligns otherwise: seen to crash."""
    symbols = run("nm", "-C", install_tree / "lib" / "libqsm.a")
    assert "qsm_eigen::" in symbols
    assert " Eigen::" not in symbols


def test_find_package_refuses_a_newer_minor_version(install_tree: Path, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(newer LANGUAGES CXX)\nfind_package(qsm 0.99 REQUIRED)\n"
    )
    command = [*CMAKE, "-S", str(tmp_path), "-B", str(tmp_path / "build"), f"-DCMAKE_PREFIX_PATH={install_tree}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "0.99" in result.stderr


def test_find_package_from_the_wheel(tmp_path: Path) -> None:
    check(cmake_consumer("wheel", tmp_path, f"-Dqsm_DIR={qsm.get_cmake_dir()}"))


def test_add_subdirectory(tmp_path: Path) -> None:
    check(cmake_consumer("add_subdirectory", tmp_path, f"-DQSM_SOURCE={ROOT}"))


def test_pkg_config(install_tree: Path, tmp_path: Path) -> None:
    pkgconfig = str(install_tree / "share" / "pkgconfig")
    run("cp", CONSUMERS / "pkg_config" / "main.cpp", CONSUMERS / "pkg_config" / "Makefile", tmp_path)
    run("make", "-C", tmp_path, f"CXX={COMPILER}", PKG_CONFIG_PATH=pkgconfig)
    check(run(tmp_path / "consumer"))
    assert run("pkg-config", "--modversion", "qsm", PKG_CONFIG_PATH=pkgconfig).strip() == qsm.__version__


def test_header_only_by_include_path(tmp_path: Path) -> None:
    flags = ["-std=c++20", "-O1", "-DQSM_HEADER_ONLY", f"-I{qsm.get_include()}"]
    run(COMPILER, *flags, CONSUMERS / "header_only" / "main.cpp", "-o", tmp_path / "consumer")
    check(run(tmp_path / "consumer"))


@pytest.mark.slow
def test_units_with_different_instructions_share_one_program(tmp_path: Path) -> None:
    """Header-only from the installed package, under the sanitizers, one unit compiled for this machine alone."""
    sanitize = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    flags = ["-std=c++20", "-O1", *sanitize, "-DQSM_HEADER_ONLY", f"-I{qsm.get_include()}", "-c"]
    units = {"main": [], "other": ["-march=native"]}
    for unit, more in units.items():
        run(COMPILER, *flags, *more, CONSUMERS / "two_units" / f"{unit}.cpp", "-o", tmp_path / f"{unit}.o")
    objects = [tmp_path / f"{unit}.o" for unit in units]
    run(COMPILER, *sanitize, *objects, "-pthread", "-o", tmp_path / "consumer")
    run(tmp_path / "consumer")


def test_every_header_in_two_objects_of_one_program(tmp_path: Path) -> None:
    """A function of an .ipp file without QSM_INLINE would be defined twice."""
    include = ROOT / "include"
    headers = sorted(str(p.relative_to(include)) for p in include.rglob("*.hpp"))
    (tmp_path / "all.cpp").write_text("".join(f"#include <{header}>\n" for header in headers))
    (tmp_path / "main.cpp").write_text("int main() {}\n")
    run(
        "ccache",
        COMPILER,
        "-std=c++20",
        "-DQSM_HEADER_ONLY",
        f"-I{include}",
        "-c",
        tmp_path / "all.cpp",
        "-o",
        tmp_path / "a.o",
    )
    run("cp", tmp_path / "a.o", tmp_path / "b.o")
    run(COMPILER, tmp_path / "main.cpp", tmp_path / "a.o", tmp_path / "b.o", "-pthread", "-o", tmp_path / "program")


def test_wheel_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path, with_pip=False)
    python = tmp_path / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--disable-pip-version-check"]
    run(*install, "-c", ROOT / "constraints.txt", wheel)
    printed = run(python, "-I", CONSUMERS / "empty_environment" / "main.py")
    check(printed)
    lines = dict(line.split(maxsplit=1) for line in printed.splitlines())
    assert lines["loaded"] == "numpy qsm"
    assert [float(wait) for wait in lines["array"].split()] == pytest.approx([0.1, 0.9], rel=1e-15)
    assert lines["error"] == "mm1: arrival_rate must be finite and >= 0, got -1"
    site = tmp_path / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    assert not list(site.rglob("libqsm*")), "the wheel ships headers and the extension only"
    assert (site / "qsm" / "py.typed").exists()
    assert (site / "qsm" / "include" / "qsm" / "queueing.hpp").exists()
