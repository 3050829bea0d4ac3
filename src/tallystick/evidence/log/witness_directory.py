"""Where a witness keeps what: its key, the logs it knows, and the last head of each.

witness.key            its pair of keys, as tallystick key new made it; in a site, private/witness.key
witness-logs           the pair of each log that it cosigns for, one a line
witness-memory.json    the last head of each log
"""

from pathlib import Path

from tallystick.errors import FormatError, InputError
from tallystick.evidence.key_file import load_named_key
from tallystick.evidence.keys import COSIGNATURE, NOTE, VerifierKey
from tallystick.evidence.log.witness import Witness
from tallystick.whole_file import read_file, write_whole

KEY_FILES = ("private/witness.key", "witness.key")
LOGS_FILE = "witness-logs"
MEMORY_FILE = "witness-memory.json"
MAX_LOGS_BYTES = 1 << 22


class WitnessDirectory:
    """An existing witness's directory; a site's directory is one."""

    def __init__(self, path: Path) -> None:
        key_file = next((path / name for name in KEY_FILES if (path / name).exists()), None)
        if key_file is None:
            raise InputError(
                "no witness here",
                where=str(path),
                mend=f"tallystick key new {path} --role witness --name witness.example/NAME",
            )
        key = load_named_key(key_file)
        if key.verifier.purpose != COSIGNATURE:
            raise FormatError("not a witness's key", where=str(key_file), mend="make a key for a witness")
        self.witness = Witness(key, path / MEMORY_FILE)
        self._logs_file = path / LOGS_FILE

    def logs(self) -> dict[str, VerifierKey]:
        """The logs that it cosigns for, by origin. Raises FormatError."""
        if not self._logs_file.exists():
            return {}
        where = str(self._logs_file)
        try:
            lines = read_file(self._logs_file, MAX_LOGS_BYTES).decode().splitlines()
        except UnicodeDecodeError as error:
            raise FormatError("damaged", where=where, mend="restore it from a backup") from error
        keys = [VerifierKey.parse(line, f"{where}, line {n}") for n, line in enumerate(lines, 1)]
        logs = {key.name: key for key in keys}
        if len(logs) != len(keys) or any(key.purpose != NOTE for key in keys):
            raise FormatError("names a log twice, or a key of no log", where=where, mend="mend its lines")
        return logs

    def add_log(self, key: VerifierKey, replace: bool = False) -> None:
        """Cosign for the log of ``key`` from now on.

        Raises InputError where its origin is known under another key, which only ``replace`` lets go: a log
        that rotated its key says so in its leaves, which a person has read.
        """
        logs = self.logs()
        if key.purpose != NOTE or key.shares_a_half_with(self.witness.verifier):
            raise InputError("not the key of a log, or the witness's own", mend="give the site's key")
        if logs.get(key.name, key) != key and not replace:
            raise InputError(
                f"the log {key.name} is known under another key",
                where=str(self._logs_file),
                mend="--replace, once the log itself says that its key was rotated",
            )
        logs[key.name] = key
        write_whole(self._logs_file, "".join(f"{logs[name]}\n" for name in sorted(logs)).encode())
