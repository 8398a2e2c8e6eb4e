"""Traces: the packaged one, files of many kinds, and whatever else a file can hold."""

import gzip
import hashlib
import math
import secrets
import shutil
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import qsm
from qsm.measure import Trace, read_trace, trace

HEADER = "arrival_time,service_time\n"
AZURE = """TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:15:46.6805900,374,44
2023-11-16 18:15:50.9951690,396,109
2023-11-16 18:16:01.1234567,879,55
"""


@pytest.fixture
def write(tmp_path):
    def write(content, name="trace.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path):
    with pytest.raises(ValueError) as error:
        read_trace(path)
    return str(error.value)


# --- the packaged trace ----------------------------------------------------------------------------------------------


def test_the_packaged_trace():
    sample = qsm.datasets.azure_llm_conversation()
    assert len(sample) == 19_366
    assert sample.arrival_times[0] == 0
    assert sample.duration == pytest.approx(3501.7, abs=1)
    assert sample.arrival_rate == pytest.approx(5.53, abs=0.005)
    assert sample.measured_service_times is None
    assert (sample.prompt_tokens[0], sample.output_tokens[0]) == (374, 44)
    assert sample.service_times()[0] == pytest.approx(374 / 7000 + 44 * 0.03, rel=1e-15)
    assert repr(sample).startswith("Trace('Azure LLM conversation trace 2023': 19,366 requests in 3,50")


def test_the_published_round_trips():
    """The column of the region's own tab keeps the floor of light; another tab of the page cannot be right."""
    table = qsm.datasets.azure_round_trips()
    assert len(table["region"]) == 25
    for name, target in (("to_east_us", "azure:eastus"), ("to_central_us", "azure:centralus")):
        for region, trip in zip(table["region"], table[name], strict=True):
            if region == target:
                assert math.isnan(trip)
            else:
                assert trip > qsm.latency.propagation_delay(region, target, round_trip=True)
    wrong = dict(zip(table["region"], table["to_central_us_in_west_us_tab"], strict=True))
    assert wrong["azure:southafricanorth"] == 0.011


def test_the_measured_serving_run():
    run = qsm.datasets.vllm_run()
    assert run.arrivals.size == run.departures.size == run.prompt_tokens.size == 300
    assert run.times.size == run.running.size == run.waiting.size == 184
    assert (run.arrivals <= run.scheduled).all()
    assert (run.scheduled < run.first_tokens).all()
    assert (run.first_tokens < run.departures).all()
    inside = qsm.latency.littles_law(run.arrivals, run.departures, 0.0, float(run.times[-1])).mean_number
    assert inside == pytest.approx((run.running + run.waiting).mean(), rel=0.005)


def test_the_catalogue_says_where_data_come_from():
    for dataset in qsm.datasets.catalogue.values():
        assert hashlib.sha256(dataset.path.read_bytes()).hexdigest() == dataset.sha256
        assert dataset.title
        assert dataset.source
        assert dataset.licence


def test_a_damaged_copy_is_refused(tmp_path):
    dataset = qsm.datasets.catalogue["azure-llm-conversation"]
    copy = tmp_path / "copy.csv.gz"
    shutil.copy(dataset.path, copy)
    assert replace(dataset, file=str(copy)).path == copy
    content = bytearray(copy.read_bytes())
    content[1000] ^= 1
    copy.write_bytes(content)
    with pytest.raises(ValueError) as error:
        _ = replace(dataset, file=str(copy)).path
    found = hashlib.sha256(content).hexdigest()
    assert str(error.value) == f"datasets: {copy} is damaged: SHA-256 is {found}, expected {dataset.sha256}"


# --- files that are traces -------------------------------------------------------------------------------------------


def test_plain_and_gzip_read_alike(write):
    text = HEADER + "10,1\n11.5,0\n12,2.25\n"
    for path in (write(text), write(gzip.compress(text.encode()), "trace.csv.gz")):
        read = read_trace(path)
        assert read.arrival_times.tolist() == [0, 1.5, 2]
        assert read.service_times().tolist() == [1, 0, 2.25]
        assert read.name == path.name
    assert read_trace(str(path), name="mine").name == "mine"


def test_azures_own_format(write):
    read = read_trace(write(AZURE))
    assert read.arrival_times == pytest.approx([0, 4.314579, 14.442866], abs=2e-6)
    assert read.prompt_tokens.tolist() == [374, 396, 879]
    assert read.output_tokens.tolist() == [44, 109, 55]
    assert read.service_times(1000, 0.1).tolist() == pytest.approx([4.774, 11.296, 6.379])


@pytest.mark.parametrize(
    ("moments", "gap"),
    [
        (("2024-01-01T00:00:00", "2024-01-01T00:00:01.5"), 1.5),
        (("2024-01-01T00:00:00Z", "2024-01-01T00:00:02Z"), 2),
        (("2024-01-01T00:00:00.250000Z", "2024-01-01T00:00:02.500000Z"), 2.25),
        (("2024-01-01T00:00:00+00:00", "2024-01-01T02:00:01+02:00"), 1),
        (("2024-01-01T00:00:00.5+00:00", "2024-01-01T02:00:01.25+02:00"), 0.75),
        (("2024-01-01T00:00:00.1234567+00:00", "2024-01-01T02:00:01.1234567+02:00"), 1),
        (("2024-01-01T00:00:00.123456789Z", "2024-01-01T00:00:01.123456789Z"), 1),
        (("2024-01-01 00:00:00", "2024-01-02 00:00:00"), 86400),
        (("2024-01-01", "2024-01-02"), 86400),
        (("1700000000.25", "1700000001"), 0.75),
        ((" 1e3 ", "1001"), 1),
    ],
)
def test_times_are_seconds_or_dates(write, moments, gap):
    read = read_trace(write(HEADER + "".join(f"{moment},1\n" for moment in moments)))
    assert read.arrival_times.tolist() == pytest.approx([0, gap], abs=1e-6)


@pytest.mark.parametrize("arrival", ["arrived_at", "arrival_time", "arrival", "timestamp", "TIMESTAMP", " Time "])
@pytest.mark.parametrize(
    "rest",
    [
        "service_time",
        "Duration",
        "num_prefill_tokens,num_decode_tokens",
        "prompt_tokens,output_tokens",
        "ContextTokens,GeneratedTokens",
        "input_length,output_length",
    ],
)
def test_columns_go_by_many_names(write, arrival, rest):
    values = ["1", "2"][: rest.count(",") + 1]
    rows = [",".join(["x", time, *values]) for time in ("0", "3")]
    read = read_trace(write("\n".join([f"extra,{arrival},{rest}", *rows])))
    assert read.arrival_times.tolist() == [0, 3]
    known = read.prompt_tokens if "," in rest else read.measured_service_times
    assert known.tolist() == [1, 1]


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "0,1\r\n1,2\r\n",
        "\ufeff" + HEADER + "0,1\n1,2\n",
        HEADER + "\n0,1\n\n1,2\n\n",
        HEADER + '"0","1"\n"1","2"',
        "arrival_time,service_time,größe\n0,1,ü\n1,2,é\n",
        HEADER.replace(",", ";") + "0;1\r\n1;2\r\n",
        HEADER.replace(",", "\t") + "0\t1\n1\t2\n",
    ],
    ids=["Windows lines", "byte-order mark", "empty lines", "quotes", "UTF-8", "semicolons", "tabs"],
)
def test_files_as_programs_write_them(write, text):
    assert read_trace(write(text)).service_times().tolist() == [1, 2]


