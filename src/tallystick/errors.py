"""One error tree. Every error says in one line what is wrong, where, and how to mend it.

* TallystickError
  + InputError        a file, a table or an argument is unusable            exit status 2
    - SampleError     a sample table breaks spec/samples.md
    - FormatError     a bundle, challenge, opening or meter file is malformed
  + SiteError         the site's directory does not allow what was asked    exit status 2
  + MissingExtraError a library of an optional extra is not installed       exit status 2
  + VerificationError a signature, proof or hash does not hold              a failed check, exit status 1
"""


class TallystickError(Exception):
    """Root of all errors that Tallystick raises on purpose."""

    def __init__(self, problem: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        stop = "" if self.problem.endswith(("?", "!", ".")) else "."
        mend = f"{stop} Mend: {self.mend}" if self.mend else ""
        return f"{place}{self.problem}{mend}"


class InputError(TallystickError):
    """A file, a table or an argument is unusable."""


class SampleError(InputError):
    """A sample table breaks ``spec/samples.md``."""


class FormatError(InputError):
    """A bundle, challenge, opening or meter file is malformed or not canonical."""


class SiteError(TallystickError):
    """The site's directory does not allow what was asked."""


class MissingExtraError(TallystickError):
    """A library of an optional extra is not installed."""


class VerificationError(TallystickError):
    """A signature, proof or hash does not hold."""
