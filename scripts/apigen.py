"""Turns the headers' comments into everything that Python and the docs say about the library.

    apigen.py cpp   ROOM OUT.hpp   texts, argument names and member lists for the bindings of one room
    apigen.py stub  ROOM OUT.pyi   the typed interface of one room's extension module
    apigen.py json  OUT.json       all rooms, for the reference pages
    apigen.py units OUT.py         the constants of core/units.hpp as a Python module

A public entity is one declaration with a `///` block above it. The build stops here when a documented function has no
source, a parameter has no unit or range, a name in the text is not a name in the declaration, or an argument is
undocumented; so what Python says cannot drift from what the header says. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include" / "qsm"


class TextError(Exception):
    """A comment that does not say what it must."""


@dataclass
class Parameter:
    name: str
    text: str
    type: str = ""
    default: str | None = None


@dataclass
class Entity:
    kind: str  # function, model, member, plain
    name: str
    where: str
    summary: str
    body: str
    parameters: list[Parameter] = field(default_factory=list)
    returns: str = ""
    source: str = ""
    golden: str = ""
    type: str = ""
    cpp: str = ""
    factory: str = ""  # of a model
    members: list[Entity] = field(default_factory=list)


TAG = re.compile(r"@(param|returns|throws|source|golden)\b\s*(.*)")
UNIT_AND_RANGE = re.compile(r"\[[^\]]+\][,;]?\s+\S")
NUMERIC = re.compile(r"(std::)?(span<\s*(const )?|vector<)*(std::)?(double|u?int\w*|size_t)\b")
UNIT = re.compile(r"\[[^\]]+\]")
CALL = re.compile(
    r"^(?P<type>[\w:<>,&* ]+?)\s*\b(?P<name>\w+)\((?P<arguments>.*)\)\s*(?P<const>const)?\s*(noexcept)?$", re.DOTALL
)
NUMBER_TYPES = {"double": "float", "bool": "bool"}
QUALIFIERS = re.compile(r"\b(inline|constexpr|static|explicit|friend|\[\[nodiscard\]\])\s+")


def split_arguments(text: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for character in text:
        depth += character in "<({["
        depth -= character in ">)}]"
        if character == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += character
    if current.strip():
        parts.append(current)
    return [part.strip() for part in parts]


def parse_block(lines: list[str], where: str) -> tuple[str, str, dict[str, str], list[Parameter]]:
    """Summary, body, single tags and parameters of one comment block."""
    text: list[str] = []
    tags: dict[str, str] = {}
    parameters: list[Parameter] = []
    current: tuple[str, int] | None = None
    for line in lines:
        match = TAG.match(line.strip())
        if match:
            tag, rest = match.groups()
            if tag == "param":
                name, _, rest = rest.partition(" ")
                parameters.append(Parameter(name, rest.strip()))
                current = ("param", len(parameters) - 1)
            else:
                tags[tag] = rest.strip()
                current = (tag, 0)
        elif current and line.strip():
            if current[0] == "param":
                parameters[current[1]].text += " " + line.strip()
            else:
                tags[current[0]] += " " + line.strip()
        elif not current:
            text.append(line)
    summary, _, body = "\n".join(text).strip("\n").partition("\n\n")
    if not summary:
        raise TextError(f"{where}: no summary")
    return " ".join(summary.split()), body.strip("\n"), tags, parameters


def declaration_after(lines: list[str], start: int) -> str:
    """Code up to the first `;` or `{` outside of parentheses, that character included."""
    text, depth = "", 0
    for line in lines[start:]:
        for character in re.sub(r"//.*", "", line) + "\n":
            text += character
            depth += (character == "(") - (character == ")")
            if character in ";{" and depth == 0:
                return text
    return text


def match_parameters(entity: Entity, arguments: str) -> None:
    declared: dict[str, tuple[str, str | None]] = {}
    for argument in split_arguments(arguments):
        left, _, default = argument.partition("=")
        kind, _, name = left.strip().rpartition(" ")
        while name[:1] in "&*":
            kind, name = kind + name[0], name[1:]
        declared[name] = (kind.replace("const ", ""), default.strip() or None)
    documented = [p.name for p in entity.parameters]
    if list(declared) != documented:
        raise TextError(f"{entity.where}: {entity.name} declares {list(declared)} but documents {documented}")
    for p in entity.parameters:
        p.type, p.default = declared[p.name]


def check_text(entity: Entity) -> None:
    for p in entity.parameters:
        if (not p.type or NUMERIC.match(p.type)) and not UNIT_AND_RANGE.search(p.text):
            raise TextError(f"{entity.where}: @param {p.name} of {entity.name} needs '[unit], range', has '{p.text}'")
    if entity.kind in ("function", "model") and entity.type != "void" and not entity.source:
        raise TextError(f"{entity.where}: {entity.name} has no @source")
    if entity.kind == "function" and entity.type in NUMBER_TYPES and not UNIT.search(entity.returns):
        raise TextError(f"{entity.where}: {entity.name} needs '@returns ... [unit]'")
    if entity.kind == "member" and entity.type == "double" and not UNIT.search(entity.summary):
        raise TextError(f"{entity.where}: {entity.name} needs its unit in brackets in the summary")


def parse_header(path: Path) -> list[Entity]:
    lines = path.read_text().splitlines()
    entities: list[Entity] = []
    owner: Entity | None = None
    private = detail = False
    index = 0
    while index < len(lines):
        line = lines[index]
        stripped = line.strip()
        if re.match(r"(inline )?namespace detail\b|namespace .*::detail\b", stripped):
            detail = True
        if detail and re.match(r"}\s*// namespace (detail|.*::detail)", stripped):
            detail = False
        if line.startswith("};"):
            owner, private = None, False
        if stripped in ("private:", "public:"):
            private = stripped == "private:"
        if not stripped.startswith("///") or detail or private:
            index += 1
            continue
        where = f"{path.relative_to(ROOT)}:{index + 1}"
        block = []
        while index < len(lines) and lines[index].strip().startswith("///"):
            block.append(lines[index].strip()[3:].removeprefix(" "))
            index += 1
        if block and block[0].strip().startswith("@file"):
            continue
        summary, body, tags, parameters = parse_block(block, where)
        code = declaration_after(lines, index).strip()
        indented = lines[index].startswith("  ")
        entity = Entity(
            "plain",
            "",
            where,
            summary,
            body,
            parameters,
            tags.get("returns", ""),
            tags.get("source", ""),
            tags.get("golden", ""),
        )
        struct = re.match(r"(?:template <[^;{]*>\s*)?(?:struct|class) (\w+)", code)
        if struct:
            entity.name = struct.group(1)
            entities.append(entity)
            owner = entity if "{" in code else None
            if parameters:
                entity.kind = "model"
                check_text(entity)
            continue
        code = QUALIFIERS.sub("", code[:-1]).strip()
        entity.cpp = " ".join(code.split())
        call = CALL.match(code)
        if not call or code.startswith(("template", "concept", "using", "enum")):
            name = re.search(r"(\w+)\s*(=.*)?$", code, re.DOTALL) or re.search(r"(\w+)\s*\(", code)
            entity.name = name.group(1) if name else code
            if not indented:
                entities.append(entity)
            continue
        entity.name, entity.type = call["name"], call["type"].strip()
        if indented and owner is not None:
            entity.kind = "member" if owner.kind == "model" else "plain"
            match_parameters(entity, call["arguments"]) if parameters or entity.kind == "member" else None
            check_text(entity)
            owner.members.append(entity)
            continue
        models = [e for e in entities if e.kind == "model" and e.name == entity.type]
        if models:  # the factory that follows its model
            models[0].factory = entity.name
            names = [a.split("=")[0].split()[-1] for a in split_arguments(call["arguments"])]
            if names != [p.name for p in models[0].parameters]:
                raise TextError(f"{where}: {entity.name} takes {names}, its model documents other parameters")
            continue
        if parameters:
            match_parameters(entity, call["arguments"])
            entity.kind = "function"
            check_text(entity)
        entities.append(entity)
    for entity in entities:
        if entity.kind == "model" and not entity.factory:
            raise TextError(f"{entity.where}: model {entity.name} has no factory function below it")
    return entities


def parse_room(room: str) -> list[Entity]:
    headers = sorted(p for p in (INCLUDE / room).rglob("*.hpp") if "detail" not in p.parts)
    return [entity for header in headers for entity in parse_header(header)]


def rooms() -> list[str]:
    return sorted(p.name for p in INCLUDE.iterdir() if p.is_dir())


# --- Python docstrings ------------------------------------------------------------------------------------------------


def docstring(entity: Entity) -> str:
    parts = [entity.summary]
    if entity.body:
        parts.append(entity.body)
    if entity.parameters:
        lines = ["Parameters", "----------"]
        for p in entity.parameters:
            lines += [p.name, f"    {p.text}"]
        parts.append("\n".join(lines))
    if entity.returns:
        parts.append(f"Returns\n-------\n{entity.returns}")
    if entity.kind in ("function", "model") or entity.parameters:
        parts.append(
            "Raises\n------\nValueError\n    An argument is out of its range; names it, its value and, in arrays, its index."
        )
    if entity.source:
        parts.append(f"Source\n------\n{entity.source}")
    return "\n\n".join(parts) + "\n"


# --- C++ for the bindings ---------------------------------------------------------------------------------------------


def quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def broadcasts(entity: Entity) -> bool:
    """Whether all of it is numbers, so that the function form fits."""
    return entity.type in NUMBER_TYPES and all(p.type == "double" for p in entity.parameters)


def arguments_cpp(parameters: list[Parameter]) -> str:
    items = ", ".join(f'{{"{p.name}", {p.default or "no_default"}}}' for p in parameters)
    return f"arguments<{len(parameters)}>{{{{{items}}}}}"


def room_cpp(room: str) -> str:
    out = [
        "// Made by scripts/apigen.py from the headers; change those instead.",
        "#pragma once",
        f"#include <qsm/{room}.hpp>",
        "",
        '#include "broadcast.hpp"',
    ]
    out += ["", f"namespace qsm_python::text::{room} {{", "", f"namespace room = qsm::{room};", ""]
    for e in parse_room(room):
        doc = quote(docstring(e))
        if e.kind == "function" and broadcasts(e):
            out.append(
                f'struct {e.name} {{\n  static constexpr auto name = "{e.name}";\n  static constexpr auto doc = {doc};\n'
                f"  static constexpr auto takes = {arguments_cpp(e.parameters)};\n"
                f"  static constexpr auto call = &room::{e.name};\n}};"
            )
        elif e.kind == "function":
            names = ", ".join(
                f'pybind11::arg("{p.name}")' + (f" = {p.default}" if p.default and p.type == "double" else "")
                for p in e.parameters
            )
            out.append(
                f'struct {e.name} {{\n  static constexpr auto name = "{e.name}";\n  static constexpr auto doc = {doc};\n'
                f"  static auto takes() {{ return std::make_tuple({names}); }}\n}};"
            )
        elif e.kind == "model":
            out.append(
                f'struct {e.factory} {{\n  using type = room::{e.name};\n  static constexpr auto name = "{e.factory}";\n'
                f'  static constexpr auto type_name = "{e.name}";\n  static constexpr auto doc = {doc};\n'
                f"  static constexpr auto takes = {arguments_cpp(e.parameters)};"
            )
            names = []
            for m in e.members:
                names.append(f"{m.name}_")
                out.append(
                    f'  struct {m.name}_ {{\n    static constexpr auto name = "{m.name}";\n    static constexpr auto doc = {quote(docstring(m))};\n'
                    f"    static constexpr auto takes = {arguments_cpp(m.parameters)};\n"
                    f"    static constexpr auto call = &type::{m.name};\n  }};"
                )
            out.append(f"  using members = std::tuple<{', '.join(names)}>;\n}};")
        else:
            out.append(f"inline constexpr const char* {e.name} = {doc};")
            for m in e.members:
                if m.cpp and re.fullmatch(r"\w+", m.name):
                    out.append(f"inline constexpr const char* {e.name}_{m.name} = {quote(docstring(m))};")
    out += ["", f"}}  // namespace qsm_python::text::{room}", ""]
    # Overloads share one name: the first text stands for all.
    seen: set[str] = set()
    kept = []
    for item in out:
        found = re.match(r"(?:struct|inline constexpr const char\*) (\w+)", item)
        if found and found.group(1) in seen:
            continue
        if found:
            seen.add(found.group(1))
        kept.append(item)
    return "\n".join(kept)


# --- stubs ------------------------------------------------------------------------------------------------------------


def indent(text: str, by: str) -> str:
    return "\n".join(by + line if line else line for line in text.splitlines())


def stub_docstring(entity: Entity, by: str) -> str:
    text = docstring(entity).rstrip()
    raw = "r" if "\\" in text else ""
    return f'{by}{raw}"""{indent(text, by).lstrip()}\n{by}"""'


def stub_arguments(parameters: list[Parameter], kind: str) -> str:
    items = [f"{p.name}: {kind}" + (f" = {p.default}" if p.default else "") for p in parameters]
    return ", ".join(items)


def stub_call(entity: Entity, by: str, first: str) -> list[str]:
    result = NUMBER_TYPES[entity.type]
    lines = []
    scalar = first + stub_arguments(entity.parameters, "float")
    array = first + stub_arguments(entity.parameters, "ArrayLike")
    array_type = "NDArray[np.bool_]" if result == "bool" else "NDArray[np.float64]"
    star = f", *, out: {array_type} | None = None"
    lines.append(f"{by}@overload\n{by}def {entity.name}({scalar}) -> {result}: ...")
    lines.append(
        f"{by}@overload\n{by}def {entity.name}({array}{star}) -> {array_type}:\n{stub_docstring(entity, by + '    ')}"
    )
    return lines


STUB_TYPES = {"double": "float", "std::string": "str", "int": "int", "std::vector<double>": "ArrayLike",
              "std::span<const double>": "ArrayLike", "std::vector<Distribution>": "Sequence[Distribution]"}  # fmt: skip


def bound_plain(room: str) -> set[str]:
    """Names that the room's binding file binds by QSM_PLAIN."""
    binding = ROOT / "python" / "bindings" / f"{room}.cpp"
    return set(re.findall(r"QSM_PLAIN\((\w+)\)", binding.read_text())) if binding.exists() else set()


