"""The commands in the documents run, in order, and end as they say; the files that they show are there."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tallystick.strategy.inputs.parameters import STATE, TECHNOLOGY

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("spec/*.md")])
#: ``console`` blocks hold commands; a block that names a file, as ```yaml facts.yaml, is that file.
BLOCK = re.compile(r"```(?:console|\w+ (?P<name>[\w.-]+))\n(?P<text>.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@dataclass
class Step:
    """A command with the exit status it should have and lines that it should print, or a file to be written:
    its name, and its text.
    """

    command: str = ""
    status: int = 0
    prints: list[str] = field(default_factory=list)
    name: str = ""
    text: str = ""


def steps(document: Path) -> list[Step]:
    """Commands after ``$``, with the exit status and lines that stand under them, and files, in order."""
    found: list[Step] = []
    for block in BLOCK.finditer(document.read_text("utf-8")):
        if block["name"]:
            found.append(Step(name=block["name"], text=block["text"]))
            continue
        for line in block["text"].splitlines():
            if line.startswith("$ "):
                found.append(Step(command=line[2:]))
            elif line.startswith("exit status "):
                found[-1].status = int(line.split()[-1])
            elif line.strip():
                found[-1].prints.append(line)
    return found


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if steps(d)], ids=lambda d: d.name)
def test_commands_run_as_written(document: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for step in steps(document):
        if step.name:
            (tmp_path / step.name).write_text(step.text, "utf-8")
            continue
        shell = ["sh", "-c", step.command]
        done = subprocess.run(
            shell, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == step.status, f"{step.command}\n{done.stdout}{done.stderr}"
        printed = " ".join(done.stdout.split())
        for line in step.prints:
            assert " ".join(line.split()) in printed, f"{step.command} does not print: {line}\n{done.stdout}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text("utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_command_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    commands = ("demo", "site init", "site ingest", "site close", "site respond", "doctor")
    more = ("workloads classify", "bench workloads", "profile build", "record")
    regimes = [
        f"regimes {name}" for name in ("list", "show", "check", "compare", "institutions", "lint", "pages")
    ]
    strategy = [
        f"strategy {name}"
        for name in ("assess", "mend", "require", "explain", "history", "backtest", "profiles")
    ]
    for name in (*commands, *more, *regimes, *strategy):
        assert f"tallystick {name}" in text
    for name in ("verify", "challenge", "conclude"):
        assert f"tallystick inspect {name}" in text


def test_the_table_of_1946_is_the_record_of_changes() -> None:
    record = ROOT / "src" / "tallystick" / "strategy" / "data" / "history" / "CHANGES.md"
    explained = (ROOT / "docs" / "explanation-strategy.md").read_text("utf-8")
    first_table = record.read_text("utf-8").split("\n| ", 1)[1].split("\n\n", 1)[0]
    rows = [line for line in f"| {first_table}".splitlines() if line.startswith("| ")]
    assert len(rows) >= 7
    assert all(row in explained for row in rows)


def test_every_parameter_of_a_profile_is_explained() -> None:
    explained = (ROOT / "docs" / "explanation-strategy.md").read_text("utf-8").replace("\\|", "|")
    for one in (*STATE, *TECHNOLOGY):
        assert f"| `{one.name}` | {one.low:g} to {one.high:g} | {one.unit} | {one.meaning} |" in explained
