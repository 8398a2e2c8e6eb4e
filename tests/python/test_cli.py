"""The command line: what it prints, where, and with which exit status."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import qsm
from qsm.__main__ import main

ROWS = "arrival_time,service_time\n" + "".join(f"{i},{1 + i % 3}\n" for i in range(40))


@pytest.fixture
def trace_file(tmp_path):
    path = tmp_path / "trace.csv"
    path.write_text(ROWS)
    return path


def python(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=60)


def refusal(capsys, arguments):
    """The one line on standard error of a command that ends with status 2."""
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("qsm: ")
    assert shown.err.count("\n") == 1
    return shown.err.rstrip("\n").removeprefix("qsm: ")


# --- analyze ---------------------------------------------------------------------------------------------------------


def test_analyze_prints_the_answer_and_the_reasons(trace_file):
    done = python("-m", "qsm", "analyze", str(trace_file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{qsm.tools.analyze(qsm.measure.read_trace(trace_file))}\n"
    assert "replay of the trace" in done.stdout


def test_analyze_prints_json(trace_file, capsys):
    options = ["--wait", "0.5", "--probability", "0.9", "--seed", "7"]
    assert main(["analyze", str(trace_file), "--json", *options]) == 0
    shown = capsys.readouterr()
    expected = qsm.tools.analyze(qsm.measure.read_trace(trace_file), wait=0.5, probability=0.9, seed=7)
    assert json.loads(shown.out) == json.loads(json.dumps(expected.to_dict()))
    assert shown.err == ""


def test_analyze_takes_speeds_of_tokens(tmp_path, capsys):
    path = tmp_path / "tokens.csv"
    path.write_text("time,prompt_tokens,output_tokens\n" + "".join(f"{i},{i % 5},{i % 7}\n" for i in range(40)))
    assert main(["analyze", str(path), "--json", "--prefill-rate", "10", "--token-time", "2"]) == 0
    many = json.loads(capsys.readouterr().out)["answer"]
    assert main(["analyze", str(path), "--json", "--prefill-rate", "10", "--token-time", "0.2"]) == 0
    assert many > json.loads(capsys.readouterr().out)["answer"]


def test_bad_files_are_refused_in_one_line(tmp_path, capsys):
    path = tmp_path / "trace.csv"
    assert refusal(capsys, ["analyze", str(path)]) == f"read_trace: no such file: {path}"
    assert refusal(capsys, ["analyze", str(tmp_path)]).startswith(f"read_trace: {tmp_path} is a folder; ")
    path.write_text(ROWS + "40,x\n")
    assert refusal(capsys, ["analyze", str(path)]) == f"read_trace: {path}, line 42: service time is not a number: 'x'"
    path.write_text("")
    assert refusal(capsys, ["analyze", str(path)]) == f"read_trace: {path} is empty"
    path.write_bytes(b"\x89PNG\r\n\xff\xff")
    assert refusal(capsys, ["analyze", str(path)]).startswith(f"read_trace: {path} is not text: ")


def test_a_trace_may_come_through_a_pipe(trace_file):
    command = f'cat "{trace_file}" | "{sys.executable}" -m qsm analyze -'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "replay of the trace" in done.stdout


def test_a_reader_that_has_enough_is_no_error(trace_file):
    command = f'set -o pipefail; PYTHONUNBUFFERED=1 "{sys.executable}" -m qsm analyze "{trace_file}" | true'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (141, "")


def test_the_tools_are_named_where_none_is(capsys):
    with pytest.raises(SystemExit):
        main(["tool", "--help"])
    assert "{accuracy,balancing,latency,queue,sharding}" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["tool"])
    assert "{accuracy,balancing,latency,queue,sharding}" in capsys.readouterr().err


def test_bad_files_end_a_process_with_status_2(tmp_path):
    done = python("-m", "qsm", "analyze", str(tmp_path / "none.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"qsm: read_trace: no such file: {tmp_path / 'none.csv'}\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--wait", "-1"], "servers_for_wait: wait must be finite and >= 0, got -1"),
        (["--probability", "1"], "servers_for_wait: probability must be in (0, 1), got 1"),
        (["--seed", "-1"], "analyze: seed must be an integer in [0, 2^64), got -1"),
        (["--seed", str(2**64)], "analyze: seed must be an integer in [0, 2^64), got 18446744073709551616"),
    ],
)
def test_bad_numbers_are_refused_in_one_line(options, message, trace_file, capsys):
    assert refusal(capsys, ["analyze", str(trace_file), *options]) == message


@pytest.mark.parametrize(
    "arguments", [["analyze"], ["analyze", "x", "--wait", "soon"], ["analyze", "x", "--no-such"], ["no-such"], ["tool"]]
)
def test_wrong_usage_ends_with_status_2_and_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: qsm")


# --- tools, configuration, folders -----------------------------------------------------------------------------------


def test_the_queue_tool(capsys):
    assert main(["tool", "queue", "--arrival-rate", "9", "--service-rate", "10", "--customers", "0"]) == 0
    assert capsys.readouterr().out == f"{qsm.tools.queue(9, 10, customers=0).table()}\n"
    with pytest.raises(SystemExit) as end:
        main(["tool", "queue", "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("usage: qsm tool queue")


def test_an_unknown_tool_is_refused(capsys):
    assert (
        refusal(capsys, ["tool", "stack"])
        == "tool: no tool 'stack'; there are: accuracy, balancing, latency, queue, sharding"
    )


def test_version(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"qsm {qsm.__version__}\n"
    assert qsm.__version__.count(".") == 2


def test_folders_for_compilers_exist(capsys):
    assert main(["--includes", "--cmakedir", "--pkgconfigdir"]) == 0
    includes, cmake, pkgconfig = map(Path, capsys.readouterr().out.splitlines())
    assert (includes / "qsm" / "core.hpp").is_file()
    assert list(cmake.glob("qsm*onfig.cmake"))
    assert list(pkgconfig.glob("*.pc"))
    assert (str(includes), str(cmake)) == (qsm.get_include(), qsm.get_cmake_dir())
    assert main(["--cmakedir"]) == 0
    assert capsys.readouterr().out == f"{cmake}\n"


def test_config(capsys):
    assert main(["config"]) == 0
    shown = dict(re.split("  +", line, maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert shown["qsm"] == qsm.__version__
    assert shown["headers"] == qsm.get_include()
    assert qsm.show_config() == shown


def test_without_a_command_it_prints_its_help(capsys):
    assert main([]) == 2
    assert capsys.readouterr().out.startswith("usage: qsm")


def test_an_episode_that_is_not_there_is_refused(capsys):
    assert main(["run", "episode-00"]) in (1, 2)
    assert capsys.readouterr().err.startswith("qsm: ")


def test_the_installed_command_is_this_module():
    command = Path(sys.executable).with_name("qsm")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"qsm {qsm.__version__}\n")


# --- what an import costs --------------------------------------------------------------------------------------------


def test_importing_the_package_loads_numpy_alone():
    code = "import sys, qsm, qsm.__main__; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = python("-c", code)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"numpy", "qsm"} <= loaded
    assert not loaded & {"pandas", "matplotlib", "dask", "distributed", "scipy", "xarray", "IPython", "jupyter_client"}
