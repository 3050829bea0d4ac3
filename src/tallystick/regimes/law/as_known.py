"""An instrument as the world knew it on a day: without what later texts added, ended or moved.

Statuses, lines, editions and the sunset carry their day of knowledge and are chosen by it where they are read
(``status.py``, ``counting.py``, ``judging/condition.py``). Here is the rest.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from tallystick.regimes.law.expression import Refer, Unknowable, walk
from tallystick.regimes.law.instrument import Condition, Defeater, Instrument, Obligation, Parameter, Value


def known_by(since: date | None, known_on: date | None) -> bool:
    """Whether what is known since a day (None: always) was known on another (None: all is)."""
    return since is None or known_on is None or since <= known_on


def start_known(duty: Obligation, known_on: date | None) -> bool:
    """Whether a duty's first day was known; that of a duty which begins with the instrument is."""
    return duty.starts is None or known_by(duty.starts_known_on, known_on)


def as_known(instrument: Instrument, known_on: date | None) -> Instrument:
    """The instrument without exceptions, ends and first days that were decided later.

    A condition that was not known yet is none, if another of its outcome was known; else nobody knew when the
    outcome would hold, and it is unknown. A duty that was not known yet stays, to be called unknown.
    """
    if known_on is None:
        return instrument
    exceptions = {
        name: _ending(rule, known_on)
        for name, rule in instrument.exceptions.items()
        if known_by(rule.known_on, known_on)
    }
    return replace(
        instrument,
        parameters=MappingProxyType(
            {name: _parameter(one, known_on) for name, one in instrument.parameters.items()}
        ),
        conditions=_conditions(instrument, known_on),
        exceptions=MappingProxyType(exceptions),
        obligations=tuple(_duty(one, known_on) for one in instrument.obligations),
    )


def _ending(rule: Defeater, known_on: date) -> Defeater:
    return rule if known_by(rule.until_known_on, known_on) else replace(rule, until=None)


def _parameter(parameter: Parameter, known_on: date) -> Parameter:
    return replace(parameter, values=tuple(_value(value, known_on) for value in parameter.values))


def _value(value: Value, known_on: date) -> Value:
    return value if known_by(value.until_known_on, known_on) else replace(value, until=None)


def _duty(duty: Obligation, known_on: date) -> Obligation:
    starts = duty.starts if start_known(duty, known_on) else None
    ends = duty.ends if known_by(duty.ends_known_on, known_on) else None
    return duty if (starts, ends) == (duty.starts, duty.ends) else replace(duty, starts=starts, ends=ends)


def _conditions(instrument: Instrument, known_on: date) -> Mapping[str, Condition]:
    rules = instrument.conditions
    known = {name: rule for name, rule in rules.items() if known_by(rule.known_on, known_on)}
    if len(known) == len(rules):
        return rules
    given = {rule.gives for rule in known.values()}
    referred = {
        part.condition for test in instrument.expressions() for part in walk(test) if isinstance(part, Refer)
    }
    unknown = Unknowable(f"this was not known on {known_on}", None)
    return MappingProxyType(
        {
            name: known.get(name, replace(rule, when=unknown))
            for name, rule in rules.items()
            if name in known or name in referred or rule.gives not in given
        }
    )
