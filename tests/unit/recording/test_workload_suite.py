"""The suite's catalogue and its bookkeeping, without PyTorch: the workloads themselves need it."""

import ast
import dataclasses
import sys
from pathlib import Path

import pytest

from tallystick.records.workload import WorkloadClass
from tallystick.telemetry.inventory import NAME

RECORDER = Path(__file__).parents[3] / "recorder"


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(RECORDER))
    import record_suite

    yield record_suite
    for name in ("record_suite", "catalogue"):
        sys.modules.pop(name, None)


def test_every_entry_can_be_recorded_under_its_label(suite) -> None:
    labels = [e.label for e in suite.ENTRIES]
    assert len(set(labels)) == len(labels)
    for entry in suite.ENTRIES:
        assert NAME.fullmatch(entry.label.encode())
        assert WorkloadClass(entry.workload)


def test_every_entry_names_a_function_with_just_its_parameters(suite) -> None:
    for entry in suite.ENTRIES:
        module, name = entry.code.split(":")
        tree = ast.parse((RECORDER / f"workloads/{module}.py").read_text())
        (function,) = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name]
        assert {a.arg for a in function.args.args} == {"device", *entry.parameters}, entry.label


def test_every_class_and_every_evasion_has_an_entry(suite) -> None:
    assert {e.workload for e in suite.ENTRIES} == set(WorkloadClass)
    code = ast.parse((RECORDER / "workloads/evasions.py").read_text())
    written = {f.name for f in code.body if isinstance(f, ast.FunctionDef) and not f.name.startswith("_")}
    assert {e.code for e in suite.ENTRIES if e.batch == "evasions"} == {
        f"evasions:{name}" for name in written
    }


def test_the_key_changes_with_whatever_changes_the_recording(suite) -> None:
    entry = suite.ENTRIES[0]
    others = [
        dataclasses.replace(entry, parameters={**entry.parameters, "batch": 33}),
        dataclasses.replace(entry, label="other"),
        dataclasses.replace(entry, code="training:lora"),
    ]
    keys = {e.key(60) for e in (entry, *others)} | {entry.key(61)}
    assert len(keys) == 5
    assert entry.key(60) == dataclasses.replace(entry).key(60)


def run(
    suite, monkeypatch, out: Path, status_of: dict[str, int], *, clock=lambda: 0.0
) -> tuple[int, list[str]]:
    """The suite with recordings that take no time: a file appears where the command says."""
    begun = []

    def recorded(command, **_):
        label = command[command.index("--label") + 1]
        begun.append(label)
        Path(command[command.index("--out") + 1]).touch()
        return type("Ended", (), {"returncode": status_of.get(label, 0)})

    monkeypatch.setattr(suite.subprocess, "run", recorded)
    monkeypatch.setattr(suite.time, "monotonic", clock)
    monkeypatch.setattr(sys, "argv", ["record_suite", "--batch", "inference", "--out", str(out)])
    return suite.main(), begun


def test_what_is_there_is_not_recorded_again_and_what_failed_is(suite, monkeypatch, tmp_path: Path) -> None:
    status, begun = run(suite, monkeypatch, tmp_path, {"decode-1b5": 1})
    assert status == 1
    assert len(begun) == 8
    assert len(list(tmp_path.iterdir())) == 7
    status, begun = run(suite, monkeypatch, tmp_path, {})
    assert (status, begun) == (0, ["decode-1b5"])
    assert run(suite, monkeypatch, tmp_path, {}) == (0, [])


def test_a_command_ends_in_time_and_the_next_one_goes_on(suite, monkeypatch, tmp_path: Path) -> None:
    seconds = iter(range(0, 10**6, 140))
    status, first = run(suite, monkeypatch, tmp_path, {}, clock=lambda: float(next(seconds)))
    assert (status, len(first)) == (75, 3)
    status, second = run(suite, monkeypatch, tmp_path, {})
    assert status == 0
    assert len(second) == 5
    assert not set(first) & set(second)
