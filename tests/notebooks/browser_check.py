"""Check an interactive notebook in a real browser.

Starts JupyterLab or Voila on 127.0.0.1 (or opens a static HTML export), waits until the notebook has run, moves its
slider with the keyboard, and reports

* the time from key press to painted figure (``first``: first frame in which the figure changed, ``last``: the frame
  after which it stayed as it is), as percentiles over the presses;
* every request to another host (none can succeed: name resolution is switched off in the browser);
* whether the slider is reached with the Tab key, and its ARIA attributes;
* names of figures (``<title>``, ``aria-label``, ``alt``), number of tables, errors on the page;
* whether the figure is blank, from the pixels of a screenshot.

Needs Playwright for Python and a Chromium or Chrome of the system; nothing else outside the standard library.
JupyterLab, Voila and nbconvert are run as ``PYTHON -m ...``.

Examples::

    python browser_check.py queue.ipynb --app lab --limit-ms 50 --json lab.json --screenshot lab.png
    python browser_check.py queue.ipynb --app voila --limit-ms 50
    python browser_check.py queue.ipynb --app static        # executes, exports with nbconvert, opens the file

Exit status: 0 all good, 1 a check failed, 2 the check could not be made.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import math
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "::1", ""}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# Runs before any script of the page. A change of a figure is a DOM mutation inside (or adding) an svg, canvas or img
# of an output, shadow trees included, or a drawing call on a canvas. Its paint time is read in the first task after the
# frame that shows it: a message posted inside the frame is delivered after style, layout and paint of that frame.
PROBE_JS = r"""
(() => {
  const GRAPHIC = "svg, canvas, img";
  const SCOPE = __SCOPE__, EXCLUDE = __EXCLUDE__;
  const state = {armed: false, key: null, first: null, last: null, frames: 0, changes: 0, dirty: false};
  const nativeFrame = window.requestAnimationFrame.bind(window);
  const channel = new MessageChannel();
  let inFrame = false, asked = false;

  function enterFrame() {
    if (inFrame) return;
    inFrame = true;
    channel.port2.postMessage(0);
  }
  channel.port1.onmessage = () => {
    inFrame = false;
    if (!state.dirty) return;
    state.dirty = false;
    state.last = performance.now();
    state.first ??= state.last;
    state.frames += 1;
  };
  window.requestAnimationFrame = callback => nativeFrame(time => { enterFrame(); callback(time); });

  function changed() {
    if (!state.armed || state.key === null) return;
    state.changes += 1;
    state.dirty = true;
    if (inFrame || asked) return;
    asked = true;
    nativeFrame(() => { asked = false; enterFrame(); });
  }

  function closest(node, selector) {            // like Element.closest, but climbs out of shadow trees
    let element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentNode;
    while (element) {
      if (element instanceof ShadowRoot) { element = element.host; continue; }
      if (!element.closest) return null;
      const found = element.closest(selector);
      if (found) return found;
      const root = element.getRootNode();
      element = root instanceof ShadowRoot ? root.host : null;
    }
    return null;
  }
  const holdsGraphic = node => node.nodeType === Node.ELEMENT_NODE &&
    (node.matches(GRAPHIC) || node.querySelector(GRAPHIC) !== null);
  function relevant(record) {
    if (!closest(record.target, SCOPE) || closest(record.target, EXCLUDE)) return false;
    return closest(record.target, GRAPHIC) !== null || [...record.addedNodes].some(holdsGraphic);
  }
  const options = {subtree: true, childList: true, attributes: true, characterData: true};
  const observer = new MutationObserver(records => { if (records.some(relevant)) changed(); });
  observer.observe(document, options);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    observer.observe(root, options);
    return root;
  };
  function hook(prototype, names) {
    for (const name of names) {
      const draw = prototype?.[name];
      if (draw) prototype[name] = function (...args) { changed(); return draw.apply(this, args); };
    }
  }
  hook(window.CanvasRenderingContext2D?.prototype,
       ["stroke", "fill", "fillRect", "clearRect", "drawImage", "putImageData", "fillText"]);
  hook(window.WebGLRenderingContext?.prototype, ["clear", "drawArrays", "drawElements"]);
  hook(window.WebGL2RenderingContext?.prototype, ["clear", "drawArrays", "drawElements"]);

  window.addEventListener("keydown", event => {
    if (state.armed && event.key.startsWith("Arrow")) state.key ??= event.timeStamp;
  }, true);

  window.__figureProbe = {
    arm() { Object.assign(state, {armed: true, key: null, first: null, last: null, frames: 0, changes: 0, dirty: false}); },
    settle(quiet, timeout) {                    // resolves when the figure has been still for `quiet` ms
      const start = performance.now();
      return new Promise(resolve => {
        const timer = setInterval(() => {
          const now = performance.now();
          if ((state.last !== null && !state.dirty && now - state.last >= quiet) || now - start >= timeout) {
            clearInterval(timer);
            state.armed = false;
            resolve(state.last === null ? null : {
              first: state.first - state.key, last: state.last - state.key, frames: state.frames, changes: state.changes});
          }
        }, 10);
      });
    },
  };
})();
"""

# Facts for the accessibility checks; looks into open shadow trees.
FACTS_JS = r"""
scope => {
  const found = [];
  (function walk(root) {
    for (const element of root.querySelectorAll("*")) {
      found.push(element);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  })(document);
  const inside = element => {
    for (let e = element; e; e = e.getRootNode().host) if (e.closest(scope)) return true;
    return false;
  };
  const big = element => { const box = element.getBoundingClientRect(); return box.width >= 100 && box.height >= 60; };
  const label = element => {
    const byId = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean)
      .map(id => element.getRootNode().getElementById?.(id)?.textContent || "").join(" ").trim();
    const title = [...element.children].find(child => child.localName === "title")?.textContent;
    return byId || element.getAttribute("aria-label") || element.getAttribute("alt") || title ||
      element.labels?.[0]?.textContent.trim() || null;
  };
  const figures = found.filter(e => ["svg", "canvas", "img"].includes(e.localName) && inside(e) && big(e) &&
                                    !e.parentElement?.closest("svg"));
  return {
    figures: figures.map(e => ({tag: e.localName, role: e.getAttribute("role"), name: label(e),
      desc: [...e.children].find(child => child.localName === "desc")?.textContent || null})),
    tables: found.filter(e => e.localName === "table" && inside(e)).length,
    sliders: found.filter(e => e.getAttribute("role") === "slider" || (e.localName === "input" && e.type === "range"))
      .map(e => ({name: label(e), now: e.getAttribute("aria-valuenow") ?? e.value,
                  text: e.getAttribute("aria-valuetext"), tabindex: e.tabIndex})),
  };
}
"""

ACTIVE_IS_SLIDER_JS = r"""
() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  return !!e && (e.getAttribute("role") === "slider" || (e.localName === "input" && e.type === "range"));
}
"""

# Number of different colours and share of the commonest one, of a PNG given as base64.
PIXELS_JS = r"""
async data => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + data)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const count = new Map();
  for (const pixel of pixels) count.set(pixel, (count.get(pixel) || 0) + 1);
  return {colours: count.size, commonest: Math.max(...count.values()) / pixels.length};
}
"""


class CheckError(RuntimeError):
    """The check could not be made (server did not start, notebook did not finish, no slider)."""


def percentile(values: Sequence[float], q: float) -> float:
    """Nearest-rank percentile: the smallest value with at least a share ``q`` of the values at or below it."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(q * len(ordered)) - 1)]


