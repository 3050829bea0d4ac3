"""Files that nobody's tool wrote: one error that names file and line, in bounded time."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tool_text import NOW_NS, POWER, SECOND, SMI_HEAD, START_NS, metric_line, smi_row, steady

from tallystick.errors import SampleError
from tallystick.telemetry.dcgm_text import MAX_LABELS, open_dcgm
from tallystick.telemetry.dcgmi_dmon import open_dmon
from tallystick.telemetry.nvidia_smi import open_smi
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import SampleTable
from tallystick.telemetry.text_lines import MAX_LINE_BYTES

T0 = START_NS // SECOND
DMON = ",start=2024-05-10T00:00:00Z,interval=1,hardware=h100-sxm"
OPENERS: dict[str, Callable[[Path], Source]] = {
    "dcgm": lambda path: open_dcgm(str(path), now_ns=NOW_NS),
    "dmon": lambda path: open_dmon(f"{path}{DMON}", now_ns=NOW_NS),
    "smi": lambda path: open_smi(str(path), now_ns=NOW_NS),
}
BEFORE = {"dcgm": f"# scrape {T0}\n", "dmon": "#Entity POWER\n", "smi": f"{SMI_HEAD}\n"}


def labelled(labels: str) -> str:
    return f"{POWER}{{{labels}}} 300"


NAMED = {
    "no metric": (["<html>"], r"line 1: is no sample of a metric"),
    "no value": ([f'{POWER}{{gpu="0"}}'], r"line 1: is no sample"),
    "text for a value": ([f"# scrape {T0}", metric_line(POWER, 0, "much")], r"line 2: .*'much'"),
    "negative": ([f"# scrape {T0}", metric_line(POWER, 0, "-1")], r"line 2: .*outside 0"),
    "beyond belief": ([f"# scrape {T0}", metric_line(POWER, 0, "1e30")], r"line 2: .*outside 0"),
    "broken labels": ([f"# scrape {T0}", labelled('gpu="0')], r"line 2: has broken labels"),
    "many labels": (
        [f"# scrape {T0}", labelled(",".join(f'l{i}="x"' for i in range(MAX_LABELS + 1)))],
        rf"line 2: has more than {MAX_LABELS} labels",
    ),
    "no gpu": ([f"# scrape {T0}", labelled('Hostname="n"')], r"line 2: neither UUID nor gpu"),
    "a name that is none": ([f"# scrape {T0}", metric_line(POWER, 0, "1", UUID="a b")], r"line 2: .*'a b'"),
    "a long name": ([f"# scrape {T0}", metric_line(POWER, 0, "1", UUID="a" * 65)], r"line 2: .*no name"),
    "unknown hardware": (
        [f"# scrape {T0}", metric_line(POWER, 0, "1", modelName="Abacus\x1b[2J")],
        r"line 2: .*'Abacus\\x1b\[2J'\. Mend: known are: .*H100 80GB HBM3.*hardware=KEY",
    ),
    "no time": (["# HELP x", metric_line(POWER, 0, "1")], r"line 2: nothing says when this was read"),
    "a scrape without time": (["# scrape now"], r"line 1: '# scrape' is not followed by Unix seconds"),
    "a stamp that is none": ([metric_line(POWER, 0, "1", "noon")], r"line 1: the time stamp"),
    "a stamp beyond all": ([metric_line(POWER, 0, "1", "9" * 19)], r"line 1: the time stamp"),
    "seconds for milliseconds": (
        [metric_line(POWER, 0, "1", str(T0))],
        r"line 1: the time stamp looks like seconds",
    ),
    "a clock that goes back": (
        [*steady(3), f"# scrape {T0}", metric_line(POWER, 0, "1")],
        r"line 14: the clock of GPU 'GPU-0000' goes back by 2\.000 s",
    ),
    "two readings at once": (
        [f"# scrape {T0}", metric_line(POWER, 0, "1"), metric_line(POWER, 0, "2")],
        r"line 3: .*two different readings",
    ),
    "a fraction for percent": (
        [f"# scrape {T0}", metric_line("DCGM_FI_DEV_GPU_UTIL", 0, "0.98")],
        r"line 2: .*not whole percent",
    ),
    "percent for a ratio": (
        [f"# scrape {T0}", metric_line("DCGM_FI_PROF_SM_ACTIVE", 0, "91.2")],
        r"line 2: .*outside 0 to 1000000 ppm",
    ),
    "bytes for MiB": (
        [f"# scrape {T0}", metric_line("DCGM_FI_DEV_FB_USED", 0, str(2**36))],
        r"line 2: .*outside 0 to 4398046511104 byte",
    ),
    "nothing of ours": (["node_load1 0.5"], r"no GPU has a single reading"),
}


@pytest.mark.parametrize("name", NAMED)
def test_named_bad_exporter_text(tmp_path: Path, name: str) -> None:
    lines, words = NAMED[name]
    path = tmp_path / "a.prom"
    path.write_text("".join(f"{line}\n" for line in lines))
    with pytest.raises(SampleError, match=words) as error:
        OPENERS["dcgm"](path)
    assert str(error.value).startswith(str(path))
    assert str(error.value).isprintable()


@pytest.mark.parametrize("scheme", OPENERS)
@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\xff\xfe\n", "line 2: is not text"),
        (b"a\0b\n", "line 2: is not text"),
        (b"x" * (MAX_LINE_BYTES + 1) + b"\n", "line 2: is longer than 65536 bytes"),
        (b"x" * (3 * MAX_LINE_BYTES), "line 2: is longer than 65536 bytes"),
        (b"{" * 60_000 + b"\n", "line 2: "),
        (b"\x1b[2J\x1b[31m\n", "line 2: "),
    ],
)
def test_bytes_that_are_no_table(tmp_path: Path, scheme: str, raw: bytes, words: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(BEFORE[scheme].encode() + raw)
    with pytest.raises(SampleError, match=words) as error:
        OPENERS[scheme](path)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 500


NASTY = (
    "DCGM_FI_DEV_POWER_USAGE{" + 'a="\\\\' * 9000 + "\n",
    "DCGM_FI_DEV_POWER_USAGE{" + 'a="b",' * 9000 + "} 1\n",
    "DCGM_FI_DEV_POWER_USAGE{" + "} " * 30_000 + "\n",
    "DCGM_FI_DEV_POWER_USAGE{" + "} 1 " * 15_000 + "\n",
    "a" * 60_000 + "\n",
    "a " * 30_000 + "\n",
    "GPU " + "0" * 60_000 + " 1\n",
    "GPU 0 " + "1 " * 30_000 + "\n",
    "GPU" + " " * 60_000 + "\n",
    "# " + " " * 60_000 + "scrape\n",
    "# scrape " + "9" * 60_000 + "\n",
    ", " * 30_000 + "\n",
    'DCGM_FI_DEV_POWER_USAGE{gpu="0"} ' + "1" * 50_000 + "\n",
    'DCGM_FI_DEV_POWER_USAGE{gpu="0"} ' + "1e999" + "\n",
)


@pytest.mark.parametrize("scheme", OPENERS)
def test_nasty_lines_end_in_bounded_time(tmp_path: Path, scheme: str) -> None:
    path = tmp_path / "a.txt"
    for line in NASTY:
        path.write_text(BEFORE[scheme] + line)
        began = time.process_time()
        with pytest.raises(SampleError):
            OPENERS[scheme](path)
        assert time.process_time() - began < 0.5, line[:40]


@pytest.mark.parametrize("scheme", OPENERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), at=st.integers(0, 600))
@example(data=b"", at=0)
def test_any_damage_is_one_error_or_none(tmp_path: Path, scheme: str, data: bytes, at: int) -> None:
    """Bytes put into a sound file."""
    sound = {
        "dcgm": "".join(f"{line}\n" for line in steady(3)),
        "dmon": "#Entity POWER GPUTL\n" + "GPU 0 300.5 98\nGPU 1 300.5 98\n" * 5,
        "smi": "".join(f"{x}\n" for x in [SMI_HEAD, *(smi_row(START_NS + t * SECOND, 0) for t in range(4))]),
    }[scheme].encode()
    path = tmp_path / "a.txt"
    path.write_bytes(sound[:at] + data + sound[at:])
    lines = sum(len(table) for table in _tables_or_error(OPENERS[scheme], path))
    assert lines <= sound.count(b"\n") + data.count(b"\n") + data.count(b"\r")


def _tables_or_error(opener: Callable[[Path], Source], path: Path) -> list[SampleTable]:
    """What is read, nothing where the file is refused as it ought to be; any other error fails the test."""
    with contextlib.suppress(SampleError):
        return list(opener(path).slots())
    with pytest.raises(SampleError) as error:
        list(opener(path).slots())
    assert str(error.value).isprintable()
    assert error.value.mend
    return []
