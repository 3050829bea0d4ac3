"""The inventory of a sample table: who its subjects are, read off their rows."""

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pyarrow as pa

from tallystick.accounting.hardware import hardware
from tallystick.errors import InputError, SampleError
from tallystick.records.sample import MAX_INTERVAL_NS
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.check import kind_codes
from tallystick.telemetry.columns import STRINGS
from tallystick.telemetry.decode import TextCoder, integer_column
from tallystick.telemetry.place import Place, first_true, quoted
from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_MS, SLOT_NS

#: Names of subjects, sources and jobs.
NAME = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
#: Least nominal time between two samples of one subject. The greatest is one slot.
MIN_INTERVAL_NS = NS_PER_MS

#: Field of ``Subject`` by column.
SUBJECT_FIELDS = {name: "name" if name == "subject" else name for name in STRINGS}

_ATTRIBUTES = (*STRINGS[1:], "interval_ns")


class InventoryScan:
    """Takes in all batches of a table, one after the other, and ends with its subjects.

    Subjects are numbered in the order of their first rows.
    """

    columns = ("time_ns", "interval_ns", *STRINGS)

    def __init__(self) -> None:
        self._coders = {name: TextCoder(name) for name in STRINGS}
        self._subjects: list[Subject] = []
        self._numbers = np.zeros(0, dtype=np.int64)
        self._attributes = {name: np.zeros(0, dtype=np.int64) for name in _ATTRIBUTES}
        self._kinds = np.zeros(0, dtype=np.int64)
        self._first_ns = np.zeros(0, dtype=np.int64)
        self._last_ns = np.zeros(0, dtype=np.int64)

    def add(self, batch: pa.RecordBatch, times: Int64, place: Place) -> Int64:
        """Take in a batch and its times (n,). Returns the number of each row's subject (n,)."""
        columns = {n: self._coders[n].codes(batch.column(n), place) for n in STRINGS}
        columns["interval_ns"] = integer_column(
            batch.column("interval_ns"), "interval_ns", place, nullable=False
        )
        subject = self._number(columns, times, place)
        for name in _ATTRIBUTES:
            self._check_unchanged(name, columns[name], subject, place)
        np.minimum.at(self._first_ns, subject, times)
        np.maximum.at(self._last_ns, subject, times)
        return subject

    def subjects(self) -> tuple[Subject, ...]:
        """The subjects by number, each there from one interval before its first sample (``stay_of``)."""
        return tuple(
            stay_of(s, int(first), int(last))
            for s, first, last in zip(self._subjects, self._first_ns, self._last_ns, strict=True)
        )

    def kinds(self) -> Int64:
        """Index into ``KINDS`` of each subject, by number."""
        return self._kinds

    def _number(self, columns: dict[str, Int64], times: Int64, place: Place) -> Int64:
        codes = columns["subject"]
        known = len(self._coders["subject"].values)
        self._numbers = np.append(self._numbers, np.full(known - len(self._numbers), -1, dtype=np.int64))
        unseen = np.flatnonzero(self._numbers[codes] < 0)
        _, first = np.unique(codes[unseen], return_index=True)
        rows = np.sort(unseen[first])
        for row in rows.tolist():
            self._numbers[codes[row]] = len(self._subjects)
            texts = {name: self._coders[name].values[int(columns[name][row])] for name in STRINGS}
            self._subjects.append(build_subject(texts, int(columns["interval_ns"][row]), place.at(row)))
        self._kinds = np.append(self._kinds, kind_codes(self._subjects[len(self._kinds) :]))
        for name in _ATTRIBUTES:
            self._attributes[name] = np.append(self._attributes[name], columns[name][rows])
        self._first_ns = np.append(self._first_ns, times[rows])
        self._last_ns = np.append(self._last_ns, times[rows])
        return self._numbers[codes]

    def _check_unchanged(self, name: str, values: Int64, subject: Int64, place: Place) -> None:
        row = first_true(values != self._attributes[name][subject])
        if row is not None:
            raise SampleError(
                f"'{name}' of subject '{self._subjects[int(subject[row])].name}' changes midway",
                where=place.at(row),
                mend="give what changed a subject name of its own",
            )


class ListedInventory:
    """An inventory known beforehand, against which rows are compared: faster than a scan of them."""

    def __init__(self, subjects: tuple[Subject, ...]) -> None:
        self._coders = {name: TextCoder(name) for name in _ATTRIBUTES[:-1]}
        self._expected, self._interval_ns = _expected(subjects)

    def agrees(self, batch: pa.RecordBatch, subject: Int64, place: Place) -> bool:
        """Whether all rows describe their ``subject`` (n,) in the inventory's own words.

        Where not, they may still mean the same, which ``InventoryScan`` tells. SampleError where empty.
        """
        same = True
        for name, coder in self._coders.items():
            codes = coder.codes(batch.column(name), place)
            number = {text: i for i, text in enumerate(coder.values)}
            texts, which = self._expected[name]
            expected = np.array([number.get(text, -1) for text in texts], np.int64)[which]
            same = same and bool((codes == expected[subject]).all())
        interval_ns = integer_column(batch.column("interval_ns"), "interval_ns", place, nullable=False)
        return same and bool((interval_ns == self._interval_ns[subject]).all())