def find_chromium(given: str | None) -> str:
    if given:
        return given
    for name in (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES):
        path = shutil.which(name) if name else None
        if path:
            return path
    raise CheckError("no Chromium found: install one, set CHROMIUM, or pass --chromium")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def jupyter_environment(scratch: Path) -> dict[str, str]:
    """An environment that neither reads nor writes the settings of the user, and never saves the notebook."""
    settings = scratch / "lab-settings" / "@jupyterlab"
    for plugin, values in {
        "docmanager-extension/plugin": {"autosave": False},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    }.items():
        path = settings / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    return {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(scratch / "config"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "lab-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "lab-workspaces"),
        "IPYTHONDIR": str(scratch / "ipython"),
    }


@contextlib.contextmanager
def server(app: str, notebook: Path, python: str, timeout: float, scratch: Path, extra: Sequence[str]) -> Iterator[str]:
    """Run JupyterLab or Voila for one notebook; yield the address of the page."""
    port, token = free_port(), secrets.token_hex(16)
    if app == "lab":
        command = [
            python,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={notebook.parent}",
            f"--IdentityProvider.token={token}",
            "--LabApp.expose_app_in_browser=True",
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--ServerApp.allow_root=True")
        ready = f"http://127.0.0.1:{port}/api/status?token={token}"
        page = f"http://127.0.0.1:{port}/lab/tree/{urllib.parse.quote(notebook.name)}?token={token}"
    else:
        command = [python, "-m", "voila", str(notebook), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
        ready = f"http://127.0.0.1:{port}/voila/static/"  # any answer will do; must not start a kernel
        page = f"http://127.0.0.1:{port}/"
    command.extend(extra)
    log_path = scratch / f"{app}.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=notebook.parent,
            env=jupyter_environment(scratch),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + timeout
        while True:
            if process.poll() is not None:
                raise CheckError(f"{app} ended with status {process.returncode}:\n{log_path.read_text()[-2000:]}")
            try:
                urllib.request.urlopen(ready, timeout=2).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise CheckError(f"{app} not ready after {timeout:g} s:\n{log_path.read_text()[-2000:]}") from None
                time.sleep(0.2)
        yield page
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT if app == "voila" else signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def export_html(notebook: Path, python: str, timeout: float, scratch: Path, extra: Sequence[str]) -> Path:
    """Execute the notebook and export it with nbconvert; an HTML file is returned as it is."""
    if notebook.suffix == ".html":
        return notebook
    target = scratch / f"{notebook.stem}.html"
    done = subprocess.run(
        [python, "-m", "nbconvert", "--execute", "--to", "html", "--output", str(target), str(notebook), *extra],
        cwd=notebook.parent,
        env=jupyter_environment(scratch),
        timeout=timeout,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CheckError(f"nbconvert failed:\n{done.stderr[-2000:]}")
    return target


def is_off_host(url: str) -> bool:
    parts = urllib.parse.urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and (parts.hostname or "") not in LOCAL_HOSTS


def wait_until_run(page: Page, app: str, timeout: float) -> None:
    """Return when every code cell has been executed and the kernel is idle."""
    limit = timeout * 1000
    if app == "lab":
        page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.isReady", timeout=limit)
        page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'",
            timeout=limit,
        )
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        page.wait_for_function(
            """() => {
              const panel = window.jupyterapp.shell.currentWidget;
              const code = [...panel.content.model.cells].filter(c => c.type === 'code' && c.sharedModel.source.trim());
              return code.every(c => c.executionCount !== null) &&
                     panel.sessionContext.session.kernel.status === 'idle';
            }""",
            timeout=limit,
        )
    else:
        page.wait_for_load_state("load", timeout=limit)
    page.wait_for_timeout(1500)  # widgets draw after their messages have come


def reach_by_tab(page: Page, most: int) -> int | None:
    """Press Tab from the top of the page until a slider has the focus; the number of presses, or None."""
    page.evaluate("() => { document.activeElement?.blur(); window.getSelection()?.removeAllRanges(); }")
    for presses in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate(ACTIVE_IS_SLIDER_JS):
            return presses
    return None


def measure(page: Page, handle: Locator, args: argparse.Namespace) -> dict[str, Any]:
    """Press arrow keys on the slider and time each one; direction turns round so that no end is reached."""
    samples: list[dict[str, float]] = []
    missed = silent = 0
    handle.focus()
    for step in range(args.warmup + args.presses):
        key = "ArrowRight" if (step // args.turn) % 2 == 0 else "ArrowLeft"
        page.evaluate("() => window.__figureProbe.arm()")
        page.keyboard.press(key)
        sample = page.evaluate(
            "([quiet, timeout]) => window.__figureProbe.settle(quiet, timeout)", [args.quiet_ms, args.press_timeout_ms]
        )
        if sample is None and step < 5 and (silent := silent + 1) == 5:
            raise CheckError(
                "five key presses changed no figure: wrong slider, keys swallowed by the page, or a dead kernel"
            )
        if step < args.warmup:
            continue
        if sample is None:
            missed += 1
        else:
            samples.append(sample)
    result: dict[str, Any] = {"presses": args.presses, "missed": missed}
    if samples:
        for name in ("first", "last"):
            values = [sample[name] for sample in samples]
            result[f"{name}_ms"] = {
                "p50": round(percentile(values, 0.50), 1),
                "p95": round(percentile(values, 0.95), 1),
                "max": round(max(values), 1),
            }
        result["frames_per_press"] = round(sum(sample["frames"] for sample in samples) / len(samples), 2)
    if args.burst:
        page.evaluate("() => window.__figureProbe.arm()")
        start = time.monotonic()
        for _ in range(args.burst):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(33)  # the repeat rate of a key held down
        typed = (time.monotonic() - start) * 1000
        sample = page.evaluate("([quiet, timeout]) => window.__figureProbe.settle(quiet, timeout)", [500, 10000])
        if sample:
            result["burst"] = {
                "keys": args.burst,
                "frames": sample["frames"],
                "lag_ms": round(sample["last"] - typed, 1),
            }
    return result


def figure_picture(page: Page, scope: str) -> bytes:
    """A screenshot of the largest figure in the outputs, or of the page when there is none."""
    best, area = None, 0.0
    for tag in ("svg", "canvas", "img"):
        for element in page.locator(f":is({scope}) {tag}").all():
            box = element.bounding_box()
            if box and box["width"] * box["height"] > area:
                best, area = element, box["width"] * box["height"]
    return best.screenshot() if best else page.screenshot()


def pixels(context: BrowserContext, picture: bytes) -> dict[str, float]:
    page = context.new_page()
    try:
        return dict(page.evaluate(PIXELS_JS, base64.b64encode(picture).decode()))
    finally:
        page.close()


def check(args: argparse.Namespace, scratch: Path) -> dict[str, Any]:
    notebook = Path(args.notebook).resolve()
    if not notebook.is_file():
        raise CheckError(f"no such file: {notebook}")
    report: dict[str, Any] = {"notebook": notebook.name, "app": args.app}
    with contextlib.ExitStack() as stack:
        if args.app == "static":
            html = export_html(notebook, args.python, args.timeout, scratch, args.option)
            if args.keep_html and html != notebook:
                shutil.copy(html, args.keep_html)
            report["html_bytes"] = html.stat().st_size
            address = html.as_uri()
        else:
            address = stack.enter_context(server(args.app, notebook, args.python, args.timeout, scratch, args.option))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=find_chromium(args.chromium),
            headless=True,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        stack.callback(browser.close)
        report["browser"] = browser.version
        context = browser.new_context(viewport={"width": args.width, "height": args.height})
        context.add_init_script(
            PROBE_JS.replace("__SCOPE__", json.dumps(args.scope)).replace("__EXCLUDE__", json.dumps(args.exclude))
        )
        requests: list[str] = []
        traffic = {"bytes": 0}
        errors: list[str] = []
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(args.timeout * 1000)
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)[:300]))
        page.on("console", lambda message: errors.append(message.text[:300]) if message.type == "error" else None)
        page.on(
            "response",
            lambda response: traffic.__setitem__(
                "bytes", traffic["bytes"] + int(response.headers.get("content-length") or 0)
            ),
        )
        began = time.monotonic()
        page.goto(address)
        wait_until_run(page, args.app, args.timeout)
        if args.app != "static":
            handle = page.locator(args.slider).nth(args.slider_index)
            handle.wait_for(state="attached")
            report["ready_s"] = round(time.monotonic() - began, 1)
            report["received_bytes"] = traffic["bytes"]
            handle.scroll_into_view_if_needed()
            report["tabs_to_slider"] = reach_by_tab(page, args.tabs)
            before = figure_picture(page, args.scope)
            report["latency"] = measure(page, handle, args)
            report["pixels_changed"] = before != figure_picture(page, args.scope)
        report["off_host"] = sorted({url for url in requests if is_off_host(url)})
        report["facts"] = page.evaluate(FACTS_JS, args.scope)
        picture = figure_picture(page, args.scope)
        report["figure_pixels"] = pixels(context, picture)
        if args.screenshot:
            page.screenshot(path=args.screenshot, full_page=args.app == "static")
        report["errors"] = errors[:10]
    return report


def failures(report: dict[str, Any], args: argparse.Namespace) -> list[str]:
    """What is wrong with the notebook, in words; empty when nothing is."""
    wrong = []
    if report["off_host"]:
        wrong.append(f"requests to other hosts: {', '.join(report['off_host'])}")
    figures = report["facts"]["figures"]
    if not figures:
        wrong.append("no figure in the outputs")
    elif not all(figure["name"] for figure in figures):
        wrong.append("a figure has no text alternative")
    if not report["facts"]["tables"]:
        wrong.append("no table in the outputs")
    if report["figure_pixels"]["colours"] < 3 or report["figure_pixels"]["commonest"] > 0.999:
        wrong.append("the figure is blank")
    latency = report.get("latency")
    if latency is not None:
        if report["tabs_to_slider"] is None:
            wrong.append(f"slider not reached within {args.tabs} Tab presses")
        if latency["missed"]:
            wrong.append(f"{latency['missed']} of {latency['presses']} key presses changed nothing")
        if not report["pixels_changed"]:
            wrong.append("the picture of the figure did not change")
        if args.limit_ms and latency.get("last_ms", {}).get("p95", math.inf) > args.limit_ms:
            wrong.append(f"key to paint p95 {latency.get('last_ms', {}).get('p95')} ms > {args.limit_ms:g} ms")
    return wrong


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check an interactive notebook in a real browser.")
    parser.add_argument("notebook", help="notebook (.ipynb); with --app static also an exported .html")
    parser.add_argument("--app", choices=("lab", "voila", "static"), default="lab")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has JupyterLab or Voila")
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="OPTION",
        help="further option for Lab, Voila or nbconvert, as --option=--Name.key=value; may be repeated",
    )
    parser.add_argument("--chromium", help="browser binary (default: $CHROMIUM, else the first one on PATH)")
    parser.add_argument("--slider", default="[role=slider], input[type=range]", help="CSS selector of slider handles")
    parser.add_argument("--slider-index", type=int, default=0)
    parser.add_argument("--scope", default=".jp-OutputArea-output", help="CSS selector of the outputs to watch")
    parser.add_argument(
        "--exclude",
        default=".widget-slider, .jupyter-widget-slider, .noUi-target, input",
        help="CSS selector of parts whose changes are not changes of the figure",
    )
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--warmup", type=int, default=10)
    parser.add_argument("--turn", type=int, default=15, help="presses before the direction changes")
    parser.add_argument("--burst", type=int, default=0, help="also press this many keys at 30 per second")
    parser.add_argument("--quiet-ms", type=float, default=150)
    parser.add_argument("--press-timeout-ms", type=float, default=3000)
    parser.add_argument("--tabs", type=int, default=60, help="most Tab presses to the slider")
    parser.add_argument("--timeout", type=float, default=90, help="seconds for the start, and for the notebook to run")
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--limit-ms", type=float, default=0, help="fail when the 95th percentile is above this")
    parser.add_argument("--screenshot", help="write a PNG of the page")
    parser.add_argument("--keep-html", help="with --app static: keep the exported page here")
    parser.add_argument("--json", help="write the report here as well")
    args = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped too
    with tempfile.TemporaryDirectory(prefix="browser-check-") as scratch:
        try:
            report = check(args, Path(scratch))
        except (CheckError, PlaywrightError, subprocess.TimeoutExpired) as error:
            print(f"browser_check: {error}", file=sys.stderr)
            return 2
    report["failures"] = failures(report, args)
    text = json.dumps(report, indent=1)
    print(text)
    if args.json:
        Path(args.json).write_text(text + "\n")
    return 1 if report["failures"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
