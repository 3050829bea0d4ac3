"""Names of the regimes' vocabulary, for people."""


def words_of(name: str) -> str:
    """A name of the vocabulary for people: ``safety_framework`` as ``safety framework``."""
    return name.replace("_", " ")


#: Parts of recipients' names that are abbreviations.
SHORT = frozenset(
    {"eu", "us", "ca", "ny", "il", "ct", "kr", "cn", "un", "ai", "oes", "ag", "dfs", "dhses", "iema", "ohs"}
    | {"msit", "cac", "bis", "doe", "dhs", "ivo"}
)


def recipient_words(name: str) -> str:
    """A recipient, short, a region after ``in`` as it is: ``ny_dfs`` as ``NY DFS``."""
    recipient, apart, region = name.partition(" in ")
    words = " ".join(part.upper() if part in SHORT else part for part in recipient.split("_"))
    return f"{words}{apart}{region}"
