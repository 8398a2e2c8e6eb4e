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
from collections.abc import Container
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
    kind: str  # function, model, member, field, constructor, plain
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
    takes: list[Parameter] = field(default_factory=list)  # what the declaration takes, with or without a text
    choices: list[str] = field(default_factory=list)  # of an enumeration
    default: str | None = None  # of a field
    overload: int = 1
    base: str = ""  # the class whose members it has besides


LAWS: set[str] = set()  # the families of distributions, which Python sees as Distribution
CHOICES: dict[str, list[str]] = {}  # enumerations, which Python sees as texts
OPTIONS: dict[str, Entity] = {}  # structs whose fields are keyword arguments in Python, by name

TAG = re.compile(r"@(param|returns|throws|source|golden)\b\s*(.*)")
UNIT_AND_RANGE = re.compile(r"\[[^\]]+\][,;]?\s+\S")
NUMERIC = re.compile(r"(std::)?(span<\s*(const )?|vector<)*(std::)?(double|u?int\w*|size_t)\b")
UNIT = re.compile(r"\[[^\]]+\]")
CALL = re.compile(
    r"^(?P<type>[\w:<>,&* ]+?)\s*\b(?P<name>\w+)\((?P<arguments>.*)\)\s*(?P<const>const)?\s*(noexcept)?$", re.DOTALL
)
NUMBER_TYPES = {"double": "float", "bool": "bool"}
QUALIFIERS = re.compile(r"(\b(inline|constexpr|static|explicit|friend)|\[\[nodiscard\]\])\s+")
FIELD = re.compile(r"^(?P<type>[\w:<>,* ]+?)\s+(?P<name>\w+)\s*(?:=\s*(?P<default>.*))?$", re.DOTALL)
WHOLE = re.compile(r"\[1\],? (an )?integer\b")  # a double that is an integer


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


def declared(arguments: str) -> list[Parameter]:
    """Names, types and defaults of a declaration's arguments."""
    out = []
    for argument in split_arguments(arguments):
        left, _, default = argument.partition("=")
        kind, _, name = left.strip().rpartition(" ")
        while name[:1] in "&*":
            kind, name = kind + name[0], name[1:]
        kind = " ".join(re.sub(r"^const ", "", kind).split())
        out.append(Parameter(name, "", kind, " ".join(default.split()) or None))
    return out


def in_parentheses(code: str) -> str:
    """What stands in the first pair of parentheses."""
    start, depth = code.index("(") + 1, 1
    for end in range(start, len(code)):
        depth += (code[end] == "(") - (code[end] == ")")
        if depth == 0:
            return code[start:end]
    return code[start:]


def enumerators(lines: list[str], start: int) -> list[str]:
    """Names of an enumeration, which count from 0 in this order."""
    text = re.sub(r"//.*", "", "\n".join(lines[start : start + 100]))
    inside = text[text.index("{") + 1 : text.index("}")]
    return [name.strip() for name in inside.split(",") if name.strip()]


