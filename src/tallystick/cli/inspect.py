"""``tallystick inspect``: what an inspector types, offline, on a laptop."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.output import JsonFlag, counter, emit, room
from tallystick.errors import InputError, VerificationError
from tallystick.execution.local import processors
from tallystick.inspection.meter import MeterFile, read_meter
from tallystick.units import PPM, flop_text

if TYPE_CHECKING:
    from tallystick.declarations.bundle import Bundle as ReadBundle
    from tallystick.evidence.keys import VerifierKey
    from tallystick.inspection.challenge import Planned
    from tallystick.inspection.recomputation import Recomputation
    from tallystick.inspection.report import Report

app = typer.Typer(help="For the inspector: believe only what you checked yourself.", no_args_is_help=True)

Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="The operator's *.tally file.")]
Meter = Annotated[Path | None, typer.Option("--meter", help="The sealed meter's signed file.")]

#: Most quarter-hours, and most subjects in each, that a challenge may name.
MAX_COUNT = 1_000_000
#: SHA-256 of a key's text, as ``site init`` and every check print it.
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", help="A key agreed beforehand, of site, witness or meter, or its fingerprint; once for each."
    ),
]


@app.command("verify")
def verify(bundle: Bundle, meter: Meter = None, key: Keys = None, as_json: JsonFlag = False) -> None:
    """Check form, signatures, log and totals of a bundle. Exit status 1 where a check fails."""
    from tallystick.declarations.bundle import read_bundle
    from tallystick.inspection.verify import verify as run

    with counter("verify", "rows") as progress:
        report = run(
            read_bundle(bundle), meter_file(meter), agreed_fingerprints(key or ()), progress, processors()
        ).report
    unmade = [str(c.number) for c in report.checks if c.ok is None]
    missing = f"; not checked, so nothing is concluded from them: {', '.join(unmade)}" if unmade else ""
    text = "\n".join([*check_lines(report), "", f"{'OK' if report.ok else 'FAILED'}: {bundle}{missing}"])
    emit(report.as_json(), text, as_json=as_json)
    raise SystemExit(0 if report.ok else 1)


@app.command("explain")
def explain(
    bundle: Bundle,
    check: Annotated[int, typer.Argument(metavar="CHECK", help="The number of a check, from 1 to 20.")],
    meter: Meter = None,
    key: Keys = None,
    as_json: JsonFlag = False,
) -> None:
    """Say of one check what it looked at, in which bytes, on which assumption, and how it came out."""
    from tallystick.declarations.bundle import read_bundle
    from tallystick.inspection.explain import explained
    from tallystick.inspection.verify import verify as run

    read = read_bundle(bundle)
    with counter("verify", "rows") as progress:
        report = run(read, meter_file(meter), agreed_fingerprints(key or ()), progress, processors()).report
    said = explained(read, report, check)
    lines = [f"{check}  {said['name']}", "", *(f"{k:<12}{said[k]}" for k in ("checks", "bytes", "rests_on"))]
    emit(said, "\n".join([*lines, f"{'outcome':<12}{said['outcome']}"]), as_json=as_json)


@app.command("challenge")
def challenge(
    bundle: Bundle,
    significant_quantity: Annotated[
        str, typer.Option("--significant-quantity", metavar="FLOP", help="Training that matters, as 1e21.")
    ],
    detection: Annotated[
        float, typer.Option("--detection", min=0, max=1, help="Wanted probability of finding it, as 0.95.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Where to write the challenge.")],
    sign_with: Annotated[
        Path | None,
        typer.Option("--sign-with", metavar="KEY", help="Your inspector.key, made by tallystick key new."),
    ] = None,
    again: Annotated[
        Path | None,
        typer.Option("--again", metavar="CHALLENGE", help="Less, or signed, with this one's nonce."),
    ] = None,
    slots: Annotated[
        int, typer.Option(min=0, max=MAX_COUNT, help="Quarter-hours in which subjects are grouped again.")
    ] = 24,
    subjects: Annotated[
        int, typer.Option(min=0, max=MAX_COUNT, help="Subjects opened in each of these quarter-hours.")
    ] = 64,
    sensitivity: Annotated[
        float, typer.Option(min=0, max=1, help="Assumed probability that an opened false hour is recognised.")
    ] = 0.9,
    false_rate: Annotated[
        float,
        typer.Option(min=0, max=0.5, help="Assumed probability that an opened honest hour looks false."),
    ] = 0.001,
    as_json: JsonFlag = False,
) -> None:
    """Draw a challenge: how many entries must be opened to find the significant quantity."""
    from tallystick.declarations.bundle import read_bundle
    from tallystick.evidence.key_file import load_named_key
    from tallystick.inspection.challenge import Wish, plan_challenge
    from tallystick.whole_file import write_whole

    wish = Wish(
        significant_quantity_flop=parse_flop(significant_quantity),
        detection=detection,
        sensitivity=sensitivity,
        false_rate=false_rate,
        slots=slots,
        subjects=subjects,
    )
    refuse_existing(out)
    read = read_bundle(bundle)
    planned = plan_challenge(read, wish, nonce_of(again, read) if again else secrets.token_bytes(32))
    if sign_with:
        planned = replace(planned, challenge=planned.challenge.signed_by(load_named_key(sign_with)))
    write_whole(out, planned.challenge.encode())
    data = {
        "challenge": str(out.resolve()),
        "entries": planned.challenge.entries,
        "population": planned.population,
        "detection": planned.detection,
        "slots": planned.challenge.slots,
        "subjects": planned.challenge.subjects,
        "inspector": str(planned.challenge.inspector) if sign_with else None,
    }
    emit(data, challenge_text(planned, out), as_json=as_json)


def nonce_of(path: Path, bundle: "ReadBundle") -> bytes:
    """The nonce of a challenge that was refused. Raises InputError where it was for another bundle."""
    from tallystick.inspection.challenge import read_challenge

    refused = read_challenge(path)
    refused.check_for(bundle)
    return refused.nonce


def shown(key: "VerifierKey") -> str:
    """A key for people who compare keys."""
    return f"{key.name}, fingerprint {key.fingerprint}"


def refuse_existing(out: Path) -> None:
    """Raises InputError where a challenge would be written over."""
    if out.exists():
        mend = "name a new one: a site answers one challenge only"
        raise InputError("there is a file already", where=str(out), mend=mend)


def challenge_text(planned: "Planned", out: Path) -> str:
    """What the challenge opens, and with which odds, for people."""
    drawn = planned.challenge
    signed = (
        f"Signed by {shown(drawn.inspector)}." if drawn.inspector else "Not signed: nothing says who asks."
    )
    return (
        f"Opens {drawn.entries} of {planned.population} entries, and up to {drawn.slots} quarter-hours of up "
        f"to {drawn.subjects} subjects.\nA hidden {flop_text(drawn.significant_quantity_flop)} FLOP raises "
        f"the alarm with probability {planned.detection:.3f}, if a false hour is recognised with probability "
        f"{drawn.sensitivity_ppm / PPM:g} (assumed).\n{signed}\nNext: hand {out} to the operator."
    )


@app.command("conclude")
def conclude(
    bundle: Bundle,
    challenge_file: Annotated[Path, typer.Option("--challenge", help="Your own challenge.")],
    opening_file: Annotated[Path | None, typer.Option("--opening", help="The operator's answer.")] = None,
    refused: Annotated[
        bool,
        typer.Option("--refused", help="The operator did not answer: a failed check, and no second draw."),
    ] = False,
    meter: Meter = None,
    key: Keys = None,
    as_json: JsonFlag = False,
) -> None:
    """Recompute what was opened and conclude. Exit status 1 where a check fails or a finding stands."""
    from tallystick.declarations.bundle import read_bundle
    from tallystick.inspection.challenge import read_challenge
    from tallystick.inspection.conclude import conclude as run
    from tallystick.inspection.opening import read_opening
    from tallystick.inspection.verify import verify as run_verify

    if (opening_file is None) is not refused:
        raise InputError("say what the answer was", mend="--opening FILE, or --refused where there was none")
    read = read_bundle(bundle)
    asked = read_challenge(challenge_file)
    asked.check_for(read)
    answer = read_opening(opening_file) if opening_file else None
    if answer:
        answer.check_for(asked)
    with counter("verify", "rows") as checked:
        verified = run_verify(read, meter_file(meter), agreed_fingerprints(key or ()), checked, processors())
    with counter("recompute", "blocks") as progress:
        report = run(verified, asked, answer, recomputation(), progress).report
    lines = [*check_lines(report), ""]
    for finding in report.findings:
        lines += [
            f"{finding.code} {finding.severity}  {finding.text}",
            f"      would resolve it: {finding.resolve}",
        ]
    lines += report.notes.values()
    lines.append(f"Concluded: {report.conclusion}")
    emit(report.as_json(), "\n".join(lines), as_json=as_json)
    raise SystemExit(0 if report.ok else 1)


def meter_file(path: Path | None) -> MeterFile | None:
    """The sealed meter's file. Raises InputError where it is unusable or its signature fails."""
    if path is None:
        return None
    if is_parquet(path):
        unsigned: MeterFile = room("tallystick.site.meter_table", "site").unsigned_meter(path)
        return unsigned
    try:
        return read_meter(path)
    except VerificationError as error:
        raise InputError(
            f"the meter's signature does not hold: {error.problem}",
            where=str(path),
            mend="read the file from the meter again",
        ) from error


