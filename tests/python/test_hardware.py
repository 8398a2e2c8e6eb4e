"""Machines as entries, from Python: published, written and read, measured; plans of kernels on them."""

from __future__ import annotations

import json
import pickle

import golden
import numpy as np
import pytest

from qsm import InvalidType, hardware, kernels


@pytest.fixture(scope="module")
def machine():
    return hardware.profile_machine(kernels.probes(), seconds=0.002)


def test_published_entries():
    names = hardware.accelerator_names()
    assert "H200-SXM" in names
    for name in names:
        entry = hardware.accelerator(name.lower())
        assert entry.name == name
        assert entry.kind == "gpu"
        assert "data sheet" in entry.source
        assert hardware.from_json(hardware.to_json(entry)) == entry
    h200 = hardware.accelerator("H200-SXM")
    assert hardware.work_rate(h200, "bfloat16") == pytest.approx(989.4e12)
    assert hardware.read_bandwidth(h200, 1e9) == 4.8e12
    rows = golden.read("hardware/accelerators.csv")
    for name, rate in zip(rows["name"], rows["bfloat16"], strict=True):
        assert hardware.work_rate(hardware.accelerator(name), "bfloat16") == pytest.approx(1e12 * rate, rel=0.01)
    with pytest.raises(ValueError, match="H200-SXM"):
        hardware.accelerator("abacus")


def test_json_is_json(machine):
    entry = json.loads(hardware.to_json(machine))
    assert entry["kind"] == "cpu"
    assert entry["rates"]["float32"] == hardware.work_rate(machine, "float32", 1)
    assert hardware.from_json(json.dumps(entry)) == machine  # as another program writes it
    with pytest.raises(ValueError, match='"rates" must be there'):
        hardware.from_json(json.dumps({k: v for k, v in entry.items() if k != "rates"}))


def test_a_measured_machine_plans_and_is_measured(machine):
    assert {probe.name for probe in kernels.probes()} == {rate.name for rate in machine.rates}
    shape = kernels.GemmShape(48, 512, 480, w="int4", x="bfloat16", group=128)
    plan = kernels.plan(shape, machine)
    assert plan.gemm == shape
    assert plan.attention is None
    assert plan.operations == 2 * 48 * 512 * 480
    assert sum(s.seconds for s in plan.stages) > 0
    assert pickle.loads(pickle.dumps(plan)) == plan
    time = kernels.measure(plan, seconds=0.005)
    assert time.method.startswith("least of")
    both = kernels.compare(plan, time)
    assert both.measured == float(time)
    assert 0.2 < both.ratio < 5
    assert both.efficiency == plan.floor / float(time)
    attention = kernels.plan(kernels.AttentionShape(16, 512, 4, 2), machine)
    assert attention.floor <= attention.predicted
    assert float(kernels.measure(attention, seconds=0.005)) > 0


def test_plans_for_published_machines_by_name():
    plan = kernels.plan(kernels.AttentionShape(8192, 8192, 64, 8), "h200-sxm")
    seen = 8192 * 8193 / 2
    assert plan.operations == 4 * seen * 128 * 64
    assert plan.compute_seconds == pytest.approx(plan.operations / 989.4e12)
    # cuDNN 9.19 takes 1.708 ms for it on an H200: no kernel is below the roofline, and this plan is not far off.
    assert plan.floor < 1.708e-3
    assert plan.predicted == pytest.approx(1.708e-3, rel=0.25)
    with pytest.raises(ValueError, match="not the processor"):
        kernels.measure(plan)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: kernels.plan(kernels.GemmShape(0), "L4"), ValueError, "rows, inputs and outputs must be >= 1"),
        (lambda: kernels.plan(kernels.AttentionShape(1, 8, 8, 3), "L4"), ValueError, "key_heads must divide heads"),
        (lambda: kernels.plan(kernels.GemmShape(x="float64"), "L4"), ValueError, "x"),
        (lambda: kernels.plan(3, "L4"), InvalidType, "AttentionShape"),
        (lambda: hardware.from_json("{"), ValueError, "from_json"),
        (lambda: hardware.profile_machine([], seconds=0), ValueError, "seconds"),
        (lambda: hardware.read_bandwidth(hardware.accelerator("L4"), np.nan), ValueError, "footprint"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()
