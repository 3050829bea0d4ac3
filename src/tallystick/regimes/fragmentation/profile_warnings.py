"""What a reader of a comparison must know of the profile: gaps that look like freedom, and contradictions."""

from collections.abc import Iterator
from datetime import date

from tallystick.regimes.fragmentation.profile import Profile, facts_for
from tallystick.regimes.law.vocabulary import Vocabulary
from tallystick.regimes.linting.contradictions import contradictions
from tallystick.regimes.stated.places import COUNTED_TOO, region_notes

#: What a profile that lists little must not be taken for.
TAKEN_AS_ABSENT = "Roles and ties that the profile does not list are taken as absent"


def profile_warnings(profile: Profile, vocabulary: Vocabulary, at: date) -> tuple[str, ...]:
    """Each in one line: what the profile leaves out, then facts that cannot all be right."""
    found = (*_left_out(profile), *_places(profile, vocabulary), *_contradictions(profile, vocabulary, at))
    return tuple(dict.fromkeys(found))


def _left_out(profile: Profile) -> Iterator[str]:
    """No ties, no roles, no models: then few regimes bring duties, because nothing was said."""
    own = {tie for things in profile.things.values() for one in things for tie in one.ties or ()}
    if not profile.ties | own:
        yield (
            "the profile lists no ties, so no regime that asks for a tie reaches the developer; "
            "write under ties where it sells, trains, deploys or has its seat"
        )
    if not profile.roles:
        yield "the profile lists no roles, so no regime that asks for a role reaches the developer"
    if "models" not in profile.things:
        yield "the profile lists no models: what hangs on a model is not known; write models, or [] for none"
    elif not profile.things["models"]:
        yield "the profile says that there are no models (models: []): no line on a model can be passed"


def _places(profile: Profile, vocabulary: Vocabulary) -> Iterator[str]:
    """Places that no regime here is about, and codes that may be meant for another place.

    That a part counts as the whole (``DE`` as ``EU``) the comparison says by itself.
    """
    own = {tie for things in profile.things.values() for one in things for tie in one.ties or ()}
    regions = frozenset(region for region, _ in profile.ties | own)
    notes = region_notes(regions, vocabulary.regions)
    yield from (note for note in notes if not note.startswith(COUNTED_TOO))


def _contradictions(profile: Profile, vocabulary: Vocabulary, at: date) -> Iterator[str]:
    """As ``check`` reports them: of the developer, then of each model, cluster and export."""
    whole = contradictions(facts_for(profile, {}, vocabulary).at(at))
    yield from whole
    for kind, things in profile.things.items():
        for thing in things:
            found = contradictions(facts_for(profile, {kind: thing}, vocabulary).at(at))
            yield from (f"{thing.name}: {text}" for text in found if text not in whole)
