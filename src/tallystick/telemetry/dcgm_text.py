"""What NVIDIA's DCGM exporter serves: Prometheus text, one scrape or many, one after the other.

A scrape holds no time of its own. Each file says when its scrapes were taken in one of two ways: every line
ends with a time stamp (milliseconds since 1970, or seconds with a decimal point as in OpenMetrics), or a
line ``# scrape UNIX_SECONDS`` stands before each scrape::

    while sleep 1; do echo "# scrape $(date +%s.%N)"; curl -s localhost:9400/metrics; done > scrapes.prom

When a file was written or copied is no time of a reading. The source is ``dcgm:PATH`` with, if need be,
``,hardware=KEY`` (older exporters do not name the product) and ``,interval=SECONDS``. ``PATH`` is a file, or
a folder of ``*.prom`` and ``*.txt`` in order of time by name, from one exporter or several of one cluster.

A GPU is named by its UUID, or else by host and number. Lines of MIG instances are left out, since a part's
readings are not the accelerator's; so are rates of NVLink, since a rate is not a counter.
"""

import re
from collections.abc import Iterator

from tallystick.errors import SampleError
from tallystick.telemetry.decode import MAX_SUBJECTS
from tallystick.telemetry.gpu_rows import GPU_CHANNELS, NO_READINGS, Gpu, GpuRow, gpu_of
from tallystick.telemetry.text_lines import TextFile, text_files
from tallystick.telemetry.text_numbers import MissingReadings, decimal, reading
from tallystick.telemetry.text_options import hardware_option, interval_option, split_spec
from tallystick.telemetry.text_source import TextSource, open_text
from tallystick.units import NS_PER_MS, NS_PER_S, PPM

#: From the exporter's units (W, percent, ratio, MiB, bytes) to the schema's.
_FACTORS = {
    "DCGM_FI_DEV_POWER_USAGE": 1000,
    "DCGM_FI_DEV_GPU_UTIL": PPM // 100,
    "DCGM_FI_PROF_SM_ACTIVE": PPM,
    "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE": PPM,
    "DCGM_FI_PROF_DRAM_ACTIVE": PPM,
    "DCGM_FI_DEV_FB_USED": 2**20,
    "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES": 1,
    "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES": 1,
}
_LABELS = ("gpu", "uuid", "hostname", "modelname", "gpu_i_id")
MAX_LABELS = 64
#: How many label texts are remembered, and how long ones: 64 MiB.
_MAX_KNOWN, _LONGEST_KNOWN = 65_536, 1024
#: Greatest seconds and milliseconds since 1970 that are read as times.
_MAX_SECONDS, _MAX_MILLISECONDS = 2**33, 2**43
#: A whole number below this is seconds: as milliseconds it would lie in 1973 or before.
_LEAST_MILLISECONDS = 10**11