@lru_cache(maxsize=4)
def _expected(subjects: tuple[Subject, ...]) -> tuple[dict[str, tuple[tuple[bytes, ...], Int64]], Int64]:
    """For each column the distinct texts and each subject's number among them; and each interval.

    Cached, since all slots of a site repeat the same inventory.
    """
    columns = {}
    for name in _ATTRIBUTES[:-1]:
        number: dict[bytes, int] = {}
        which = [number.setdefault(text_of(s, name).encode("ascii"), len(number)) for s in subjects]
        columns[name] = tuple(number), np.array(which, np.int64)
    return columns, np.array([s.interval_ns for s in subjects], np.int64)


def text_of(subject: Subject, column: str) -> str:
    """What a row says of its subject in a string column."""
    return ",".join(subject.covers) if column == "covers" else str(getattr(subject, SUBJECT_FIELDS[column]))


def stay_of(subject: Subject, first_ns: int, last_ns: int) -> Subject:
    """The subject as known from its first and last sample.

    A sample stands for at most one interval on either side, and for nothing beyond its slot: no more
    than that is known of when the subject joined and left.
    """
    slot_start, slot_end = first_ns // SLOT_NS * SLOT_NS, last_ns // SLOT_NS * SLOT_NS + SLOT_NS
    return replace(
        subject,
        joined_ns=max(slot_start, first_ns - subject.interval_ns),
        left_ns=min(slot_end, last_ns + subject.interval_ns),
    )


def build_subject(texts: dict[str, bytes], interval_ns: int, where: str) -> Subject:
    """A subject from the strings of one row, by column name. Raises SampleError, placed at ``where``."""
    name = _name(texts["subject"], "subject", where)
    kind = SubjectKind(_choice(texts["kind"], "kind", [k.value for k in SubjectKind], where))
    trust = Trust(_choice(texts["trust"], "trust", [t.value for t in Trust], where))
    most = SLOT_NS if kind is SubjectKind.METER else MAX_INTERVAL_NS
    if not MIN_INTERVAL_NS <= interval_ns <= most:
        raise SampleError(
            f"'interval_ns' is {interval_ns}",
            where=where,
            mend=f"give the nominal time between samples in ns, {MIN_INTERVAL_NS} to {most} for this kind",
        )
    covers = _covers(texts["covers"], name, kind, where)
    key = _hardware(texts["hardware"], kind, len(covers), where)
    source = _name(texts["source"], "source", where)
    return Subject(name, kind, key, covers, source, trust, interval_ns, joined_ns=0)


def _name(value: bytes, column: str, where: str) -> str:
    if not NAME.fullmatch(value):
        raise SampleError(
            f"'{column}' is {quoted(value)}",
            where=where,
            mend="use 1 to 64 of the characters A-Z a-z 0-9 . _ : -",
        )
    return value.decode("ascii")


def _choice(value: bytes, column: str, allowed: list[str], where: str) -> str:
    text = value.decode("utf-8", "backslashreplace")
    if text not in allowed:
        raise SampleError(
            f"'{column}' is {quoted(value)}", where=where, mend=f"use one of: {', '.join(allowed)}"
        )
    return text


def _covers(value: bytes, name: str, kind: SubjectKind, where: str) -> tuple[str, ...]:
    parts = value.split(b",") if value else []
    names = tuple(_name(part, "covers", where) for part in parts)
    if len(set(names)) != len(names):
        raise SampleError("'covers' names something twice", where=where, mend="name each accelerator once")
    if kind is SubjectKind.ACCELERATOR:
        if names not in ((), (name,)):
            raise SampleError(
                "'covers' of an accelerator names something else",
                where=where,
                mend="leave it empty or give its own name; if it stands for several it is a node",
            )
        return (name,)
    if not names:
        raise SampleError(
            f"'covers' of a {kind.value} is empty",
            where=where,
            mend="name what it stands for, comma between, no spaces",
        )
    return names


def _hardware(value: bytes, kind: SubjectKind, covered: int, where: str) -> str:
    if kind is SubjectKind.METER:
        if value:
            raise SampleError(f"'hardware' of a meter is {quoted(value)}", where=where, mend="leave it empty")
        return ""
    key = value[:64].decode("utf-8", "backslashreplace")
    try:
        row = hardware(key)
    except InputError as error:
        raise SampleError(f"'hardware' is {quoted(value)}", where=where, mend=error.mend) from None
    if row.covers != covered:
        raise SampleError(
            f"'hardware' {key} has {row.covers} accelerators, 'covers' names {covered}",
            where=where,
            mend="correct 'hardware' or 'covers'",
        )
    return key
