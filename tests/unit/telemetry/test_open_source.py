from pathlib import Path

import pytest
from good_table import NOW_NS, columns, write

from tallystick.errors import InputError
from tallystick.telemetry.parquet import open_parquet
from tallystick.telemetry.source import open_source

SCHEMES = {"parquet": lambda rest: open_parquet(Path(rest), now_ns=NOW_NS), "none": lambda rest: None}


def test_a_known_scheme_opens_its_rest(tmp_path: Path) -> None:
    path = write(tmp_path / "a:b.parquet", columns())
    source = open_source(f"parquet:{path}", SCHEMES)
    assert len(source.inventory()) == 4


@pytest.mark.parametrize("spec", ["", "parquet", "parquet:", "csv:here", "/data/t.parquet", "\x1b[2J:x"])
def test_anything_else_lists_the_schemes(spec: str) -> None:
    with pytest.raises(InputError, match=r"use one of: none:\.\.\., parquet:\.\.\.") as caught:
        open_source(spec, SCHEMES)
    assert str(caught.value).isprintable()