# --- files that are not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "{} is empty"),
        ("\n", "{} is empty"),
        (HEADER, "{} needs at least two requests, has 0"),
        (HEADER + "0,1\n", "{} needs at least two requests, has 1"),
        (HEADER + "0,1\n1\n", "{}, line 3: 1 fields, the header has 2"),
        (HEADER + "0,1\n1,2,3\n", "{}, line 3: 3 fields, the header has 2"),
        (HEADER + "0,1\n\n1,x\n", "{}, line 4: service time is not a number: 'x'"),
        (HEADER + "0,1\nsoon,1\n", "{}, line 3: arrival time is not a number: 'soon'"),
        (HEADER + "0,1\n1_000,1\n", "{}, line 3: arrival time is not a number: '1_000'"),
        (HEADER + "0,1\n1,1_0\n", "{}, line 3: service time is not a number: '1_0'"),
        (HEADER.replace("\n", ",Service_Time \n") + "0,1,2\n", "{} has 2 columns named service_time"),
        (HEADER + "0,1\n,1\n", "{}, line 3: arrival time is not a number: ''"),
        (HEADER + "0,1\n2024-13-01,1\n", "{}, line 3: arrival time is not a number: '2024-13-01'"),
        (HEADER.replace(",", ";") + "0,5;1\n", "{}, line 2: arrival time is not a number: '0,5'"),
        (HEADER + "0,nan\n", "{}, line 2: service time must be finite and >= 0, got nan"),
        (HEADER + "0,inf\n", "{}, line 2: service time must be finite and >= 0, got inf"),
        (HEADER + "0,-1\n", "{}, line 2: service time must be finite and >= 0, got -1"),
        (HEADER + "nan,1\n", "{}, line 2: arrival time must be finite, got nan"),
        (HEADER + "-inf,1\n", "{}, line 2: arrival time must be finite, got -inf"),
        (HEADER + "0,1\n2,1\n1.5,1\n", "{}, line 4: the clock runs backwards: 1.5 after 2"),
        (
            "service_time\n1\n",
            "{} has no column of arrival times (arrived_at, arrival_time, arrival, timestamp, time); it has service_time",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(write, text, message):
    path = write(text)
    assert refusal(path) == "read_trace: " + message.format(path)


def test_a_column_that_is_missing_is_told():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trace.csv")
        path.write_text("arrival_time,prompt_tokens\n0,1\n")
        message = refusal(path)
    assert message.startswith(f"read_trace: {path} has neither service times (service_time, ")
    assert message.endswith("; it has arrival_time, prompt_tokens")


def test_a_missing_file_is_told(tmp_path):
    path = tmp_path / "none.csv"
    with pytest.raises(FileNotFoundError) as error:
        read_trace(path)
    assert str(error.value) == f"read_trace: no such file: {path}"
    with pytest.raises(IsADirectoryError) as folder:
        read_trace(tmp_path)
    assert str(folder.value) == f"read_trace: {tmp_path} is a folder; give one of the CSV files in it"


def test_broken_gzip_is_told(write):
    whole = gzip.compress((HEADER + "".join(f"{i},1\n" for i in range(5000))).encode())
    for content in (whole[: len(whole) // 2], whole[:-4], HEADER.encode(), whole[:12] + b"\xff" * 99 + whole[111:]):
        path = write(content, "trace.csv.gz")
        assert refusal(path).startswith(f"read_trace: {path} is no complete gzip file: ")
    path = write(b"", "empty.csv.gz")
    assert refusal(path) == f"read_trace: {path} is empty"


def test_binary_is_told(write):
    path = write(b"\x89PNG\r\n\x1a\n\xff\xfe\x00" * 10)
    assert refusal(path).startswith(f"read_trace: {path} is not text: ")
    path = write(HEADER + "0,1\n\0,1\n")
    assert refusal(path).startswith(f"read_trace: {path}, line 3")
    path = write(HEADER + '"' + "9" * 200_000 + '",1\n')
    assert refusal(path).startswith(f"read_trace: {path}, line ")


lines = st.lists(
    st.sampled_from(["0", "1", "2.5", "-1", "nan", "inf", "1e400", "x", "", '"', "2024-01-01", "\0", "\r"]), max_size=4
)


@settings(max_examples=150)
@given(
    st.binary(max_size=60) | st.lists(lines.map(",".join), max_size=6).map("\n".join).map(str.encode),
    st.sampled_from([b"", HEADER.encode(), AZURE.encode()]),
    st.sampled_from(["t.csv", "t.csv.gz", "zipped"]),
)
@example(b"0001-01-01T00:00:00+23:59,1\n", HEADER.encode(), "t.csv")
@example(b"9999-12-31T23:59:59-23:59,1\n", HEADER.encode(), "t.csv")
@example(b"0001-01-01,1\n9999-12-31,1\n", HEADER.encode(), "t.csv")
@example(b'"0\n', HEADER.encode(), "t.csv")
@example(b"\r\x00", b"", "t.csv")
@example(b"-1.7e308,1\n1.7e308,1\n", HEADER.encode(), "t.csv")
def test_any_bytes_are_a_trace_or_a_value_error(content, header, name):
    whole = header + content
    is_a_trace_or_a_value_error(gzip.compress(whole) if name == "zipped" else whole, name.replace("zipped", "t.csv.gz"))


TOKENS = b'0 1 -1 1e308 -1.7e308 1e-320 nan inf , ,, \n \r\n \r \0 " "" \' \xef\xbb\xbf \xff 2024-02-30 2024-01-01T00:00Z _ +'.split(
    b" "
)


def mutated(random, content):
    """A few bytes flipped, dropped, doubled, cut off, or replaced by something a reader may stumble over."""
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(content) + 1)
        to = min(len(content), at + random.choice((0, 1, 1, 4, 40)))
        piece = random.choice((b"", random.choice(TOKENS), content[at:to] * 2, random.randbytes(2)))
        content = content[:at] + piece + content[random.choice((to, to, to, len(content))) :]
    return content


@pytest.mark.slow
@pytest.mark.parametrize("zipped", [False, True])
def test_mutated_files_are_a_trace_or_a_value_error(zipped):
    """Half a minute of mutations, others on every run; the seed is told where one fails."""
    valid = [text.encode() for text in (AZURE, HEADER + "0,1\n0.5,2\n0.5,3\n9,4\n", f'"x",{HEADER}"a\nb",0,1\n,1,2\n')]
    start, seed = time.monotonic(), secrets.randbits(60)
    while time.monotonic() < start + 30:
        seed += 1
        random = Random(seed)
        content = random.choice(valid)
        if not zipped or random.random() < 0.3:
            content = mutated(random, content)
        if zipped:
            content = mutated(random, gzip.compress(content)) if random.random() < 0.7 else gzip.compress(content)
        try:
            is_a_trace_or_a_value_error(content, "t.csv.gz" if zipped else "t.csv")
        except BaseException as error:
            error.add_note(f"seed {seed}: {content!r}")
            raise


def is_a_trace_or_a_value_error(content, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            read = read_trace(path)
        except ValueError as error:
            read, said = None, str(error)
    if read is None:
        assert said.startswith("read_trace: ")
        assert len(said.splitlines()) == 1
        return
    assert len(read) >= 2
    assert np.isfinite(read.arrival_times).all()
    assert math.isfinite(read.duration)
    assert (np.diff(read.arrival_times) >= 0).all()


# --- traces ----------------------------------------------------------------------------------------------------------


def test_a_trace_counts_its_arrivals():
    one = trace([100, 101, 101, 110, 130], [1, 2, 3, 4, 5])
    assert len(one) == 5
    assert one.arrival_times.tolist() == [0, 1, 1, 10, 30]
    assert one.duration == 30
    assert one.arrival_rate == 4 / 30
    assert one.interarrival_times.tolist() == [1, 0, 9, 20]
    assert one.counts(10).tolist() == [3, 1, 0, 1]
    assert one.counts(1000).tolist() == [5]
    assert one.busiest(5) == (0, 3 / 5)
    assert one.busiest(1e9) == (0, 4 / 30)
    assert repr(one) == "Trace('trace': 5 requests in 30.0 s)"


def test_windows_without_number_are_refused():
    with pytest.raises(ValueError) as error:
        trace([0, 1e300], [1, 1]).counts(60)
    assert str(error.value) == "Trace.counts: more than 10^8 windows of 60 s in 1e+300 s"


def test_all_at_once():
    one = trace([3, 3], [1, 1])
    assert (one.duration, one.arrival_rate) == (0, math.inf)
    assert one.counts(60).tolist() == [2]
    assert one.busiest(60) == (0, 2 / 60)


def test_tokens_become_time():
    one = trace([0, 1], prompt_tokens=[7000, 0], output_tokens=[0, 100])
    assert one.service_times().tolist() == [1, 3]
    assert one.service_times(prefill_rate=3500, token_time=0.01).tolist() == [2, 1]


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, True, "1"])
def test_widths_and_speeds_are_positive(value):
    one = trace([0, 1], prompt_tokens=[1, 2], output_tokens=[1, 2])
    for call in (one.counts, one.busiest):
        with pytest.raises(ValueError, match=f"width must be finite and > 0, got {value!r}$"):
            call(value)
    with pytest.raises(ValueError) as error:
        one.service_times(prefill_rate=value)
    assert str(error.value) == f"Trace.service_times: prefill_rate must be finite and > 0, got {value!r}"
    with pytest.raises(ValueError, match="token_time must be finite and > 0"):
        one.service_times(token_time=value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: trace([], []), "trace: needs at least two requests, got 0"),
        (lambda: trace([0], [1]), "trace: needs at least two requests, got 1"),
        (lambda: trace([0, 1], [1]), "trace: service_times must have the 2 values of arrival_times, got shape (1,)"),
        (
            lambda: trace([[0, 1]], [1, 1]),
            "trace: arrival_times must have the 2 values of arrival_times, got shape (1, 2)",
        ),
        (lambda: trace([0, 1]), "trace: needs service_times, or prompt_tokens and output_tokens"),
        (lambda: trace([0, 1], prompt_tokens=[1, 1]), "trace: needs service_times, or prompt_tokens and output_tokens"),
        (lambda: trace([0, math.nan], [1, 1]), "trace: arrival_times must be finite, got nan at index 1"),
        (lambda: trace([0, 1], [1, -1]), "trace: service_times must be finite and >= 0, got -1 at index 1"),
        (lambda: trace([0, 2, 1], [1, 1, 1]), "trace: the clock runs backwards at index 2: 1 after 2"),
        (lambda: trace([True, False], [1, 1]), "trace: arrival_times must be real numbers, got an array of bool"),
        (lambda: trace(["a", "b"], [1, 1]), "trace: arrival_times must be real numbers, got an array of <U1"),
    ],
)
def test_arrays_that_are_no_trace_are_refused(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


def test_a_trace_stays_as_it_is():
    arrivals = np.array([0.0, 1.0])
    one = trace(arrivals, [1, 1])
    arrivals[1] = 7
    assert one.duration == 1
    with pytest.raises(AttributeError):
        one.name = "other"
    assert isinstance(one, Trace)


@pytest.fixture
def in_tokyo():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "JST-9")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_a_date_without_a_zone_is_utc(write):
    """So that a trace does not depend on where it is read."""
    moment = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
    read = read_trace(write(HEADER + f"{moment - 1},1\n2024-01-01T00:00:00,1\n"))
    assert read.duration == 1
