"""What a log can do wrong, by name. Each is a VerificationError."""

from tallystick.errors import VerificationError


class LogRollback(VerificationError):
    """Fewer leaves than the log had in an earlier head."""


class LogFork(VerificationError):
    """Two heads of one size with two roots: two histories for two readers."""


class LogRewritten(VerificationError):
    """A later head that does not hold the leaves of an earlier one."""


class WrongOldSize(VerificationError):
    """A consistency proof from another size than the ``seen`` leaves that the witness saw last."""

    def __init__(self, seen: int, old: int) -> None:
        super().__init__(f"the witness has seen {seen} leaves, and the proof starts from {old}")
        self.seen = seen
