"""Key press on a calculator's slider to painted figure, in JupyterLab and Voila, into benchmarks/results.

Needs Chromium and what `make test` installs: python benchmarks/plots/slider_to_paint.py [TOOL ...]
With names, measures these tools and keeps what is known of the others.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
# What makes each tool, and how many presses go one way: no more than there are states to either side.
TOOLS = {
    "queue": ("tools.queue(8, 10)", 12),
    "accuracy": ("tools.accuracy('distinct', 1024)", 3),
    "balancing": ("tools.balancing(10, 0.5)", 8),
    "sharding": ("tools.sharding(12)", 4),
    "latency": (
        "tools.latency(['Tokyo', 'Paris', 'Sydney', 'New York'], ['aws:us-east-1', 'aws:eu-central-1'],"
        " {'page': ['serial', 'app', ['fan_out', 'shard', 20]], 'app': 'lognormal(-4, 0.5)', 'shard': 'gamma(2, 0.002)'})",
        12,
    ),
}
PACKAGES = ("qsm", "jupyterlab", "voila", "matplotlib", "anywidget", "ipywidgets", "playwright")


def measure(app: str, notebook: Path, turn: int) -> dict[str, object]:
    report = notebook.with_suffix(f".{app}.json")
    check = ROOT / "tests" / "notebooks" / "browser_check.py"
    options = ["--presses", "60", "--turn", str(turn), "--json", str(report)]
    if app == "voila":
        widgets = "['@jupyter-widgets/jupyterlab-manager', '@voila-dashboards/widgets-manager8', 'anywidget']"
        options += ["--option=--template=qsm", f"--option=--VoilaConfiguration.extension_allowlist={widgets}"]
    command = [sys.executable, str(check), str(notebook), "--app", app, *options]
    paths = [str(ROOT / "notebooks"), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    environment = {**os.environ, "JUPYTER_PATH": os.pathsep.join(paths)}
    load = os.getloadavg()[0]
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=False)
    found = json.loads(report.read_text())
    kept = {name: found[name] for name in ("browser", "latency", "received_bytes", "off_host", "errors", "failures")}
    return {"load_before": round(load, 1), "load_after": round(os.getloadavg()[0], 1), **kept}


def notebook_of(tool: str, folder: str) -> Path:
    path = Path(folder) / f"{tool}.ipynb"
    cells = (f"from qsm import tools\ntool = {TOOLS[tool][0]}\ntool.controls()", "tool")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


def main(names: list[str]) -> None:
    target = ROOT / "benchmarks" / "results" / "slider_to_paint.json"
    known = json.loads(target.read_text())["results"] if names else {}
    with tempfile.TemporaryDirectory() as folder:
        for tool in names or TOOLS:
            notebook = notebook_of(tool, folder)
            known[tool] = {app: measure(app, notebook, TOOLS[tool][1]) for app in ("lab", "voila")}
    result = {
        "task": "key press on the slider of a calculator to painted figure [ms]; goal: 95th percentile <= 50",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processors": os.cpu_count(),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "method": "browser_check.py, 60 presses after 10 for warming up; a key press lasts to the frame that shows it",
        "results": known,
    }
    target.write_text(json.dumps(result, indent=1) + "\n")
    print(target.read_text())


if __name__ == "__main__":
    main(sys.argv[1:])