def match_parameters(entity: Entity, arguments: str) -> None:
    found = declared(arguments)
    names, documented = [p.name for p in found], [p.name for p in entity.parameters]
    if names != documented:
        raise TextError(f"{entity.where}: {entity.name} declares {names} but documents {documented}")
    for p, by in zip(entity.parameters, found, strict=True):
        p.type, p.default = by.type, by.default


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
            if indented:  # its members are not listed
                continue
            owner = entity if "{" in code and not re.match(r"template (?!<class Self>)", code) else None
            base = re.search(r": public (\w+)", code)
            entity.base = base[1] if base else ""
            if parameters:
                entity.kind = "model"
                check_text(entity)
            continue
        choices = re.match(r"enum class (\w+)", code)
        if choices:
            entity.name, entity.choices = choices.group(1), enumerators(lines, index)
            entities.append(entity)
            continue
        code = QUALIFIERS.sub("", code[:-1]).strip()
        entity.cpp = " ".join(code.split())
        call = CALL.match(code)
        if not call or code.startswith(("template", "concept", "using", "enum")):
            name = re.search(r"(\w+)\s*(=.*)?$", code, re.DOTALL) or re.search(r"(\w+)\s*\(", code)
            entity.name = name.group(1) if name else code
            if not indented:
                entities.append(entity)
            elif owner is not None:
                stored = FIELD.match(code + " {}" if code.endswith("=") else code)  # `= {}` ends at its brace
                if re.match(rf"{owner.name}\(", code):
                    entity.kind, entity.name, entity.takes = (
                        "constructor",
                        "constructor",
                        declared(in_parentheses(code)),
                    )
                elif owner.kind == "plain" and stored and not code.startswith(("template", "using", "enum")):
                    entity.kind, entity.name, entity.type = "field", stored["name"], stored["type"]
                    entity.default = stored["default"]
                else:
                    continue
                owner.members.append(entity)
            continue
        entity.name, entity.type = call["name"], call["type"].strip()
        entity.takes = declared(call["arguments"])
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
    for group in (entities, *(entity.members for entity in entities)):
        seen: dict[str, int] = {}
        for entity in group:
            entity.overload = seen[entity.name] = seen.get(entity.name, 0) + 1
    for entity in entities:
        if entity.kind == "model" and not entity.factory:
            raise TextError(f"{entity.where}: model {entity.name} has no factory function below it")
    return entities


def bare(kind: str) -> str:
    """A C++ type without const, reference and namespace, but with what stands in its brackets."""
    return re.sub(r"^(const )?((qsm|std)::)?", "", kind.strip()).removesuffix("&").strip()


def inherit(entity: Entity, classes: dict[str, Entity]) -> None:
    """Adds the members of a base to those of a class; `Self` in them is the class."""
    base = classes.get(entity.base)
    if base is None:
        return
    entity.base = ""
    inherit(base, classes)
    own = {m.name for m in entity.members}
    for m in base.members:
        if m.name not in own:
            entity.members.append(m)


def parse_room(room: str) -> list[Entity]:
    headers = sorted(p for p in (INCLUDE / room).rglob("*.hpp") if "detail" not in p.parts)
    entities = [entity for header in headers for entity in parse_header(header)]
    for e in entities:  # where two rooms use one name, that of the room read last counts
        CHOICES.pop(e.name, None)
    classes = {e.name: e for e in entities if e.members or e.base}
    for entity in classes.values():
        inherit(entity, classes)
    CHOICES.update({e.name: e.choices for e in entities if e.choices})
    OPTIONS.update({e.name: e for e in entities if e.name.endswith("Options") and e.members})
    LAWS.update(e.name for e in entities if "/distributions/" in e.where and not e.type)
    return entities


def rooms() -> list[str]:
    return sorted(p.name for p in INCLUDE.iterdir() if p.is_dir())


# --- Python docstrings ------------------------------------------------------------------------------------------------


def documented(entity: Entity) -> list[Parameter]:
    """The parameters as Python has them: the fields of options one by one."""
    out = []
    for p in entity.parameters:
        options = OPTIONS.get(bare(p.type).split("::")[-1])
        fields = [Parameter(m.name, m.summary) for m in options.members if m.kind == "field"] if options else [p]
        out += fields
    return out


def docstring(entity: Entity) -> str:
    parts = [entity.summary]
    if entity.body:
        parts.append(entity.body)
    if entity.parameters:
        lines = ["Parameters", "----------"]
        for p in documented(entity):
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


def binding_text(room: str) -> str:
    """The room's binding file with its parts, sketches.cpp, .hpp and sketches_filters.cpp; empty where there is none."""
    bindings = ROOT / "python" / "bindings"
    return "".join(
        path.read_text() for path in sorted([*bindings.glob(f"{room}.[ch]pp"), *bindings.glob(f"{room}_*.cpp")])
    )


