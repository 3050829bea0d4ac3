"""The parameters of states, of the world and of technology: name, range, unit and meaning of each.

Payoffs have the unit "what joint restraint is worth to a state that wants it" (R - P = 1). Times are in
years.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its values lie from ``low`` to ``high``; with ``words`` it is a choice of these."""

    name: str
    low: float
    high: float
    unit: str
    meaning: str
    words: tuple[str, ...] = ()


_ORDERS = ("dilemma", "assurance", "chicken", "deadlock")

STATE = (
    Parameter("capability", 0, 1, "leader now = 1", "what it has now of what the regime limits"),
    Parameter("catch_up_years", 0, 60, "years", "until it has by itself what the leader has now"),
    Parameter(
        "growth", 0, 3, "log/year", "growth of its capability through controllable hardware or material"
    ),
    Parameter("algorithmic_efficiency", 0, 3, "log/year", "growth through knowledge, which no control stops"),
    Parameter(
        "hardware_access", 0, 1, "share", "of the hardware or material it needs, out of others' control"
    ),
    Parameter("dependence", 0, 10, "payoff", "what being shut out by the members would cost it"),
    Parameter("discount", 0.3, 0.999, "per year", "weight of next year against this one"),
    Parameter("trust", 0, 1, "probability", "it gives a rival of keeping its word when unwatched"),
    Parameter("orders", 0, 3, "choice", "which game it thinks it is in", _ORDERS),
    Parameter("temptation", 0.001, 10, "payoff", "|T - R|: what restraint by the rival alone would add"),
    Parameter("exposure", 0.001, 10, "payoff", "P - S: what restraint by itself alone would cost"),
    Parameter("stake", 0, 10, "payoff", "what standing above (or below) the rival is worth (or costs)"),
    Parameter("secrecy", 0, 10, "payoff", "what it would lose if inspectors learnt everything"),
    Parameter("sovereignty", 0, 10, "payoff", "what foreign ownership of its plants would cost it"),
    Parameter("conflict_cost", 0, 1, "share of the stake", "what a breakdown into race or war would cost it"),
    Parameter("catastrophe", 0, 20, "payoff", "what an unsafe end of the race would cost it"),
    Parameter("enmity", 0.01, 1, "share", "of the prize it would lose where the rival wins the race"),
    Parameter("latency", 0, 1, "share", "of surrendered capability that stays as knowledge"),
    Parameter("other_power", 0.01, 10, "leader now = 1", "power that the regime does not touch"),
    Parameter("breakout_years", 0.01, 30, "years", "from starting a violation to a decisive result"),
    Parameter("hidden_capacity", 0, 1, "probability", "that it could violate where no site is declared"),
    Parameter("punishment", 0, 20, "payoff", "what being found out and acted against would cost it"),
    Parameter("council_friends", 0, 1, "share", "of votes it can count on in the body that decides"),
    Parameter(
        "capture_harm", 0, 20, "payoff", "what a wrongful or hostile decision of that body would cost it"
    ),
    Parameter("containment", 0, 5, "log odds", "by which a rival's self-serving proposal lowers its trust"),
)

TECHNOLOGY = (
    Parameter("detection", 0, 1, "per look", "a violation at a place that inspectors may see is found"),
    Parameter("detection_hidden", 0, 1, "per look", "a violation at a place nobody declared is found"),
    Parameter("national_means", 0, 1, "per look", "a violation is found from outside, without any right"),
    Parameter("false_alarm", 0, 1, "per year", "permitted work is accused"),
    Parameter(
        "delay_years",
        0,
        5,
        "years",
        "from a look to its result; not measured: 0 to half, the longest run assumed",
    ),
    Parameter("leakage", 0, 1, "share", "of what should stay private that full access would give away"),
)

WORLD = (
    Parameter("access_yes", 0, 1, "share", "of the places a granted right in fact opens"),
    Parameter("access_partial", 0, 1, "share", "the same for a right granted in part"),
    Parameter("access_silent", 0, 1, "share", "the same where the text is silent"),
    Parameter("access_no", 0, 1, "share", "the same where it is refused"),
    Parameter("depth_full", 0, 1, "share", "of capability given up where elimination is full"),
    Parameter("depth_partial", 0, 1, "share", "the same where it is partial"),
    Parameter("depth_none", 0, 1, "share", "the same where there is none"),
    Parameter("stage_years", 0.01, 20, "years", "length of a stage without a date"),
    Parameter("complete_dated", 0, 1, "probability", "that a stage with a date is completed"),
    Parameter("complete_condition", 0, 1, "probability", "that one which waits for another is"),
    Parameter("complete_discretion", 0, 1, "probability", "that one at somebody's discretion is"),
    Parameter("enforce_automatic", 0, 1, "probability", "that a sanction that needs no vote is carried out"),
    Parameter(
        "vote_to_act",
        0,
        1,
        "probability",
        "that a vote not its side's is for acting on a proven violation",
    ),
    Parameter("vote_to_harm", 0, 1, "probability", "the same against the innocent, on a pretext"),
    Parameter("council_votes", 1, 200, "votes", "of the body that decides"),
    Parameter("enforce_court", 0, 1, "probability", "that a court has a proven violation acted on"),
    Parameter("enforce_consensus", 0, 1, "probability", "the same, by consensus"),
    Parameter("enforce_shielded", 0, 1, "probability", "the same, against the holder of a veto"),
    Parameter("enforce_none", 0, 1, "probability", "the same, where nobody is charged with it"),
    Parameter("interval_continuous", 0.001, 5, "years", "between looks: continuous monitoring"),
    Parameter("interval_unannounced", 0.001, 5, "years", "between looks: unannounced or on challenge"),
    Parameter("interval_routine", 0.001, 5, "years", "between looks: routine visits"),
    Parameter("interval_none", 0.001, 20, "years", "between looks: no rights at all"),
    Parameter("authority_filter", 0, 1, "share", "of what a neutral inspector learns that reaches a rival"),
    Parameter(
        "unadjudicated", 0, 1, "share", "of false alarms that survive where somebody decides on findings"
    ),
    Parameter("disclosed", 0, 1, "share", "of what should stay private that a state's own disclosures open"),
    Parameter("burden", 0, 10, "payoff", "what a duty laid on one side costs it"),
    Parameter("side_payment", 0, 10, "payoff", "what a payment is worth to who gets it, and costs who pays"),
    Parameter(
        "serves_if_containing",
        0.01,
        0.99,
        "probability",
        "that who would contain proposes what serves him",
    ),
    Parameter("horizon_years", 0.5, 60, "years", "over which states compare the regime with the race"),
    Parameter("reach", 0.01, 10, "ratio", "how much capability counts against care in the race"),
    Parameter(
        "race_information", 0, 2, "choice", "who knows what in the race", ("none", "private", "public")
    ),
    Parameter(
        "hidden_looks",
        0,
        1,
        "choice",
        "looks at a hidden place",
        ("independent", "one"),
    ),
    Parameter("benefit_form", 0, 1, "choice", "what a deal is worth", ("agreed", "restrained")),
    Parameter("compliance_model", 0, 1, "choice", "what keeps a state honest", ("punishment", "reciprocity")),
    Parameter("pretext", 0, 1, "choice", "what a hostile body that finds by vote needs", ("alarm", "vote")),
)
