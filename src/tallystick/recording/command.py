"""The command that is recorded: started, waited for, and stopped on request."""

import signal
import subprocess
import time
from collections.abc import Sequence
from types import FrameType, TracebackType

from tallystick.errors import InputError
from tallystick.units import NS_PER_S

#: After Ctrl-C, how long the command may take to end by itself.
GRACE_NS = 10 * NS_PER_S
_SIGNAL_STATUS = 128


class SteadyClock:
    """UTC at the start, carried on by the monotonic clock, so that no step of the clock repeats a sample."""

    def __init__(self) -> None:
        self._offset_ns = time.time_ns() - time.monotonic_ns()

    def now_ns(self) -> int:
        """Now, in ns since 1970 in UTC."""
        return self._offset_ns + time.monotonic_ns()


class HeldSignals:
    """While this context lasts, Ctrl-C and requests to end are noted and do not end this process.

    ``interrupts`` and ``requests`` count them; ``first_ns`` is when the first came, 0 before that.
    """

    def __init__(self, clock: SteadyClock) -> None:
        self.interrupts = 0
        self.requests = 0
        self.first_ns = 0
        self._clock = clock

    def __enter__(self) -> "HeldSignals":
        self._before = {n: signal.signal(n, self._note) for n in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @property
    def asked(self) -> int:
        """How often somebody asked for the end."""
        return self.interrupts + self.requests

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            self.interrupts += 1
        else:
            self.requests += 1
        self.first_ns = self.first_ns or self._clock.now_ns()


class Command:
    """A running command. On a terminal, Ctrl-C reaches it too, and it may end in its own way.

    It is told to end where it still runs ``GRACE_NS`` after Ctrl-C, at a second Ctrl-C, or when this
    process is told to end; at the third asking it is ended by force. Raises InputError where it cannot
    start, and KeyboardInterrupt where the end was asked for before it began.
    """

    def __init__(self, words: Sequence[str], clock: SteadyClock, signals: HeldSignals) -> None:
        self._clock = clock
        self._signals = signals
        if signals.asked:
            raise KeyboardInterrupt
        try:
            self._process = subprocess.Popen(words)
        except OSError as error:
            raise InputError(
                f"cannot start {words[0][:80]!a}: {error.strerror or error}",
                mend="give the command after --, as on a command line of its own",
            ) from error

    @property
    def interrupted(self) -> bool:
        """Whether somebody asked for its end."""
        return self._signals.asked > 0

    def wait(self, until_ns: int) -> int | None:
        """The exit status (128 + N where signal N ended it) as soon as it has ended, or None at the time."""
        self._end_if_asked()
        left_ns = max(0, until_ns - self._clock.now_ns())
        try:
            status = self._process.wait(left_ns / NS_PER_S)
        except subprocess.TimeoutExpired:
            return None
        return status if status >= 0 else _SIGNAL_STATUS - status

    def _end_if_asked(self) -> None:
        signals = self._signals
        overdue = signals.interrupts > 0 and self._clock.now_ns() - signals.first_ns >= GRACE_NS
        if signals.asked > 2:
            self._process.kill()
        elif signals.requests or signals.interrupts > 1 or overdue:
            self._process.terminate()
