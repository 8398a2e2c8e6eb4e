"""The forms of an episode in a real browser: reached by Tab, answered by Enter, kept in the ledger, silent to other hosts."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("anywidget")
nbformat = pytest.importorskip("nbformat")

from qsm import course

HERE = Path(__file__).resolve().parent
CELLS = [
    'from qsm import course\nepisode = course.start("episode-52", "ledger.jsonl")\nepisode.bet("slots")',
    'episode.check("geometric")',
    'episode.mission("knee")',
    'episode.bet("second-server")',
]

TOOL = "from qsm import tools\ntools.queue(8, 10).controls()"

if not any(map(shutil.which, (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome-stable"))):
    pytest.skip("no Chromium on this machine", allow_module_level=True)


@contextlib.contextmanager
def opened(app: str, folder: Path) -> Iterator[tuple[Any, list[str]]]:
    """A page with the notebook run, and the addresses on other hosts that it asked for."""
    sys.path.insert(0, str(HERE))
    try:
        import browser_check as check
    finally:
        sys.path.remove(str(HERE))
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in [*CELLS, TOOL]])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "forms.ipynb"
    nbformat.write(made, path)
    widgets = "['@jupyter-widgets/jupyterlab-manager', '@voila-dashboards/widgets-manager8', 'anywidget']"
    options = ["--template=qsm", f"--VoilaConfiguration.extension_allowlist={widgets}"] if app == "voila" else []
    asked: list[str] = []
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(check.server(app, path, sys.executable, 90, folder, options))
        playwright = stack.enter_context(check.sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=check.find_chromium(None),
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": 1100, "height": 1400})
        page.on("request", lambda request: asked.append(request.url) if check.is_off_host(request.url) else None)
        page.goto(address)
        check.wait_until_run(page, app, 90)
        yield page, asked


@pytest.mark.parametrize("app", ["voila", "lab"])
def test_forms_by_keyboard(app: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("voila" if app == "voila" else "jupyterlab")
    path = os.pathsep.join([str(HERE.parents[1] / "notebooks"), *filter(None, [os.environ.get("JUPYTER_PATH")])])
    monkeypatch.setenv("JUPYTER_PATH", path)
    with opened(app, tmp_path) as (page, asked):
        forms = page.locator("form:has(button:text('Answer'))")
        forms.first.wait_for(timeout=30_000)
        assert forms.count() == len(CELLS)

        page.get_by_label("Your guess, slots:").focus()
        page.keyboard.type("-3")
        page.keyboard.press("Enter")
        page.get_by_text("the guess must be a number > 0").wait_for(timeout=10_000)
        page.keyboard.press("Control+A")
        page.keyboard.type("40")
        page.keyboard.press("Enter")
        page.get_by_text("Bet slots: locked at 40").wait_for(timeout=10_000)

        page.get_by_label("Your answer, requests:").focus()
        page.keyboard.type("0.9")
        page.keyboard.press("Tab")  # from the field to the button
        page.keyboard.press("Enter")
        page.get_by_text("not the mean").wait_for(timeout=10_000)

        page.get_by_label("arrival_rate").focus()
        page.keyboard.type("5.39")
        page.keyboard.press("Enter")
        page.get_by_text("Mission knee: won (attempt 1)").wait_for(timeout=10_000)

        page.get_by_label("second server").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("0.9")
        page.keyboard.press("Enter")
        page.get_by_text("locked at second server, 90% sure").wait_for(timeout=10_000)

        page.get_by_label("servers", exact=True).last.focus()  # the mission's field has the same name
        for typed, told in (("1.5", "valid values are 1 and 2"), ("0", "greater than or equal to 1")):
            page.keyboard.press("Control+A")
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
            page.get_by_text(told).wait_for(timeout=10_000)
        page.keyboard.press("Control+A")
        page.keyboard.type("2")
        page.keyboard.press("Enter")
        page.get_by_text(told).wait_for(state="detached", timeout=10_000)

        for status in page.locator("form").locator("xpath=preceding-sibling::*[@role='status']").all():
            assert status.get_attribute("aria-live") == "polite"
        assert asked == []
    kept = course.start("episode-52", tmp_path / "ledger.jsonl")
    if app == "voila":
        assert not (tmp_path / "ledger.jsonl").exists(), "visitors of Voila share no ledger"
    else:
        assert "already locked at 40" in repr(kept.bet("slots", 60))
        assert kept.record["mission knee"] == "won at attempt 1"