def bound(room: str, *macros: str) -> list[str]:
    """First arguments of macros in the room's binding file."""
    names = "|".join(macros)
    return re.findall(rf"\bQSM_(?:{names})\((\w+)", binding_text(room))


def is_whole(entity: Entity) -> bool:
    """Whether a double result or field is an integer, as its text says."""
    return entity.type == "double" and bool(WHOLE.search(entity.returns or entity.summary))


def takes_cpp(parameters: list[Parameter]) -> str:
    """Names and defaults for the plain form; a default is an expression of the argument's own type."""
    items = [
        f'Parameter{{"{p.name}", '
        + (f"[]<class T>() -> T {{ using namespace room; return {p.default}; }}" if p.default else "required")
        + "}"
        for p in parameters
    ]
    return f"static constexpr auto takes = std::make_tuple({', '.join(items)});"


def text_cpp(struct: str, entity: Entity, name: str, by: str, parameters: list[Parameter]) -> str:
    head = f'static constexpr const char* name = "{name}";\n{by}  static constexpr const char* doc = {quote(docstring(entity))};'
    whole = f"static constexpr bool whole = {str(is_whole(entity)).lower()};"
    return f"{by}struct {struct} {{\n{by}  {head}\n{by}  {whole}\n{by}  {takes_cpp(parameters)}\n{by}}};"


def again(entity: Entity) -> str:
    """Overloads after the first are told by a number."""
    return entity.name if entity.overload == 1 else f"{entity.name}_{entity.overload}"


def fields_cpp(room: str, entity: Entity) -> str:
    """A struct with named fields: a record, or options."""
    fields = [m for m in entity.members if m.kind == "field"]
    kind = f"qsm::{room}::{entity.name}"
    names = ", ".join(f'"{m.name}"' for m in fields)
    whole = ", ".join(str(is_whole(m)).lower() for m in fields)
    members = ", ".join(f"&{kind}::{m.name}" for m in fields)
    docs = ", ".join(quote(m.summary) for m in fields)
    optional = ", ".join(str(m.default is not None).lower() for m in fields)
    array = f"std::array<const char*, {len(fields)}>"
    return (
        f"template <>\nstruct Fields<{kind}> {{\n"
        f'  static constexpr const char* name = "{entity.name}";\n  static constexpr const char* doc = {quote(docstring(entity))};\n'
        f"  static constexpr bool options = {str(entity.name.endswith('Options')).lower()};\n"
        f"  static constexpr {array} names = {{{names}}};\n  static constexpr {array} docs = {{{docs}}};\n"
        f"  static constexpr std::array<bool, {len(fields)}> whole = {{{whole}}};\n"
        f"  static constexpr std::array<bool, {len(fields)}> optional = {{{optional}}};\n"
        f"  static constexpr auto members = std::make_tuple({members});\n}};"
    )


def choices_cpp(room: str, entity: Entity) -> str:
    """An enumeration and the texts that Python has for it."""
    names = ", ".join(f'"{name}"' for name in entity.choices)
    return (
        f"template <>\nstruct Choices<qsm::{room}::{entity.name}> {{\n"
        f"  static constexpr std::array<const char*, {len(entity.choices)}> names = {{{names}}};\n}};"
    )


