"""placeholder"""


def demo() -> None:
    """Two states inspect each other for one day."""
