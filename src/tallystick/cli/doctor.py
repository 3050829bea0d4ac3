"""``tallystick doctor``: what is installed, what is missing, what to run next."""

import importlib.metadata
import importlib.util
import os
import platform
from pathlib import Path
from typing import Any

import tallystick
from tallystick.cli.output import JsonFlag, emit

#: Extra -> import names of what it brings, and what it is for.
EXTRAS: dict[str, tuple[tuple[str, ...], str]] = {
    "site": (("numpy", "scipy", "pyarrow"), "keep a site's account; recompute what is opened"),
    "analysis": (("lightgbm", "pandas"), "fit and measure the classifier"),
    "record": (("pynvml",), "record a labelled corpus on a machine with NVIDIA GPUs"),
    "console": (("jinja2", "altair", "vl_convert"), "write the report with pictures"),
}


def doctor(as_json: JsonFlag = False) -> None:
    """Say what is installed, what is missing, and what to run next."""
    extras: dict[str, dict[str, Any]] = {}
    for name, (modules, purpose) in EXTRAS.items():
        missing = [module for module in modules if importlib.util.find_spec(module) is None]
        extras[name] = {"installed": not missing, "missing": missing, "for": purpose}
    data = reference_data()
    complete = extras["site"]["installed"] and extras["console"]["installed"]
    following = (
        "tallystick demo" if complete else "pip install 'tallystick[site,console]', then tallystick demo"
    )
    lines = [
        f"tallystick {tallystick.__version__} on Python {platform.python_version()}",
        "inspector  ready: verify, challenge, conclude (the base install)",
    ]
    for name, extra in extras.items():
        state = "ready" if extra["installed"] else f"missing {', '.join(extra['missing'])}"
        mend = "" if extra["installed"] else f"; pip install 'tallystick[{name}]'"
        lines.append(f"{name:<10} {state}: {extra['for']}{mend}")
    lines.append(f"reference  {data or 'not found; set TALLYSTICK_REFERENCE_DATA to use real power traces'}")
    lines.append(f"Next: {following}")
    result = {
        "version": tallystick.__version__,
        "python": platform.python_version(),
        "extras": extras,
        "reference_data": str(data) if data else None,
        "next": following,
    }
    emit(result, "\n".join(lines), as_json=as_json)


def reference_data() -> Path | None:
    """The folder of reference data, where there is one."""
    named = os.environ.get("TALLYSTICK_REFERENCE_DATA")
    candidates = [Path(named)] if named else [Path.cwd().parent / "shared/data"]
    return next((p for p in candidates if p.is_dir()), None)
