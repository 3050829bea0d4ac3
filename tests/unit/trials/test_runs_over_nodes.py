from tallystick.records.workload import WorkloadClass
from tallystick.trials.corpus_windows import corpus_sites
from tallystick.trials.runs_over_nodes import KINDS, RunOverNodes, lines, runs_over_nodes
from tallystick.workloads.classifier import Classifier

TRAINING, INFERENCE = WorkloadClass.PRETRAINING, WorkloadClass.INFERENCE


def test_a_site_of_experts_over_nodes_has_runs_over_nodes_with_even_ports() -> None:
    experts = tuple(k for k in KINDS if k.name == "experts over nodes")
    found = list(runs_over_nodes(corpus_sites(range(18_650, 18_651), experts, 1), Classifier.load()))
    assert found
    assert {run.family for run in found} == {"expert-parallel serving"}
    assert all(run.port_imbalance_ppm is not None and run.port_imbalance_ppm < 1000 for run in found)


def test_silence_and_votes_are_counted_apart() -> None:
    runs = [
        RunOverNodes("a", TRAINING, None, 10),
        RunOverNodes("a", TRAINING, TRAINING, None),
        RunOverNodes("b", INFERENCE, INFERENCE, 990_000),
    ]
    a, b, every = lines(runs)
    assert "2 runs over nodes: 1 called training where votes are silent, 1 by votes" in a
    assert "1 runs over nodes: 0 called training where votes are silent, 0 by votes" in b
    assert "0.9900 to 0.9900 apart" in b
    assert "3 runs over nodes: 1 called training where votes are silent, 1 by votes" in every
