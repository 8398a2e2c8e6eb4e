"""scripts/apigen.py: a text that does not say what it must stops the build, and says where."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "apigen.py"

FUNCTION = """\
#pragma once
/// @file
/// A room for tests.

namespace qsm::inline v0::room {

/// Twice the load.
///
/// A longer "text" \\ in UTF-8: λ.
///
/// @param load    a [erlang], finite and >= 0
/// @param factor  f [1], > 0
/// @returns       2a [erlang]
/// @source        Nobody 1900, nowhere, eq. 1
double twice(double load, double factor = 2);

namespace detail {
/// Nobody's business.
double hidden(double value);
}  // namespace detail

}  // namespace qsm::inline v0::room
"""

MODEL = """\
#pragma once

/// A thing.
///
/// @param rate  λ [1/s], > 0
/// @source      Nobody 1900
struct Thing {
  double rate;

  /// Mean time, 1/λ [s].
  double mean() const { return 1 / rate; }

  /// Whether it ends.
  bool ends() const { return true; }

  /// Probability that it is over [1].
  ///
  /// @param time  t [s], >= 0
  double cdf(double time) const;

 private:
  /// Nobody's business.
  double hidden() const;
};

/// The thing with this rate.
Thing thing(double rate);
"""


@pytest.fixture
def apigen(tmp_path):
    """Runs the script on a tree with one header; returns exit code, message and what was written."""
    script = tmp_path / "scripts" / "apigen.py"
    script.parent.mkdir()
    shutil.copy(SCRIPT, script)
    header = tmp_path / "include" / "qsm" / "room" / "thing.hpp"
    header.parent.mkdir(parents=True)

    def run(what, text):
        header.write_text(text)
        out = tmp_path / "out"
        arguments = [what, out] if what == "json" else [what, "room", out]
        done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr, out.read_text() if out.exists() else ""

    return run


def changed(text, old, new):
    assert text.count(old) == 1, old
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            changed(FUNCTION, "/// @source        Nobody 1900, nowhere, eq. 1\n", ""),
            "thing.hpp:7: twice has no @source",
        ),
        (
            changed(FUNCTION, "a [erlang], finite and >= 0", "a, finite and >= 0"),
            "thing.hpp:7: @param load of twice needs '[unit], range', has 'a, finite and >= 0'",
        ),
        (
            changed(FUNCTION, "f [1], > 0", "f [1]"),
            "thing.hpp:7: @param factor of twice needs '[unit], range', has 'f [1]'",
        ),
        (
            changed(FUNCTION, "twice(double load,", "twice(double traffic,"),
            "thing.hpp:7: twice declares ['traffic', 'factor'] but documents ['load', 'factor']",
        ),
        (
            changed(FUNCTION, "/// @param factor  f [1], > 0\n", ""),
            "thing.hpp:7: twice declares ['load', 'factor'] but documents ['load']",
        ),
        (changed(FUNCTION, "2a [erlang]", "2a"), "thing.hpp:7: twice needs '@returns ... [unit]'"),
        (changed(FUNCTION, '/// Twice the load.\n///\n/// A longer "text" \\ in UTF-8: λ.\n///\n', ""), "no summary"),
        (changed(MODEL, "/// @source      Nobody 1900\n", ""), "thing.hpp:3: Thing has no @source"),
        (changed(MODEL, "λ [1/s], > 0", "λ, > 0"), "@param rate of Thing needs '[unit], range'"),
        (changed(MODEL, "1/λ [s].", "1/λ."), "thing.hpp:10: mean needs its unit in brackets in the summary"),
        (changed(MODEL, "cdf(double time)", "cdf(double when)"), "cdf declares ['when'] but documents ['time']"),
        (changed(MODEL, "  ///\n  /// @param time  t [s], >= 0\n", ""), "cdf declares ['time'] but documents []"),
        (
            changed(MODEL, "thing(double rate)", "thing(double speed)"),
            "thing takes ['speed'], its model documents other",
        ),
        (changed(MODEL, "Thing thing(double rate);", ""), "model Thing has no factory function below it"),
    ],
)
def test_a_text_that_falls_short_stops_the_build(apigen, text, message):
    code, error, written = apigen("cpp", text)
    assert code == 1
    assert error.startswith("error: include/qsm/room/thing.hpp:")
    assert message in error
    assert error.count("\n") == 1, "one clear line"
    assert not written


def test_a_full_text_passes(apigen):
    for text in (FUNCTION, MODEL):
        code, error, written = apigen("cpp", text)
        assert (code, error) == (0, "")
        assert "hidden" not in written


def test_the_binding_has_names_defaults_and_text(apigen):
    _, _, written = apigen("cpp", FUNCTION)
    assert 'arguments<2>{{{"load", no_default}, {"factor", 2}}}' in written
    assert r"A longer \"text\" \\ in UTF-8: λ." in written
    _, _, written = apigen("cpp", MODEL)
    assert "using members = std::tuple<mean_, ends_, cdf_>;" in written


def test_the_stub_is_typed_python(apigen):
    _, _, written = apigen("stub", FUNCTION)
    compile(written, "room.pyi", "exec")
    assert "def twice(load: float, factor: float = 2) -> float: ..." in written
    _, _, written = apigen("stub", MODEL)
    compile(written, "room.pyi", "exec")
    assert "class Thing(Model):" in written
    assert "def thing(rate: ArrayLike) -> Thing:" in written


def test_a_name_of_another_room_is_not_taken_for_ones_own(apigen, tmp_path):
    other = tmp_path / "include" / "qsm" / "zoo" / "thing.hpp"  # read after the room itself
    other.parent.mkdir(parents=True)
    other.write_text(
        "#pragma once\n\n/// Kinds of things.\nenum class Thing {\n  /// Low.\n  low,\n  /// High.\n  high\n};\n"
    )
    binding = tmp_path / "python" / "bindings" / "room.cpp"
    binding.parent.mkdir(parents=True)
    binding.write_text("QSM_ROOM(room) {\n  QSM_MODEL(thing);\n  QSM_PLAIN(weight);\n}\n")
    weight = "/// @param thing  a thing [1], any\n/// @returns      w [kg]\n/// @source       Nobody 1900\n"
    _, error, written = apigen("stub", MODEL + f"\n/// Its weight.\n///\n{weight}double weight(const Thing& thing);\n")
    assert error == ""
    assert "def weight(thing: Thing) -> float:" in written


def test_the_page_holds_every_part(apigen):
    _, _, written = apigen("json", FUNCTION)
    (entity,) = json.loads(written)["room"]
    assert entity["name"] == "twice"
    assert entity["source"] == "Nobody 1900, nowhere, eq. 1"
    assert [p["name"] for p in entity["parameters"]] == ["load", "factor"]


def test_a_file_that_would_not_change_is_left_alone(apigen, tmp_path):
    apigen("cpp", FUNCTION)
    before = (tmp_path / "out").stat().st_mtime_ns
    apigen("cpp", FUNCTION)
    assert (tmp_path / "out").stat().st_mtime_ns == before
