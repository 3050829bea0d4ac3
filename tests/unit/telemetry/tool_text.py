"""What GPU tools write, made from readings in the schema's units, apart from the code under test."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tallystick.records.sample import MISSING
from tallystick.telemetry.source import Source
from tallystick.telemetry.table import SampleTable

START_NS = 1_715_299_200_000_000_000  # 2024-05-10T00:00:00Z, the start of a slot
NOW_NS = START_NS + 86_400_000_000_000
SECOND = 1_000_000_000
POWER, UTIL, MEMORY = "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_DEV_FB_USED"
SM, TENSOR = "DCGM_FI_PROF_SM_ACTIVE", "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"
DRAM = "DCGM_FI_PROF_DRAM_ACTIVE"
TX, RX = "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES"
H100 = "NVIDIA H100 80GB HBM3"

#: One reading: channel to integer, ``MISSING`` or left out.
Reading = Mapping[str, int]


def metric_line(channel: str, gpu: int, value: str, stamp: str = "", **labels: str | None) -> str:
    """One line of the exporter. A label ``None`` is left out."""
    given = {
        "gpu": str(gpu),
        "UUID": f"GPU-{gpu:04d}",
        "device": f"nvidia{gpu}",
        "modelName": H100,
        "Hostname": "n1",
        **labels,
    }
    text = ",".join(f'{k}="{v}"' for k, v in given.items() if v is not None)
    return f"{channel}{{{text}}} {value}{' ' + stamp if stamp else ''}"


def in_tool_units(channel: str, value: int) -> str:
    """A reading as DCGM prints it, exactly."""
    if channel == POWER:
        return f"{value // 1000}.{value % 1000:03d}"
    if channel in (SM, TENSOR, DRAM):
        return f"{value // 10**6}.{value % 10**6:06d}"
    return str(value // {UTIL: 10_000, MEMORY: 2**20}.get(channel, 1))


def scrape(time_s: str, readings: Mapping[int, Reading]) -> list[str]:
    """A separator and one scrape, metric by metric, as the exporter orders it."""
    lines = [f"# scrape {time_s}"]
    for channel in dict.fromkeys(c for r in readings.values() for c in r):
        lines += [f"# HELP {channel} in words.", f"# TYPE {channel} gauge"]
        lines += [
            metric_line(channel, g, "NaN" if r[channel] == MISSING else in_tool_units(channel, r[channel]))
            for g, r in readings.items()
            if channel in r
        ]
    return lines


def smi_time(time_ns: int) -> str:
    """An instant as nvidia-smi prints it on a machine in UTC."""
    whole = datetime.fromtimestamp(time_ns // SECOND, UTC).strftime("%Y/%m/%d %H:%M:%S")
    return f"{whole}.{time_ns % SECOND // 10**6:03d}"


SMI_HEAD = (
    "timestamp, uuid, name, power.draw [W], utilization.gpu [%], utilization.memory [%], memory.used [MiB]"
)


def smi_row(
    time_ns: int, gpu: int, power: str = "300.00 W", util: str = "90 %", used: str = "1024 MiB"
) -> str:
    return f"{smi_time(time_ns)}, GPU-{gpu:04d}, {H100}, {power}, {util}, 40 %, {used}"


def write(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def only_table(source: Source) -> SampleTable:
    (table,) = source.slots()
    return table


def column(table: SampleTable, name: str, gpu: str | None = None) -> list[int]:
    """Readings of one GPU, or of all."""
    names = [s.name for s in table.subjects]
    rows = slice(None) if gpu is None else table.subject == names.index(gpu)
    return table.channels[name][rows].tolist()


def steady(seconds: int, gpus: Sequence[int] = (0,)) -> list[str]:
    """Scrapes once a second: power 300 W and rising by 1 W."""
    lines = []
    for t in range(seconds):
        lines += scrape(str(START_NS // SECOND + t), {g: {POWER: 300_000 + 1000 * t} for g in gpus})
    return lines