def room_cpp(room: str) -> str:
    entities = parse_room(room)
    out = [
        "// Made by scripts/apigen.py from the headers; change those instead.",
        "#pragma once",
        f"#include <qsm/{room}.hpp>",
        "",
        '#include "plain.hpp"',
        "",
        "namespace qsm_python {",
        "",
    ]
    records = bound(room, "RECORD")
    out += [fields_cpp(room, e) for e in entities if e.name.endswith("Options") or e.name in records]
    out += [choices_cpp(room, e) for e in entities if e.choices]
    out += ["", f"namespace text::{room} {{", "", f"namespace room = qsm::{room};", ""]
    for e in entities:
        doc = quote(docstring(e))
        if e.kind == "function" and broadcasts(e) and e.name not in bound(room, "PLAIN"):
            if e.overload == 1:
                out.append(
                    f'struct {e.name} {{\n  static constexpr auto name = "{e.name}";\n  static constexpr auto doc = {doc};\n'
                    f"  static constexpr auto takes = {arguments_cpp(e.parameters)};\n"
                    f"  static constexpr auto call = &room::{e.name};\n}};"
                )
        elif e.kind == "function" or e.type:
            out.append(text_cpp(again(e), e, e.name, "", e.parameters))
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
        elif e.members and e.overload == 1:
            out.append(
                f'struct {e.name} {{\n  static constexpr const char* name = "{e.name}";\n  static constexpr const char* doc = {doc};'
            )
            out += [
                text_cpp(f"{again(m)}_", m, m.name, "  ", m.takes) for m in e.members if re.fullmatch(r"\w+", m.name)
            ]
            out.append("};")
    return "\n".join([*out, "", f"}}  // namespace text::{room}", "", "}  // namespace qsm_python", ""])


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


NUMBERS = {
    "double": "float",
    "bool": "bool",
    "int": "int",
    "std::string": "str",
    "std::string_view": "str",
    "void": "None",
}
LAW = "DistributionLike"  # what Distribution arguments may be


def inside(kind: str) -> str:
    return kind[kind.index("<") + 1 : kind.rindex(">")].strip()


def stub_type(kind: str, result: bool, whole: bool = False) -> str:
    """The Python type of a C++ type, as an argument or as a result."""
    name = bare(kind)
    if whole:
        return "int" if result else "float"
    if name in NUMBERS or f"std::{name}" in NUMBERS:
        return NUMBERS.get(name) or NUMBERS[f"std::{name}"]
    if re.fullmatch(r"u?int\d*_t|size_t|(unsigned )?(long )*(int|long|unsigned)", name):
        return "int"
    if name.startswith("optional<"):
        return f"{stub_type(inside(name), result)} | None"
    if name.startswith(("vector<", "span<")):
        element = bare(inside(name))
        if element == "byte":
            return "bytes"
        if element.startswith(("vector<double", "span<const double")):
            return "NDArray[np.float64]" if result else "ArrayLike"
        if element in ("double", "float") or stub_type(element, True) == "int":
            dtype = {"double": "float64", "float": "float32"}.get(element) or element.removesuffix("_t").replace(
                "size", "uint64"
            )
            return f"NDArray[np.{dtype}]" if result else "ArrayLike"
        return f"{'list' if result else 'Sequence'}[{stub_type(element, result)}]"
    if name.startswith("array<"):
        element, count = split_arguments(inside(name))
        parts = ", ".join([stub_type(element, result)] * int(count)) if count.isdigit() else "Any, ..."
        return f"tuple[{parts}]" if result else f"Sequence[{stub_type(element, False)}]"
    if name.startswith(("pair<", "tuple<")):
        return f"tuple[{', '.join(stub_type(part, result) for part in split_arguments(inside(name)))}]"
    if name == "Distribution" and not result:
        return LAW
    name = name.split("::")[-1]
    if name in CHOICES:
        return f"Literal[{', '.join(map(repr, CHOICES[name]))}]".replace("'", '"')
    if name == "Laws":  # one for all classes, or one for each
        return f"{LAW} | Sequence[{LAW}]"
    if name == "Matrix":
        return "NDArray[np.float64]" if result else "ArrayLike"
    if name in LAWS:
        return "Distribution"
    return name if re.fullmatch(r"\w+", name) else "Any"


PROGRESS = "progress: Callable[[float], object] | None = ..."


def stub_takes(parameters: list[Parameter], first: str = "") -> str:
    """A plain function's arguments: options and progress become keyword-only."""
    items, options = [first] if first else [], []
    for p in parameters:
        fields = OPTIONS.get(bare(p.type).split("::")[-1])
        if fields:
            for m in fields.members:
                if m.kind == "field":
                    options.append(
                        PROGRESS if bare(m.type) == "Progress" else f"{m.name}: {stub_type(m.type, False)} = ..."
                    )
        elif bare(p.type) == "Progress":
            options.append(PROGRESS)
        else:
            items.append(f"{p.name}: {stub_type(p.type, False)}{' = ...' if p.default else ''}")
    return ", ".join([*items, *(["*", *options] if options else [])])


