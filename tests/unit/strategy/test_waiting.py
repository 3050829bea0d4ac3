"""A long step says on standard error that it runs; a short one says nothing."""

import time

import pytest

from tallystick.cli import strategy_waiting


def test_a_step_of_more_than_the_quiet_time_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strategy_waiting, "QUIET_S", 0.01)
    with strategy_waiting.waiting("assessing"):
        time.sleep(0.2)
    said = capsys.readouterr()
    assert said.err == "  assessing ...\n"
    assert said.out == ""


def test_a_short_step_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with strategy_waiting.waiting("assessing"):
        pass
    assert capsys.readouterr().err == ""
