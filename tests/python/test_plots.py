"""Figures: what they refuse, and that everybody can read them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from qsm import plots
from qsm.plots._figure import COLOURS, path_data

SVG = "{http://www.w3.org/2000/svg}"
X = np.linspace(0.1, 1, 50)


def examples() -> dict[str, plots.Figure]:
    random = np.random.default_rng(1)
    words = {"title": "A <title> & more", "description": 'What it "shows"'}
    return {
        "curves": plots.curves({"a": (X, X**2), "b": (X, X)}, x="x [s]", y="y [1]", **words),
        "band": plots.curves({"a": (X, X, X - 0.1, X + 0.1)}, x="x", y="y", log_x=True, log_y=True, **words),
        "survival": plots.survival({"sample": random.exponential(1, 1000)}, lines={"limit": 0.01}, **words),
        "rate": plots.rate(np.cumsum(random.exponential(1, 500)), window=60, unit="min", **words),
        "bars": plots.bars({"one": 1.5, "two": 2.5}, y="slots", intervals={"two": (2.0, 3.0)}, **words),
    }


@pytest.mark.parametrize("name", examples())
def test_svg_announces_title_and_description(name: str) -> None:
    root = ElementTree.fromstring(examples()[name].to_svg())
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    assert by_id[root.get("aria-labelledby")].text == "A <title> & more"
    assert by_id[root.get("aria-describedby")].text == 'What it "shows"'


@pytest.mark.parametrize("name", examples())
def test_html_stands_alone(name: str) -> None:
    text = examples()[name]._repr_html_()
    HTMLParser().feed(text)
    assert "<script" not in text
    assert "<table>" in text
    assert "<details>" in text
    links = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert all(link.startswith("#") for link in links), links


def test_identifiers_are_unique_and_referenced() -> None:
    texts = [figure.to_svg() for figure in examples().values()]
    ids = [mark for text in texts for mark in re.findall(r'\bid="([^"]+)"', text)]
    assert len(ids) == len(set(ids))
    for text in texts:
        own = set(re.findall(r'\bid="([^"]+)"', text))
        assert set(re.findall(r'(?:href="|url\()#([^")]+)', text)) <= own


def test_the_same_figure_twice_is_the_same_text() -> None:
    assert examples()["curves"].to_svg() == examples()["curves"].to_svg()


def test_the_table_holds_the_numbers_of_the_drawing() -> None:
    table = examples()["curves"].table
    assert list(table) == ["x [s]", "a", "b"]
    np.testing.assert_allclose(table["a"], np.square(table["x [s]"]))
    assert (table["x [s]"][0], table["x [s]"][-1]) == (X[0], X[-1])


def test_survival_of_a_known_sample() -> None:
    sample = np.arange(1, 101)
    table = plots.survival({"sample": sample}, title="t", description="d").table
    for value, share in zip(table["wait [s]"], table["sample"], strict=True):
        assert np.mean(sample >= value) == pytest.approx(share, abs=0.011)


def test_rate_counts_every_event() -> None:
    figure = plots.rate([0, 1, 2, 61, 62, 190], window=60, title="t", description="d")
    assert figure.table["events per 60 s"] == [3, 2, 0, 1]


def contrast(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.05 + 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def test_colours_keep_contrast_on_white() -> None:
    assert min(map(contrast, COLOURS)) >= 3


def test_path_data_is_what_matplotlib_writes() -> None:
    """The states sent to the browser lie where a fresh drawing would put them."""
    from qsm.plots._figure import drawing, styled

    with styled():
        figure, (axes,) = drawing()
        axes.set(xlim=(0, 1), ylim=(0.01, 10), yscale="log")
        (line,) = axes.plot([0.2, 0.4, 0.9], [0.1, 5, 0.5], gid="moving")
        text = plots.Figure("t", "d", plots.Table({}), figure).to_svg()
    written = re.search(r'id="[^"]*-moving">\s*<path d="([^"]+)"', text)
    assert written is not None
    drawn = [float(number) for number in re.findall(r"-?[\d.]+", written.group(1))]
    sent = [float(number) for number in re.findall(r"-?[\d.]+", path_data(line, [0.2, 0.4, 0.9], [0.1, 5, 0.5]))]
    np.testing.assert_allclose(sent, drawn, atol=0.06)


def test_nothing_global_changes() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    examples()["bars"].to_svg()
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.curves({}, x="x", y="y", title="t", description="d"), "at least one series"),
        (lambda: plots.curves({"a": ([1, 2], [1])}, x="x", y="y", title="t", description="d"), "equal lengths"),
        (lambda: plots.survival({"a": []}, title="t", description="d"), "'a' is empty"),
        (lambda: plots.rate([], window=1, title="t", description="d"), "at least one event"),
        (lambda: plots.rate([1], window=0, title="t", description="d"), "window must be > 0"),
        (lambda: plots.rate([1], window=1, unit="d", title="t", description="d"), "unit must be"),
        (lambda: plots.bars({}, y="y", title="t", description="d"), "at least one bar"),
    ],
)
def test_refusals(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]


def test_saved_file_is_a_document(tmp_path: object) -> None:
    path = examples()["bars"].save(f"{tmp_path}/figure.svg")
    assert ElementTree.parse(path).getroot().tag == f"{SVG}svg"