def plain_stub(entity: Entity, name: str = "") -> str:
    result = stub_type(entity.type, True, is_whole(entity))
    text = stub_docstring(entity, "    ")
    return f"def {name or entity.name}({stub_takes(entity.parameters)}) -> {result}:\n{text}\n"


def record_stub(entity: Entity) -> str:
    fields = [(m.name, stub_type(m.type, True, is_whole(m)), m) for m in entity.members if m.kind == "field"]
    arguments = "".join(f", {name}: {kind}{' = ...' if m.default else ''}" for name, kind, m in fields)
    out = [f"class {entity.name}(Record):\n{stub_docstring(entity, '    ')}"]
    out.append(f"    def __new__(cls{arguments}) -> Self: ...")
    out += [f"    @property\n    def {n}(self) -> {k}:\n{stub_docstring(m, '        ')}" for n, k, m in fields]
    return "\n".join(out) + "\n"


def class_stub(entity: Entity, room: str, lines: list[tuple[str, str]], hand: list[str]) -> str:
    """A class from the macros that bind its members; `hand` are lines of members that are bound otherwise."""
    members = {m.name: m for m in reversed(entity.members)}
    base = next((f"({rest})" for macro, rest in lines if macro == "BASE"), "")
    out = [f"class {entity.name}{base}:\n{stub_docstring(entity, '    ')}", *hand]
    for macro, rest in lines:
        if macro == "BASE":
            continue
        name = rest.split(",")[0].strip()
        m = members.get("constructor" if macro == "CONSTRUCTOR" else name)
        if macro == "STATE":
            continue
        if macro == "VALUE":
            if members[(remake := rest.split(",")[1].strip())]:
                m = members[remake]
                out.append(
                    f"    @staticmethod\n    def {remake}({stub_takes(m.takes)}) -> {entity.name}:\n{stub_docstring(m, '        ')}"
                )
            continue
        if m is None:
            raise TextError(f"python/bindings/{room}.cpp: {entity.name} has no documented {name}")
        text = stub_docstring(m, "        ")
        result = entity.name if m.type == "Self" else stub_type(m.type, True, is_whole(m))
        if macro == "CONSTRUCTOR":
            out.append(f"    def __init__({stub_takes(m.takes, 'self')}) -> None:\n{text}")
        elif macro == "PROPERTY":
            out.append(f"    @property\n    def {name}(self) -> {result}:\n{text}")
        elif macro == "METHOD":
            out.append(f"    def {name}({stub_takes(m.takes, 'self')}) -> {result}:\n{text}")
        elif macro == "STATIC":
            out.append(f"    @staticmethod\n    def {name}({stub_takes(m.takes)}) -> {result}:\n{text}")
        elif macro == "BROADCAST":
            argument = m.takes[0].name
            out.append(f"    @overload\n    def {name}(self, {argument}: float) -> {result}: ...")
            out.append(f"    @overload\n    def {name}(self, {argument}: ArrayLike) -> NDArray[np.float64]:\n{text}")
        elif macro == "DRAW":
            source = "".join(f", {p.name}: {stub_type(p.type, False)}" for p in m.takes[:-2])
            array = stub_type(f"std::vector<{inside(bare(m.takes[-1].type))}>", True)
            out.append(f"    def {name}(self, count: int{source}, first: int = ...) -> {array}:\n{text}")
    return "\n".join(out) + "\n"