def agreed_keys(texts: Sequence[str], option: str = "--key") -> "frozenset[VerifierKey]":
    """The keys given with ``option``. Raises FormatError."""
    from tallystick.evidence.keys import VerifierKey

    return frozenset(VerifierKey.parse(text, option) for text in texts)


def agreed_fingerprints(texts: Sequence[str]) -> frozenset[str]:
    """Fingerprints of the keys given with ``--key``, in full or by fingerprint. Raises FormatError."""
    return frozenset(text if _FINGERPRINT.fullmatch(text) else _fingerprint(text) for text in texts)


def _fingerprint(text: str) -> str:
    (key,) = agreed_keys([text])
    return key.fingerprint


def is_parquet(path: Path) -> bool:
    """Whether the file is a Parquet table."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError:
        return False


def recomputation() -> "Recomputation | None":
    """The pinned workload code, or None in the base install."""
    try:
        from tallystick.workloads.shipped_model import ShippedModel
    except ModuleNotFoundError:
        return None
    return ShippedModel()


def parse_flop(text: str) -> int:
    """An amount of FLOP such as ``1e21`` or ``1268000000000000000000``, exactly. Raises InputError."""
    from decimal import Decimal, InvalidOperation

    try:
        value = Decimal(text)
        if value.is_finite() and value > 0 and value.adjusted() < 40 and value == int(value):
            return int(value)
    except InvalidOperation:
        pass
    raise InputError(f"{text[:40]!r} is not an amount of FLOP", mend="write it as 1e21")


def check_lines(report: "Report") -> list[str]:
    """The numbered checks as text."""
    marks = {True: "ok", False: "FAILED", None: "--"}
    lines = []
    for check in report.checks:
        lines.append(f"{check.number:3} {marks[check.ok]:6} {check.name}\n           {check.detail}")
        if check.number == 9:
            lines += [f"           proven: {verdict.text}" for verdict in report.claims]
    return lines
