"""The typed interface of the extension module: made from the headers, and true of what is installed."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import qsm
from qsm import _core

ROOT = Path(__file__).resolve().parents[2]
STUBS = sorted(path for path in (ROOT / "python" / "qsm" / "_core").glob("*.pyi") if path.stem != "__init__")
stubs = pytest.mark.parametrize("stub", STUBS, ids=lambda path: path.stem)


@stubs
def test_stub_is_what_the_headers_say(stub, tmp_path):
    made = tmp_path / stub.name
    subprocess.run([sys.executable, ROOT / "scripts" / "apigen.py", "stub", stub.stem, made], check=True)
    assert made.read_text() == stub.read_text(), (
        f"run: python scripts/apigen.py stub {stub.stem} {stub.relative_to(ROOT)}"
    )


def test_units_are_what_the_header_says(tmp_path):
    made = tmp_path / "units.py"
    subprocess.run([sys.executable, ROOT / "scripts" / "apigen.py", "units", made], check=True)
    assert made.read_text() == (ROOT / "python" / "qsm" / "_units.py").read_text()
    assert 90 * qsm.units.minute == 1.5 * qsm.units.hour
    assert qsm.units.gibibyte / qsm.units.mebibyte == 1024


def parameters(definition):
    arguments = definition.args
    return [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


@stubs
def test_functions_and_models_are_as_installed(stub):
    """Names and arguments of the two broadcasting forms, which mypy's stubtest does not take for functions."""
    module = getattr(_core, stub.stem)
    functions, models = {}, {}
    for node in ast.parse(stub.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = node  # the last overload takes `out`
        elif isinstance(node, ast.ClassDef):
            models[node.name] = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
    for name, thing in vars(module).items():
        if isinstance(thing, _core.Function | _core.PlainFunction):
            assert parameters(functions[name]) == list(inspect.signature(thing).parameters), name
        elif isinstance(thing, type) and issubclass(thing, _core.Model):
            members = {
                n: m for n, m in vars(thing).items() if not n.startswith("_") and n not in ("parameters", "properties")
            }
            assert set(models[name]) == set(members)
            for member, definition in models[name].items():
                if inspect.ismethoddescriptor(members[member]):
                    assert parameters(definition) == list(inspect.signature(members[member]).parameters), member
        elif isinstance(thing, type) and not issubclass(thing, tuple):
            bound = {n: m for n, m in vars(thing).items() if not n.startswith("_")}
            assert {*models[name]} - {"__init__", "__contains__", "__len__"} == set(bound), name
            for member, method in bound.items():
                if isinstance(method, _core.PlainMethod):
                    assert parameters(models[name][member]) == list(inspect.signature(method).parameters), member


@pytest.mark.slow
def test_mypy_finds_the_rest_as_installed(tmp_path):
    # A broadcasting function is an object; pybind11's classes have a metaclass, and an __init__ without a signature.
    # A name for several types is one of the stub's own.
    others = [
        rf"qsm\._core\.{path.stem}\.{node.targets[0].id}"
        for path in STUBS
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign)
    ] + [
        rf"qsm\._core\.{path.stem}\.{name}(\.__init__)?"
        for path in STUBS
        for name, thing in vars(getattr(_core, path.stem)).items()
        if isinstance(thing, _core.Function) or type(thing).__name__ == "pybind11_type"
    ]
    allowed = tmp_path / "allowed"
    allowed.write_text("\n".join(others))
    command = [sys.executable, "-m", "mypy.stubtest", "qsm._core", "--ignore-missing-stub", "--concise"]
    done = subprocess.run([*command, "--allowlist", allowed], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@stubs
def test_what_a_stub_promises_is_there(stub):
    def absent(thing, nodes, path):
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                here = f"{path}.{node.name}"
                if not hasattr(thing, node.name):
                    yield here
                elif isinstance(node, ast.ClassDef):
                    yield from absent(getattr(thing, node.name), node.body, here)

    assert not list(absent(getattr(_core, stub.stem), ast.parse(stub.read_text()).body, stub.stem))
