"""The commands in the documents run, in order, and end as the documents say."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("spec/*.md")])
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def commands(document: Path) -> list[tuple[str, int]]:
    """Commands after ``$`` in console blocks, each with the exit status that is written under it, or 0."""
    found: list[tuple[str, int]] = []
    for block in BLOCK.findall(document.read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], 0))
            elif line.startswith("exit status "):
                found[-1] = (found[-1][0], int(line.split()[-1]))
    return found


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if commands(d)], ids=lambda d: d.name)
def test_commands_run_as_written(document: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for command, status in commands(document):
        done = subprocess.run(
            shlex.split(command), cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text("utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_command_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    commands = ("demo", "site init", "site ingest", "site close", "site respond", "doctor")
    more = ("workloads classify", "bench workloads", "profile build", "record")
    for name in (*commands, *more):
        assert f"tallystick {name}" in text
    for name in ("verify", "challenge", "conclude"):
        assert f"tallystick inspect {name}" in text
