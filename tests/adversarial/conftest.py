from pathlib import Path

import pytest
from tests.adversarial.hostile_operator import Honest, build


@pytest.fixture(scope="session")
def honest(ingested_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Honest:
    return build(ingested_template, tmp_path_factory.mktemp("honest") / "pair")