_SCRAPE = re.compile(r"#\s*scrape\b\s*(\S*)\s*")
_SAMPLE = re.compile(r"\s*([A-Za-z_:][A-Za-z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+(\S+))?\s*")
_LABEL = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"([^"\\]*(?:\\.[^"\\]*)*)"\s*(?:,\s*|$)')
_MEND = "is it what the DCGM exporter served, in Prometheus' text format?"


def open_dcgm(spec: str, *, now_ns: int | None = None) -> TextSource:
    """Open ``PATH[,hardware=KEY][,interval=SECONDS]``. Raises InputError, SampleError where it is wrong."""
    path, options = split_spec(spec, ("hardware", "interval"))
    files = text_files(path, (".prom", ".txt"))
    return open_text(files, DcgmText(hardware_option(options)), interval_option(options), now_ns=now_ns)


class DcgmText:
    """The exporter's text. ``hardware`` is the key of all GPUs, empty where their labels say."""

    source = "dcgm-exporter"

    def __init__(self, hardware: str = "") -> None:
        self._hardware = hardware
        self._known: dict[str, Gpu | None] = {}
        self._instances = 0

    def notes(self) -> tuple[str, ...]:
        """How much was left out."""
        left = self._instances
        return (f"{left} readings of MIG instances were left out: a part is no accelerator",) if left else ()

    def rows(self, file: TextFile, missing: MissingReadings) -> Iterator[GpuRow]:
        """Scrape by scrape, each in order of time."""
        self._instances = 0
        scrape, scrape_ns = _Scrape(file), None
        for number, text in file.lines():
            if not text or text.isspace():
                continue
            if text.startswith("#"):
                time_ns = _separator(text, file.where(number))
                if time_ns is not None:
                    yield from scrape.rows()
                    scrape, scrape_ns = _Scrape(file), time_ns
                continue
            match = _SAMPLE.fullmatch(text)
            if match is None:
                raise SampleError("is no sample of a metric", where=file.where(number), mend=_MEND)
            metric, labels, value, stamp = match.groups()
            if metric not in _FACTORS:
                continue
            where = file.where(number)
            gpu = self._gpu(labels or "", where)
            if gpu is None:
                self._instances += 1
                continue
            time_ns = _stamp(stamp, scrape_ns, where)
            found = reading(value, metric, _FACTORS[metric], where, missing)
            if scrape.is_over(gpu, metric, time_ns):
                yield from scrape.rows()
                scrape = _Scrape(file)
            scrape.add(gpu, metric, time_ns, found, number)
        yield from scrape.rows()

    def _gpu(self, labels: str, where: str) -> Gpu | None:
        """The GPU that the labels name, None for a MIG instance. Labels repeat from scrape to scrape."""
        if len(labels) > _LONGEST_KNOWN:
            return self._read_labels(labels, where)
        if labels not in self._known:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[labels] = self._read_labels(labels, where)
        return self._known[labels]

    def _read_labels(self, labels: str, where: str) -> Gpu | None:
        found = _labels(labels, where)
        if found.get("gpu_i_id"):
            return None
        host = f"{found['hostname']}-" if found.get("hostname") else ""
        index = f"{host}gpu{found['gpu']}" if found.get("gpu") else ""
        name = found.get("uuid") or index
        if not name:
            raise SampleError("neither UUID nor gpu says which GPU it is", where=where, mend=_MEND)
        return gpu_of(name, found.get("modelname", ""), self._hardware, where)


class _Scrape:
    """Readings of one scrape, by GPU and instant, in whatever order its lines come."""

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self._rows: dict[tuple[Gpu, int], tuple[list[int], int]] = {}
        self._seen: dict[tuple[Gpu, str], int] = {}

    def is_over(self, gpu: Gpu, metric: str, time_ns: int) -> bool:
        """Whether another reading of the same metric means that the next scrape has begun."""
        return self._seen.get((gpu, metric), time_ns) != time_ns

    def add(self, gpu: Gpu, metric: str, time_ns: int, value: int, number: int) -> None:
        """A reading. The same one again, for each container on a GPU, is one; SampleError if it differs."""
        values, _ = self._rows.setdefault((gpu, time_ns), (list(NO_READINGS), number))
        at = GPU_CHANNELS.index(metric)
        if (gpu, metric) in self._seen and values[at] != value:
            raise SampleError(
                f"'{metric}' of GPU '{gpu.name}' has two different readings at one time",
                where=self._file.where(number),
                mend="keep one of them; do two GPUs share a name, or is a line '# scrape TIME' missing?",
            )
        if len(self._rows) > MAX_SUBJECTS:
            raise SampleError(
                f"one scrape names more than {MAX_SUBJECTS} GPUs",
                where=self._file.where(number),
                mend="split the site",
            )
        self._seen[gpu, metric] = time_ns
        values[at] = value

    def rows(self) -> Iterator[GpuRow]:
        """In order of time."""
        for (gpu, time_ns), (values, number) in sorted(self._rows.items(), key=lambda r: (r[0][1], r[1][1])):
            yield GpuRow(time_ns, gpu, tuple(values), number)


def _separator(text: str, where: str) -> int | None:
    """The time of the scrape that follows, where the comment is one of ours."""
    match = _SCRAPE.fullmatch(text)
    if match is None:
        return None
    number = decimal(match[1])
    if number is None or not 0 <= number < _MAX_SECONDS:
        raise SampleError(
            "'# scrape' is not followed by Unix seconds", where=where, mend='write "# scrape $(date +%s.%N)"'
        )
    return int(number * NS_PER_S)


def _stamp(stamp: str | None, scrape_ns: int | None, where: str) -> int:
    """The line's own time, or else the scrape's."""
    if stamp is None:
        if scrape_ns is None:
            raise SampleError(
                "nothing says when this was read (a file's own date does not)",
                where=where,
                mend="put a line '# scrape UNIX_SECONDS' before each scrape, or export with time stamps",
            )
        return scrape_ns
    number = decimal(stamp)
    seconds = "." in stamp or "e" in stamp.lower()
    if number is None or not 0 <= number < (_MAX_SECONDS if seconds else _MAX_MILLISECONDS):
        raise SampleError("the time stamp is not milliseconds since 1970", where=where, mend=_MEND)
    if not seconds and number < _LEAST_MILLISECONDS:
        raise SampleError(
            "the time stamp looks like seconds",
            where=where,
            mend="give milliseconds, or seconds with a decimal point as in OpenMetrics",
        )
    return int(number * (NS_PER_S if seconds else NS_PER_MS))


def _labels(text: str, where: str) -> dict[str, str]:
    """The labels that matter, under their names in lower case."""
    found: dict[str, str] = {}
    at, count = 0, 0
    while at < len(text):
        match = _LABEL.match(text, at)
        count += 1
        if match is None or count > MAX_LABELS:
            problem = f"has more than {MAX_LABELS} labels" if match else "has broken labels"
            raise SampleError(problem, where=where, mend=_MEND)
        name = match[1].lower()
        if name in _LABELS:
            found[name] = match[2]
        at = match.end()
    return found
