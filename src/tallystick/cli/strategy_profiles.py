"""``tallystick strategy profiles``: the states and technologies that come with the package."""

from tallystick.cli.output import JsonFlag, emit, room
from tallystick.cli.strategy_inputs import EXTRA


def profiles(as_json: JsonFlag = False) -> None:
    """List the shipped profiles: whom each stands for, what is fictional, and how much of it is assumed."""
    found = room("tallystick.strategy.inputs.listing", EXTRA).listed_profiles()
    wording = room("tallystick.reporting.strategy.profiles_text", EXTRA)
    emit(wording.profiles_json(found), wording.profiles_text(found), as_json=as_json)