def bound_classes(room: str) -> dict[str, tuple[list[tuple[str, str]], list[str]]]:
    """The macros that stand below each QSM_CLASS of the room's binding file, up to the brace, with their arguments; and
    the functions `bind_...(bound)` that are called there, whose own macros count too."""
    text = binding_text(room)
    functions = dict(
        re.findall(r"^(?:inline )?void (bind_\w+)\([^;{]*?bound\) {\n(.*?)^}", text, re.DOTALL | re.MULTILINE)
    )
    found: dict[str, tuple[list[tuple[str, str]], list[str]]] = {}
    whole = r"QSM_CLASS\((\w+)(?:, (\w+))?\);(.*?)^  }"
    for name, base, block in re.findall(whole, text, re.DOTALL | re.MULTILINE):
        called: list[str] = []

        def macros(part: str, called: list[str] = called) -> list[tuple[str, str]]:
            lines: list[tuple[str, str]] = []
            for macro, rest, function in re.findall(r"QSM_([A-Z]+)\(([^;]*)\);|(bind_\w+)(?:<[^;]*>)?\(bound\);", part):
                if function:
                    called.append(function)
                    lines += macros(functions.get(function, ""))
                else:
                    lines.append((macro, rest))
            return lines

        found[name] = [*([("BASE", base)] if base else []), *macros(block)], called
    return found


def hand_written(text: str, bound: Container[str]) -> tuple[str, dict[str, list[str]]]:
    """The room's own .pyi: what stands for itself, and lines for classes that are made here, in `class X: ...` blocks, X
    being the class, or a function `bind_...` that binds these members of several."""
    alone, classes = text, {}
    for block in re.findall(r"^class \w+:\n(?:(?:    .*)?\n)+", text, re.MULTILINE):
        name = block.split()[1].rstrip(":")
        if name not in bound and not name.startswith("bind_"):  # a class that stands for itself
            continue
        classes[name] = [block.partition("\n")[2].rstrip()]
        alone = alone.replace(block, "")
    return alone.strip(), classes


def room_stub(room: str) -> str:
    hand = ROOT / "python" / "bindings" / f"{room}.pyi"  # what is bound by hand
    plain, records, classes = bound(room, "PLAIN"), bound(room, "RECORD"), bound_classes(room)
    alone, of_classes = hand_written(hand.read_text(), classes) if hand.exists() else ("", {})
    extra = [alone, ""] if alone else []
    out: list[str] = []
    entities = parse_room(room)
    texts = {again(e): e for e in entities}
    overloads = re.findall(r"QSM_OVERLOAD\((\w+), (\w+)", binding_text(room))
    out += [plain_stub(texts[text], name) for text, name in overloads]
    for e in entities:
        if e.kind == "function" and broadcasts(e) and e.name not in plain:
            if e.overload == 1:
                out += [*stub_call(e, "", ""), ""]
        elif e.name in plain and e.overload == 1:
            out.append(plain_stub(e))
        elif e.name in records and e.members:
            out.append(record_stub(e))
        elif e.name in classes and e.members:
            lines, called = classes[e.name]
            hand = [line for block in (*called, e.name) for line in of_classes.get(block, [])]
            out.append(class_stub(e, room, lines, [line.replace("Self", e.name) for line in hand]))
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
        "from typing import": ["Any", "Literal", "NoReturn", "Self", "final", "overload"],
        "import numpy as np": ["np."],
        "from numpy.typing import": ["ArrayLike", "NDArray"],
        "from qsm._core import": ["Model"],
        "from qsm._core.core import": ["Distribution", "Stream"] if room != "core" else [],
        "from qsm._core.hardware import": ["Accelerator", "Probe"] if room != "hardware" else [],
        "from qsm._core.sketches import": ["Hasher", "SpaceSaving"] if room != "sketches" else [],
        "from qsm._estimate import": ["Estimate"],
        "from qsm._law import": [LAW],
        "from qsm._record import": ["Record"],
    }
    head = ["# Made by scripts/apigen.py from the headers; change those instead.", "# ruff: noqa"]
    for start, names in imports.items():
        used = [name for name in names if re.search(rf"\b{re.escape(name)}" + (r"\b" if name[-1] != "." else ""), body)]
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
        for room in rooms():
            parse_room(room)
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
