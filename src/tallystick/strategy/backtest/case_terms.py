"""From a case's coded text to the terms that the gates read, by the same rules for all cases.

The rules are those of ``data/cases/CODING_RULES.md``, written before any case was run.
"""

from tallystick.strategy.backtest.case import CodedCase
from tallystick.strategy.inputs.terms import RIGHTS, Decision, Stage, Terms

SIDES = ("leader", "laggard")
_OTHER = {"leader": "laggard", "laggard": "leader"}
_DECLARED = {0: "no", 1: "silent", 2: "partial", 3: "yes"}
_KEPT = {"yes": 1.0, "partly": 0.5, "no": 0.0}


def terms_of_case(case: CodedCase) -> Terms:
    """The terms of a case; its sides are called leader and laggard."""
    more = case.said("gives_more")
    return Terms(
        name=case.id,
        stages=_stages(case),
        rights=_rights(case),
        inspector=case.said("inspector"),
        owned=case.said("owned") == "yes",
        findings=_findings(case),
        sanctions=_sanctions(case),
        operations=Decision("majority") if case.said("owned") == "yes" else Decision("none"),
        elimination=case.said("depth"),
        exit=case.said("exit"),
        burdened=(more,) if case.level("parity") == 1 and more in SIDES else (),
        paid=(case.said("paid"),) if case.said("paid") in SIDES else (),
        excludes_outsiders=case.said("excludes") == "yes",
    )


def _rights(case: CodedCase) -> dict[str, str]:
    reach = case.level("reach")
    rights = {**dict.fromkeys(RIGHTS, "no"), "declared": _DECLARED[case.level("verification")]}
    if reach == 2:
        rights |= {"undeclared": "partial", "challenge": "partial"}
    if reach == 3:
        rights |= {"undeclared": "yes", "challenge": "yes", "unannounced": "yes"}
    if case.said("continuous") == "yes":
        rights["continuous_monitoring"] = "yes"
    return rights


def _findings(case: CodedCase) -> Decision:
    return Decision("majority" if case.said("inspector") == "international_authority" else "national")


def _sanctions(case: CodedCase) -> Decision:
    level, veto = case.level("enforcement"), case.said("veto")
    if level == 0:
        return Decision("none")
    if level == 1:
        holders = SIDES if veto == "both" else (veto,) if veto in SIDES else ()
        return Decision("veto", holders) if holders else Decision("consensus")
    return Decision("majority", automatic=level == 3)


def _stages(case: CodedCase) -> tuple[Stage, ...]:
    """One-sided texts move one side only; the others go by their level of sequencing."""
    level, kept = case.level("sequencing"), _KEPT[case.said("reversible")]
    late = case.said("inspection_from") == "after"
    if case.level("parity") == 0:
        movers = [case.said("gives_more")] * (1 if level in (0, 3) else 2)
    elif level in (0, 1):
        movers = ["all"] * (level + 1)
    else:
        movers = [case.said("first"), _OTHER[case.said("first")]]
    both_wait = level == 2
    return tuple(
        Stage(
            id=f"stage_{number + 1}",
            movers=(who,),
            trigger=_trigger(number, level, both_wait),
            years=None,
            kept=kept,
            chooser=who if level == 3 and number else "",
            inspected=not (late and number == 0),
        )
        for number, who in enumerate(movers)
    )


def _trigger(number: int, level: int, both_wait: bool) -> str:
    if number == 0:
        return "condition" if both_wait else "dated"
    return "discretion" if level == 3 else "condition"
