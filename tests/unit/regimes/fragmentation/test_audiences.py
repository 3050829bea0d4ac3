"""For whom work is done, and that its name agrees with that."""

from tests.unit.regimes.fragmentation.duties import held

from tallystick.regimes.fragmentation.conflicts import collisions
from tallystick.regimes.fragmentation.merging import CONFIDENTIAL, CUSTOMERS, PUBLIC, shipped_rules, tally
from tallystick.regimes.library import load_all, shipped_vocabulary
from tallystick.reporting.regimes.words import audience_words, title_words


def test_those_who_build_on_the_model_are_not_the_public() -> None:
    works = tally([held("a/x", "downstream_documentation", ("downstream_providers",))]).merged
    assert [(work.audience, title_words(work)) for work in works] == [
        (CUSTOMERS, "Inform those who build on the model")
    ]
    assert audience_words(works[0].audience) == "customers and downstream"


def test_what_goes_to_an_authority_is_not_called_publishing() -> None:
    works = tally([held("a/x", "audit_publication", ("public", "ca_oes"))]).merged
    assert {work.audience: title_words(work) for work in works} == {
        PUBLIC: "Publish a summary of the audit",
        CONFIDENTIAL: "Send the summary of the audit to the authority",
    }


def test_no_work_of_a_shipped_regime_is_published_in_confidence() -> None:
    rules, titles = shipped_rules(), shipped_vocabulary().capabilities
    for regime in load_all():
        for duty in regime.obligations:
            for capability in duty.satisfies:
                for to in duty.to:
                    audience = rules.audience(to)
                    title = rules.names.get((capability, audience)) or titles[capability]
                    assert audience == PUBLIC or not title.startswith("Publish"), (regime.id, duty.id, to)


def test_names_are_of_known_work() -> None:
    assert {capability for capability, _ in shipped_rules().names} <= set(shipped_vocabulary().capabilities)


def test_what_is_published_reaches_customers_too() -> None:
    publish = held("a/tell", "transparency_report", ("public",))
    silent = held("b/hush", "transparency_report", ("customers",), "must_not")
    office = held("c/file", "transparency_report", ("ny_dfs",))
    assert len(collisions([], [publish, silent])) == 1
    assert collisions([], [office, silent]) == ()
