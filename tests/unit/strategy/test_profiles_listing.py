"""The list of shipped profiles says what each is and how much of it was assumed."""

import json

from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.reporting.strategy.profiles_text import profiles_text
from tallystick.strategy.inputs.listing import listed_profiles
from tallystick.strategy.inputs.profile import shipped, shipped_names


def test_every_shipped_profile_is_listed_with_its_origins() -> None:
    found = {one.id: one for one in listed_profiles()}
    assert tuple(found) == shipped_names()
    for name, one in found.items():
        assert sum(one.origins.values()) == one.parameters == len(shipped(name).parameters)
        assert one.digest == shipped(name).digest
    assert found["fictional/arden"].fictional
    assert found["fictional/arden"].assumed == 1
    assert not found["1946/us"].fictional
    assert 0 < found["1946/us"].assumed < 1
    assert found["1946/us"].origins["documented"] + found["1946/us"].origins["assumed"] == 25


def test_the_table_fits_and_the_command_prints_the_same() -> None:
    text = profiles_text(listed_profiles())
    assert max(map(len, text.splitlines())) <= 120
    printed = CliRunner().invoke(app, ["strategy", "profiles"])
    assert printed.exit_code == 0
    assert printed.output.strip() == text
    data = json.loads(CliRunner().invoke(app, ["strategy", "profiles", "--json"]).output)
    assert [one["id"] for one in data["profiles"]] == list(shipped_names())
