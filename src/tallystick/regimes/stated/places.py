"""Places: which codes are known, how they are written, and which place is part of which.

Codes are those of ISO 3166-1 (alpha-2), with ``UK`` for ``GB``; of ISO 3166-2 for the states of the United
States and for parts that a regime file names; and bodies that are no country.
"""

from collections.abc import Collection
from difflib import get_close_matches
from functools import lru_cache

from tallystick.errors import InputError


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Regions that are no country.
BODIES = ("EU", "CoE", "UN", "G7", "multilateral", "bilateral", "proposal", "none")
#: ISO 3166-1 alpha-2, but for GB, which is written UK.
COUNTRIES = _codes(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
    BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
    ER ES ET FI FJ FK FM FO FR GA GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU
    ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT
    LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL
    NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH
    SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UK
    UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """
)
#: The states and the District of Columbia, as ``US-CA``.
US_STATES = frozenset(
    f"US-{state}"
    for state in _codes(
        """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC
    ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC
    """
    )
)
#: Members of the European Union: what is in one of them is in the EU.
EU_MEMBERS = _codes("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
#: Parts of a country that have a country's code of ISO 3166-1. Of France and Finland those in which the law
#: of the EU applies (Article 355(1) and (4) of the TFEU).
PARTS = {
    **dict.fromkeys(_codes("AS GU MP PR UM VI"), "US"),
    **dict.fromkeys(_codes("GF GP MF MQ RE YT"), "FR"),
    "AX": "FI",
}
#: What people write instead, in capitals. ISO 3166-2 has the territories of the United States as parts too.
ALIASES = {
    **{"GB": "UK", "EL": "GR", "USA": "US"},
    **{f"US-{part}": part for part, country in PARTS.items() if country == "US"},
}
ACCEPTED = (
    "a country's two letters (ISO 3166: DE, KR, UK; a member of the EU counts as EU too), a state of the US "
    f"(US-CA; it counts as US too), or one of {', '.join(BODIES)}"
)
#: Names of places that are often written out, in small letters.
NAMES = {
    "california": "US-CA",
    "connecticut": "US-CT",
    "illinois": "US-IL",
    "new york": "US-NY",
    "texas": "US-TX",
    "europe": "EU",
    "european union": "EU",
    "germany": "DE",
    "france": "FR",
    "china": "CN",
    "japan": "JP",
    "korea": "KR",
    "south korea": "KR",
    "puerto rico": "PR",
    "united kingdom": "UK",
    "united states": "US",
}
#: How notes about places begin.
COUNTED_TOO = "ties to "
NOTE_STARTS = (COUNTED_TOO, "no regime here is about ")
_BY_CAPITALS = {
    **{code: code for code in COUNTRIES | US_STATES},
    **{body.upper(): body for body in BODIES},
    **ALIASES,
}


def known_region(text: str, where: str, listed: Collection[str] = ()) -> str:
    """The code of a place as it is written everywhere here: ``de`` gives ``DE``, ``gb`` gives ``UK``.

    ``listed``: further codes that are accepted as they stand, such as those of regime files of one's own.
    Raises InputError that says what is accepted.
    """
    found = _code(text)
    if found is not None:
        return found
    if text in listed:
        return text
    raise InputError(f"region {text[:40]!r} is not known", where=where, mend=_mend(text))


@lru_cache(maxsize=4096)
def region_notes(regions: frozenset[str], encoded: frozenset[str]) -> tuple[str, ...]:
    """What somebody must know who stated ties to these places. ``encoded``: those that regimes are about."""
    notes = []
    for region in sorted(regions):
        around = regions_around(region)
        if around and region not in encoded:
            notes.append(
                f"{COUNTED_TOO}{region} count as ties to {' and '.join(around)} too; "
                f"no regime here is about {region} itself"
            )
        elif region not in encoded:
            notes.append(f"no regime here is about {region}: that none binds there is not shown")
        # Who states a tie to a member of the EU is told above that it counts as the EU.
        if region not in EU_MEMBERS and {f"US-{region}"} <= US_STATES - regions:
            notes.append(f"{region} is the country; the state of the United States is US-{region}")
    return tuple(notes)


def is_region(code: str) -> bool:
    """Whether it is the code of a place, written as here."""
    return _code(code) == code


@lru_cache(maxsize=4096)
def _code(text: str) -> str | None:
    return _BY_CAPITALS.get(text.strip().upper().replace("_", "-"))


def _mend(text: str) -> str:
    name = NAMES.get(text.strip().lower().replace("_", " "))
    if name is None and text[:3].upper() in ("US-", "US_"):
        close = get_close_matches(text.upper().replace("_", "-"), sorted(US_STATES), 1, cutoff=0.85)
        name = close[0] if close else None
    return f"did you mean {name}?" if name else f"write {ACCEPTED}"


def regions_around(region: str) -> tuple[str, ...]:
    """What a place is part of, nearest first: ``US-CA`` of ``US``, ``DE-BY`` of ``DE`` and ``EU``.

    ``RE`` is part of ``FR`` and ``EU``, ``PR`` of ``US``.
    """
    country = PARTS.get(region) or region.partition("-")[0]
    own = () if country == region else (country,)
    return (*own, "EU") if country in EU_MEMBERS else own


def is_note(text: str) -> bool:
    """Whether it is one of ``region_notes``: worth knowing, and nothing is wrong."""
    return text.startswith(NOTE_STARTS) or " is the country; the state of the United States is " in text
