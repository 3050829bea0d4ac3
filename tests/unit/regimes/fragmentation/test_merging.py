"""Which duties are met by one piece of work."""

from tests.unit.regimes.fragmentation.duties import held

from tallystick.regimes.fragmentation.conflicts import collisions
from tallystick.regimes.fragmentation.merging import tally
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.library import load_all


def counts(*duties: HeldDuty) -> tuple[int, int, int]:
    found = tally(duties)
    return found.sum, found.union, found.filings


def test_reports_of_one_kind_to_two_authorities_are_one_work_with_two_filings() -> None:
    assert counts(
        held("a/x", "incident_report", ("ca_oes",)), held("b/x", "incident_report", ("ny_dfs",))
    ) == (2, 1, 2)


def test_an_act_towards_an_authority_is_done_once_for_each() -> None:
    assert counts(held("a/x", "registration", ("ca_oes",)), held("b/x", "registration", ("ny_dfs",))) == (
        2,
        2,
        2,
    )


def test_law_enforcement_of_three_states_gets_three_filings_and_one_office_gets_one() -> None:
    danger = [held(f"{r}/x", "imminent_incident_report", ("law_enforcement",)) for r in "abc"]
    assert counts(*danger) == (3, 1, 3)
    (work,) = tally(danger).merged
    assert work.filings == ("law_enforcement in A", "law_enforcement in B", "law_enforcement in C")
    federal = [held(f"{r}/x", "imminent_incident_report", ("us_bis",)) for r in "abc"]
    assert counts(*federal) == (3, 1, 1)
    assert counts(*(held(f"{r}/x", "fees", ("host_government",)) for r in "abc")) == (3, 3, 3)


def test_sharing_reports_with_directors_is_not_the_channel_for_staff() -> None:
    states = [load_all().get(name) for name in ("ca.sb53", "ct.sb5", "il.aisma")]
    shared = {d.id: d.satisfies for one in states for d in one.obligations if d.to == ("board",)}
    assert shared["share_with_directors"] == ("share_with_directors",)
    (report,) = (d for d in load_all().get("kr.basic").obligations if d.id == "report")
    assert "notify_threshold" not in report.satisfies, "results are no notice that a line is met"


def test_an_act_of_which_the_recipient_is_not_said_is_one_for_each_region() -> None:
    assert counts(held("a/x", "cooperation"), held("b/x", "cooperation"), held("a/y", "cooperation")) == (
        2,
        2,
        0,
    )


def test_what_is_told_in_confidence_is_not_published() -> None:
    assert counts(
        held("a/x", "incident_report", ("public",)), held("b/x", "incident_report", ("ny_dfs",))
    ) == (2, 2, 2)


def test_what_stays_in_the_house_is_part_of_what_leaves_it() -> None:
    house, outside = held("a/x", "risk_assessment"), held("b/x", "risk_assessment", ("kr_msit",))
    assert counts(house, outside) == (2, 1, 1)
    (work,) = tally([house, outside]).merged
    assert [duty.key for duty in work.duties] == ["b/x", "a/x"]


def test_one_regime_that_asks_twice_for_the_same_work_asks_for_one() -> None:
    report, more = (held(f"a/{name}", "transparency_report", ("public",)) for name in ("report", "more"))
    assert counts(report, more) == (1, 1, 1)


def test_a_duty_to_do_two_things_is_two_works() -> None:
    assert counts(held("a/x", ("safety_framework", "publish_framework"), ("public",))) == (2, 2, 2)


def test_what_is_forbidden_or_allowed_is_no_work() -> None:
    assert counts(held("a/x", "licence", deontic="must_not"), held("a/y", "licence", deontic="may")) == (
        0,
        0,
        0,
    )


def pairs(*duties: HeldDuty) -> list[tuple[str, str]]:
    return [(one.first.key, one.second.key) for one in collisions((), duties)]


def test_must_and_must_not_collide_where_the_ban_is_of_the_act_itself() -> None:
    publish = held("a/x", "publish_framework", ("public",))
    assert pairs(publish, held("b/x", "publish_framework", ("public",), "must_not")) == [("a/x", "b/x")]
    assert pairs(publish, held("b/x", "publish_framework", deontic="must_not")) == [("a/x", "b/x")]


def test_must_not_without_a_licence_does_not_collide_with_must_have_one() -> None:
    assert pairs(held("a/x", "licence", ("us_bis",)), held("b/x", "licence", ("us_bis",), "must_not")) == []


def test_telling_one_and_not_telling_another_can_both_be_met() -> None:
    tell = held("a/x", "incident_report", ("ca_oes",))
    assert pairs(tell, held("b/x", "incident_report", ("ny_dfs",), "must_not")) == []
    assert pairs(tell, held("b/x", "incident_report", ("ca_oes",), "must_not")) == [("a/x", "b/x")]


def test_opposites_collide() -> None:
    give, keep = (
        held("a/x", "early_access", ("us_doe",)),
        held("b/x", "prohibition_release", deontic="must_not"),
    )
    assert pairs(give, keep) == [("a/x", "b/x")]


def test_an_authority_named_in_words_is_one_office_and_a_general_one_is_another_in_each_region() -> None:
    named = "Attorney General of Rhode Island"
    (work,) = tally(
        [held("a/x", "incident_report", (named,)), held("b/x", "incident_report", (named,))]
    ).merged
    assert work.filings == (named,)
    (work,) = tally([held(f"{r}/x", "incident_report", ("competent_authority",)) for r in "ab"]).merged
    assert work.filings == ("competent_authority in A", "competent_authority in B")