def plain_stub(entity: Entity) -> str:
    def kind(p: Parameter) -> str:
        bare = p.type.replace("&", "").replace("const ", "").strip() if "span" not in p.type else p.type
        default = f" = {p.default}" if p.default and p.type == "double" else ""
        return f"{p.name}: {STUB_TYPES.get(bare, bare if bare == 'Distribution' else 'Any')}{default}"

    result = STUB_TYPES.get(entity.type, "Fit" if entity.type == "Fit" else "Distribution")
    arguments = ", ".join(map(kind, entity.parameters))
    return f"def {entity.name}({arguments}) -> {result}:\n{stub_docstring(entity, '    ')}\n"


def room_stub(room: str) -> str:
    hand = ROOT / "python" / "bindings" / f"{room}.pyi"  # what is bound by hand
    extra = [hand.read_text().rstrip(), ""] if hand.exists() else []
    out: list[str] = []
    for e in parse_room(room):
        if e.kind == "function" and broadcasts(e) and e.name not in bound_plain(room):
            out += [*stub_call(e, "", ""), ""]
        elif e.kind == "function" and e.name in bound_plain(room):
            out.append(plain_stub(e))
        elif e.kind == "model":
            out.append(f"@final\nclass {e.name}(Model):\n{stub_docstring(e, '    ')}\n")
            for p in e.parameters:
                out.append(f"    @property\n    def {p.name}(self) -> Any: ...")
            for m in e.members:
                if m.parameters:
                    # A number or an array, as the model's inputs are.
                    arguments = stub_arguments(m.parameters, "ArrayLike")
                    out.append(
                        f"    def {m.name}(self, {arguments}, *, out: NDArray[Any] | None = None) -> Any:\n"
                        f"{stub_docstring(m, '        ')}"
                    )
                else:
                    out.append(f"    @property\n    def {m.name}(self) -> Any:\n{stub_docstring(m, '        ')}")
            out.append(f"\ndef {e.factory}({stub_arguments(e.parameters, 'ArrayLike')}) -> {e.name}:\n"
                       f"{stub_docstring(e, '    ')}\n")  # fmt: skip
    body = "\n".join(extra + out)
    imports = {
        "from collections.abc import": ["Callable", "Sequence"],
        "from typing import": ["Any", "final", "overload"],
        "import numpy as np": ["np."],
        "from numpy.typing import": ["ArrayLike", "NDArray"],
        "from qsm._core import": ["Model"],
        "from qsm._core.core import": ["Distribution", "Stream"] if room != "core" else [],
        "from qsm._estimate import": ["Estimate"],
    }
    head = ["# Made by scripts/apigen.py from the headers; change those instead.", "# ruff: noqa"]
    for start, names in imports.items():
        used = [name for name in names if re.search(rf"\b{re.escape(name)}", body)]
        if used:
            head.append(start if names == ["np."] else f"{start} {', '.join(used)}")
    return "\n".join([*head, "", body]).rstrip() + "\n"


def units_module() -> str:
    """The factors of core/units.hpp, name by name."""
    text = (INCLUDE / "core" / "units.hpp").read_text()
    inside = text[text.index("namespace units {") : text.index("}  // namespace units")]
    factors = re.findall(r"(\w+) = ([^,;]+)[,;]", inside)
    head = '"""Factors to SI units: `5 * units.millisecond` is in seconds, `time / units.hour` in hours.\n\n'
    head += 'Made by scripts/apigen.py from include/qsm/core/units.hpp; change that instead.\n"""\n\n'
    return head + "".join(f"{name} = {value.strip()}\n" for name, value in factors)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["cpp", "stub", "json", "units"])
    parser.add_argument("room", nargs="?")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    try:
        if options.what == "cpp":
            text = room_cpp(options.room)
        elif options.what == "stub":
            text = room_stub(options.room)
        elif options.what == "units":
            text = units_module()
        else:
            text = json.dumps(
                {room: [asdict(e) for e in parse_room(room)] for room in rooms()}, indent=1, ensure_ascii=False
            )
    except TextError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    options.out.parent.mkdir(parents=True, exist_ok=True)
    if not options.out.exists() or options.out.read_text() != text:
        options.out.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
