"""The run that can be watched, in a real browser: by keyboard, with reduced motion, without a network."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("playwright")
pytest.importorskip("matplotlib")
nbformat = pytest.importorskip("nbformat")

from qsm import tools

HERE = Path(__file__).resolve().parent
CODE = "tools.queue(8, 10, 2, customers=0).animation(60)"

if not any(map(shutil.which, (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome-stable"))):
    pytest.skip("no Chromium on this machine", allow_module_level=True)


@contextlib.contextmanager
def opened(app: str, folder: Path, motion: str = "no-preference") -> Iterator[Any]:
    """The page with the run; at the end, that it asked no other host for anything and met no error."""
    sys.path.insert(0, str(HERE))
    try:
        import browser_check as check
    finally:
        sys.path.remove(str(HERE))
    asked: list[str] = []
    errors: list[str] = []
    with contextlib.ExitStack() as stack:
        if app == "page":
            address = eval(CODE, {"tools": tools}).save(folder / "queue.html").as_uri()
        else:
            made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"from qsm import tools\n{CODE}")])
            made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
            path = folder / "motion.ipynb"
            nbformat.write(made, path)
            if app == "nbconvert":
                address = check.export_html(path, sys.executable, 120, folder, ["--template", "basic"]).as_uri()
            else:
                widgets = "['@jupyter-widgets/jupyterlab-manager', '@voila-dashboards/widgets-manager8', 'anywidget']"
                voila = ["--template=qsm", f"--VoilaConfiguration.extension_allowlist={widgets}"]
                options = voila if app == "voila" else []
                address = stack.enter_context(check.server(app, path, sys.executable, 90, folder, options))
        playwright = stack.enter_context(check.sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=check.find_chromium(None),
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": 1000, "height": 1000}, reduced_motion=motion)
        page.set_default_timeout(30_000)
        page.on("request", lambda request: asked.append(request.url) if check.is_off_host(request.url) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address, timeout=90_000)
        if app in ("lab", "voila"):
            check.wait_until_run(page, app, 90)
        yield page
        assert asked == []
        assert errors == []


def numbers(page: Any) -> dict[str, float]:
    """What the table says now."""
    row = page.locator(".qsm-motion [data-part=stage] tbody td").all_inner_texts()
    return dict(zip(("time", "waiting", "busy", "left", "mean", "theory"), map(float, row), strict=True))


def test_numbers_are_those_of_the_run(tmp_path: Path) -> None:
    data = tools.queue(8, 10, 2, customers=0).animation(60).data
    arrivals, starts, departures = (np.array(data[name]) for name in ("arrivals", "starts", "departures"))
    with opened("page", tmp_path) as page:
        slider = page.get_by_role("slider", name="time")
        assert numbers(page)["time"] == 0, "stands still until it is started"
        for share in (0.2, 0.5, 0.77, 1.0):
            now = share * data["end"]
            slider.evaluate("(one, now) => { one.value = now; one.dispatchEvent(new Event('input')); }", now)
            begun = starts <= now
            found = numbers(page)
            assert found["waiting"] == np.sum((arrivals <= now) & ~begun)
            assert (
                found["busy"]
                == np.sum(begun & (departures > now))
                == page.locator(".qsm-motion rect + circle[visibility=visible]").count()
            )
            assert found["left"] == np.sum(departures <= now)
            assert found["mean"] == pytest.approx(np.mean((starts - arrivals)[begun]), rel=1e-3)
            assert f"{found['waiting']:.0f} waiting" in slider.get_attribute("aria-valuetext")
        slider.focus()
        page.keyboard.press("Home")
        assert numbers(page)["left"] == 0
        page.keyboard.press("End")
        assert numbers(page)["left"] == 60


def test_steps_go_from_event_to_event(tmp_path: Path) -> None:
    data = tools.queue(8, 10, 2, customers=0).animation(60).data
    events = np.unique(np.concatenate([data["arrivals"], data["starts"], data["departures"]]))
    with opened("page", tmp_path) as page:
        page.get_by_role("button", name="Step", exact=True).focus()
        for event in events[:8]:
            page.keyboard.press("Enter")
            assert numbers(page)["time"] == pytest.approx(event, rel=1e-3)
            assert page.locator(".qsm-motion [role=status]").inner_text().startswith("At ")
        page.get_by_role("button", name="Step back").focus()
        page.keyboard.press("Space")
        assert numbers(page)["time"] == pytest.approx(events[6], rel=1e-3)
        page.get_by_role("button", name="Restart").press("Enter")
        assert numbers(page)["time"] == 0


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_motion(motion: str, tmp_path: Path) -> None:
    """With reduced motion the picture changes at most twice a second, else often."""
    with opened("page", tmp_path, motion) as page:
        page.evaluate(
            "() => { window.changes = 0; new MutationObserver(() => window.changes++)"
            ".observe(document.querySelector('[data-cursor]'), {attributes: true}); }"
        )
        page.get_by_role("button", name="Play").press("Space")
        page.wait_for_timeout(2000)
        changes = page.evaluate("window.changes")
        assert changes <= 5 if motion == "reduce" else changes > 15, changes
        page.get_by_role("button", name="Pause").press("Space")
        before = numbers(page)
        assert before["time"] > 0
        page.wait_for_timeout(700)
        assert numbers(page) == before


def test_speed(tmp_path: Path) -> None:
    with opened("page", tmp_path) as page:
        page.get_by_label("speed").select_option("8")
        page.get_by_role("button", name="Play").press("Enter")
        page.get_by_role("button", name="Play").wait_for(timeout=20_000)  # it ends by itself after about eight seconds
        assert numbers(page)["left"] == 60


@pytest.mark.parametrize("app", ["lab", "voila", "nbconvert"])
def test_everywhere(app: str, tmp_path: Path) -> None:
    pytest.importorskip({"lab": "jupyterlab"}.get(app, app))
    with opened(app, tmp_path) as page:
        button = page.get_by_role("button", name="Step", exact=True)
        button.wait_for()
        button.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
        assert numbers(page)["time"] > 0
        slider = page.get_by_role("slider", name="time")
        slider.focus()
        page.keyboard.press("End")
        assert numbers(page)["left"] == 60
        assert page.locator(".qsm-motion figure svg[role=img]").count() == 1
