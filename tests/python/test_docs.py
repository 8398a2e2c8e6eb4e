"""The code that readers see: programs of the pages are compiled and run, those of the README executed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from qsm import Estimate, datasets, tools

ROOT = Path(__file__).resolve().parents[2]
COMPILER = os.environ.get("CXX", "g++")
LIBRARY = ROOT / "build" / "libqsm.a"  # of the build tree that wheel and tests share
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"] + [
    p for p in sorted((ROOT / "docs").rglob("*.md")) if not {"_build", "generated"} & {*p.parts}
]
FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block, and the ```text block that follows it at once: what it prints."""

    name: str
    language: str
    code: str
    printed: str | None


def blocks(page: Path) -> list[Block]:
    found = list(FENCE.finditer(page.read_text()))
    out = []
    for number, (match, after) in enumerate(zip(found, [*found, None][1:], strict=True)):
        adjacent = after and after[1] == "text" and not page.read_text()[match.end() : after.start()].strip()
        name = f"{page.relative_to(ROOT).with_suffix('').as_posix().replace('/', '-')}-{number}"
        out.append(Block(name, match[1], match[2], after[2] if adjacent and after else None))
    return out


def of(language: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page) if block.language == language]


def run(command: list[str | Path], cwd: Path) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert result.returncode == 0, result.stderr[-4000:]
    return result.stdout


@pytest.mark.parametrize("block", of("cpp"), ids=lambda block: block.name)
def test_cpp_block_compiles_and_prints_what_the_page_says(block: Block) -> None:
    folder = ROOT / "build" / "docs_code"  # a place that stays, for ccache
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / f"{block.name}.cpp"
    source.write_text(block.code)
    flags = ["-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'include'}"]
    run(["ccache", COMPILER, *flags, "-c", source, "-o", source.with_suffix(".o")], ROOT)
    run([COMPILER, source.with_suffix(".o"), LIBRARY, "-pthread", "-o", source.with_suffix("")], ROOT)
    printed = run([source.with_suffix("")], ROOT)
    assert printed == (block.printed or "")


@pytest.mark.parametrize("block", of("python"), ids=lambda block: block.name)
def test_python_block_runs_and_prints_what_the_page_says(block: Block, tmp_path: Path) -> None:
    printed = run([sys.executable, "-W", "error", "-c", block.code], tmp_path)
    assert printed == (block.printed or "")


def test_every_block_is_executed_shown_from_a_tested_file_or_a_command() -> None:
    """Languages that something runs; a plain block would be code that nothing checks."""
    known = {"cpp", "python", "text", "console", "{code-cell}", "{literalinclude}", "{figure}", "{toctree}"}
    unknown = {(b.name, b.language) for page in PAGES for b in blocks(page)} - {
        (b.name, b.language) for page in PAGES for b in blocks(page) if b.language in known
    }
    assert not unknown


def test_pages_of_the_docs_hold_cells_not_plain_python() -> None:
    assert [b.name for b in of("python") if not b.name.startswith(("README", "CONTRIBUTING"))] == []


def test_figure_is_drawn_from_what_the_library_computes_today(tmp_path: Path) -> None:
    figures = ROOT / "docs" / "figures"
    drawn = tmp_path / "wait_by_servers.svg"
    run([sys.executable, figures / "wait_by_servers.py", drawn], tmp_path)
    assert drawn.read_text() == (figures / "wait_by_servers.svg").read_text()


def answer_of_make_run() -> tools.Analysis:
    """What the cell of episode 52 computes that `make run` prints."""
    cells = json.loads((ROOT / "notebooks" / "episodes" / "52_queueing.ipynb").read_text())["cells"]
    (answer,) = [cell for cell in cells if "answer" in cell["metadata"].get("tags", [])]
    (call,) = [line for line in answer["source"] if line.startswith("analysis = ")]
    names = {"tools": tools, "trace": datasets.azure_llm_conversation()}
    exec(call, names)  # noqa: S102
    analysis = names["analysis"]
    assert isinstance(analysis, tools.Analysis)
    return analysis


def test_readme_shows_what_make_run_prints() -> None:
    analysis = answer_of_make_run()
    rows = [
        "| method | slots | 99th percentile of the wait, predicted | in the trace with so many slots |",
        "| --- | ---: | ---: | ---: |",
    ]
    for method in analysis.methods:
        wait = method.predicted_wait
        predicted = f"{wait:.2f} s" + (f" [{wait.low:.2f}, {wait.high:.2f}]" if isinstance(wait, Estimate) else "")
        replayed = f"{method.replayed_wait:.2f} s" if method.replayed_wait else "0 s"
        rows.append(f"| {method.name.replace('5 min', 'five minutes')} | {method.slots} | {predicted} | {replayed} |")
    table, readme = "\n".join(rows), (ROOT / "README.md").read_text()
    assert f"\n\n{table}\n\n" in readme, f"the table of README.md is old; make run prints:\n{table}"
    low, high = re.findall(r"swing between (\d+) and (\d+) a minute", " ".join(analysis.reasons()))[0]
    assert f"swings between {low} and {high} requests a whole minute" in readme
    assert f"trace of {len(analysis.trace):,} requests" in readme


def test_links_of_the_readme_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if "://" not in target:
                assert (ROOT / target).exists(), f"{page.name} links to {target}"
