import os
from pathlib import Path

import numpy as np
import pytest

from tallystick.errors import InputError
from tallystick.simulation.requests import AZURE, DATA_VARIABLE, FOLDER, request_model
from tallystick.simulation.source import open_simulation

REFERENCE = Path(
    os.environ.get(DATA_VARIABLE, str(Path(__file__).resolve().parents[3].parent / "shared" / "data"))
)
needs_traces = pytest.mark.skipif(
    not all((REFERENCE / FOLDER / name).is_file() for name in AZURE),
    reason=f"the Azure request traces are not under {REFERENCE / FOLDER}",
)


def test_without_traces_demand_is_poisson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    assert open_simulation("honest").request_model == "poisson"
    with pytest.raises(InputError, match="traces=off"):
        open_simulation("honest,traces=on")


def test_an_unreadable_trace_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FOLDER).mkdir()
    for name in AZURE:
        (tmp_path / FOLDER / name).write_bytes(b"not parquet")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    with pytest.raises(InputError, match=AZURE[0]) as caught:
        request_model("auto")
    assert "\n" not in str(caught.value)
    assert request_model("off").name == "poisson"


@pytest.mark.parametrize("choice", ["off", pytest.param("on", marks=needs_traces)])
def test_traces_are_about_an_hour_of_mean_one(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(REFERENCE))
    for trace in request_model(choice).traces:
        assert 3000 < trace.seconds < 4000
        assert len(trace.generated) == trace.seconds
        for series in (trace.prompt, trace.generated):
            assert np.isfinite(series).all()
            assert series.min() >= 0
            assert series.mean() == pytest.approx(1)


@needs_traces
def test_the_model_is_recorded_and_does_not_change_the_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(REFERENCE))
    real, drawn = open_simulation("honest,seed=1,traces=on"), open_simulation("honest,seed=1,traces=off")
    assert (real.request_model, drawn.request_model) == ("azure2023", "poisson")
    assert real.jobs() == drawn.jobs()
