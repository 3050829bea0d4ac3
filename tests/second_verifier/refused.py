"""One way to say no."""


class Refused(Exception):
    """The bundle, or what came with it, fails a numbered check (0: form, before any check)."""

    def __init__(self, check: int, why: str) -> None:
        super().__init__(f"check {check}: {why}" if check else f"form: {why}")
        self.check = check
        self.why = why


def demand(truth: bool, check: int, why: str) -> None:
    if not truth:
        raise Refused(check, why)
