"""The small table: as text, as HTML, as pandas."""

import math

import numpy as np
import pytest

import qsm
from qsm import Estimate, Table
from qsm.queueing import mm1

TEXT = """two queues
name     servers    wait  stable
-------  -------  ------  ------
a              1  0.3333  yes
<b> & c    1,000     inf  no"""


def queues():
    return Table(
        {"name": ["a", "<b> & c"], "servers": [1, 1000], "wait": [1 / 3, math.inf], "stable": [np.True_, np.False_]},
        "two queues",
    )


def test_text_is_aligned():
    assert [line.rstrip() for line in str(queues()).splitlines()] == TEXT.splitlines()
    assert repr(queues()) == str(queues())


def test_html_is_escaped():
    page = Table({"<script>": ["<b> & c"]}, 'a "title" <i>')._repr_html_()
    assert page == (
        "<table><caption>a &quot;title&quot; &lt;i&gt;</caption>"
        '<thead><tr><th scope="col">&lt;script&gt;</th></tr></thead>'
        "<tbody><tr><td>&lt;b&gt; &amp; c</td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567, "1,234,567"),
        (2.0, "2"),
        (0.5, "0.5"),
        (1e6, "1e+06"),
        (123456.0, "123,456"),
        (1.23456e-7, "1.235e-07"),
        (-0.0, "0"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (np.float32(0.25), "0.25"),
        (np.int64(7), "7"),
        (True, "yes"),
        (None, ""),
        ("text", "text"),
        (Estimate(1 / 3, 0.25, 0.5, "m"), "0.3333 [0.25, 0.5]"),
        (Estimate(2, 2, 2, "exact"), "2"),
    ],
    ids=repr,
)
def test_a_cell_is_what_a_person_reads(value, text):
    assert str(Table({"x": [value]})).split("\n")[2].strip() == text


def test_it_is_a_mapping_of_columns():
    table = queues()
    assert list(table) == ["name", "servers", "wait", "stable"]
    assert len(table) == 4
    assert table["servers"] == [1, 1000]
    assert table.rows[0] == ("a", 1, 1 / 3, True)
    with pytest.raises(KeyError):
        table["colour"]


def test_long_tables_are_cut_where_they_are_shown():
    table = Table({"x": range(100)}, limit=10)
    assert str(table).endswith("9\n... 90 more rows")
    assert "<p>... 90 more rows</p>" in table._repr_html_()
    assert len(table.rows) == len(table.to_pandas()) == 100


def test_to_pandas():
    frame = Table({"wait": [Estimate(0.5, 0.4, 0.6, "m"), Estimate(1, 1, 1, "m")], "name": ["a", "b"]}).to_pandas()
    assert list(frame.columns) == ["wait", "name"]
    assert frame["wait"].dtype == np.float64
    assert frame["wait"].tolist() == [0.5, 1]


def test_unequal_columns_are_refused():
    with pytest.raises(ValueError) as error:
        Table({"a": [1, 2], "b": [1]})
    assert str(error.value) == "Table: columns must be of equal length, got {'a': 2, 'b': 1}"


def test_no_columns_and_no_rows():
    assert Table({}).rows == Table({"x": []}).rows == []
    assert str(Table({"x": []})) == "x\n-"


def test_a_model_shows_itself_as_a_table():
    one = mm1(1, 2).table()
    assert list(one) == ["quantity", "value"]
    assert dict(one.rows)["mean_wait"] == 0.5
    many = mm1([1.0, 1.5], 2).table()
    assert many["mean_wait"] == [0.5, 1.5]
    assert "<td>" in mm1(1, 2)._repr_html_()
    assert mm1([1.0, 1.5], 2).to_pandas()["mean_wait"].tolist() == [0.5, 1.5]
    assert qsm.Table is Table
