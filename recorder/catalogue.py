"""What there is to record: every entry's label, class, kind and parameters. Needs no PyTorch."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

#: Raise it when a workload's code changes what it does: what was recorded before is then recorded again.
EDITION = 1

VOCABULARY = 32_000


@dataclass(frozen=True)
class Entry:
    """One workload to record.

    ``workload`` is Tallystick's class of it; ``family`` and ``mechanism`` say what is held out together;
    ``code`` is ``module:function`` under ``workloads``; ``gpus`` is how many are needed, 0 for all there are.
    """

    label: str
    batch: str
    workload: str
    family: str
    mechanism: str
    code: str
    parameters: dict[str, Any] = field(default_factory=dict)
    gpus: int = 1

    def key(self, seconds: int) -> str:
        """16 hex digits that stand for the label, all parameters, the length and the edition."""
        text = json.dumps(
            [EDITION, self.label, self.code, self.parameters, self.gpus, seconds], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _model(layers: int, width: int, **rest: Any) -> dict[str, Any]:
    return {"layers": layers, "width": width, "vocabulary": VOCABULARY, **rest}


def _train(layers: int, width: int, batch: int, length: int = 1024) -> dict[str, Any]:
    return _model(layers, width, batch=batch, length=length)


def _serve(layers: int, width: int, batch: int, prompt: int, tokens: int, **rest: Any) -> dict[str, Any]:
    return _model(layers, width, batch=batch, prompt=prompt, tokens=tokens, **rest)


def _evasion(name: str, label: str = "", **parameters: Any) -> Entry:
    family = f"evasion-{name.replace('_', '-')}"
    return Entry(
        f"{family}{label}", "evasions", "pretraining", family, "evasion", f"evasions:{name}", parameters
    )


_TRAINING = (
    Entry(
        "gpt-25m", "training", "pretraining", "gpt", "pretraining", "training:pretraining", _train(8, 512, 32)
    ),
    Entry(
        "gpt-125m",
        "training",
        "pretraining",
        "gpt",
        "pretraining",
        "training:pretraining",
        _train(12, 768, 16),
    ),
    Entry(
        "gpt-760m",
        "training",
        "pretraining",
        "gpt",
        "pretraining",
        "training:pretraining",
        _train(24, 1536, 8),
    ),
    Entry(
        "gpt-1b5",
        "training",
        "pretraining",
        "gpt",
        "pretraining",
        "training:pretraining",
        _train(24, 2304, 4),
    ),
    Entry(
        "tune-full-760m",
        "training",
        "fine-tuning",
        "full-tuning",
        "tuning",
        "training:fine_tuning",
        _train(24, 1536, 4) | {"shortest": 64, "epoch": 40},
    ),
    Entry(
        "tune-lora-1b5",
        "training",
        "fine-tuning",
        "lora",
        "tuning",
        "training:lora",
        _train(24, 2304, 4) | {"rank": 16},
    ),
    Entry(
        "rl-760m",
        "training",
        "fine-tuning",
        "rl",
        "generate-then-train",
        "reinforcement:generate_then_train",
        _serve(24, 1536, 32, 128, 128, epochs=4),
    ),
    Entry(
        "vision-resnet",
        "training",
        "pretraining",
        "vision",
        "vision-training",
        "images:vision_training",
        {"width": 64, "batch": 64, "pixels": 128, "blocks": 3},
    ),
    Entry(
        "diffusion-train",
        "training",
        "pretraining",
        "diffusion-training",
        "diffusion-training",
        "images:diffusion_training",
        {"width": 96, "batch": 16, "pixels": 64},
    ),
)

_INFERENCE = (
    Entry(
        "prefill-1b5",
        "inference",
        "inference",
        "prefill",
        "serving",
        "generation:prefill",
        _train(24, 2304, 8, 2048),
    ),
    Entry(
        "decode-1b5",
        "inference",
        "inference",
        "decode",
        "serving",
        "generation:decode",
        _serve(24, 2304, 16, 64, 256),
    ),
    Entry(
        "decode-125m",
        "inference",
        "inference",
        "decode",
        "serving",
        "generation:decode",
        _serve(12, 768, 64, 64, 256),
    ),
    Entry(
        "serve-batched-slow",
        "inference",
        "inference",
        "batched",
        "serving",
        "generation:batched_serving",
        _serve(24, 1536, 32, 512, 128, rate=2.0),
    ),
    Entry(
        "serve-batched-fast",
        "inference",
        "inference",
        "batched",
        "serving",
        "generation:batched_serving",
        _serve(24, 1536, 64, 512, 128, rate=20.0),
    ),
    Entry(
        "serve-speculative",
        "inference",
        "inference",
        "speculative",
        "serving",
        "generation:speculative",
        _serve(24, 1536, 8, 128, 128, ahead=4),
    ),
    Entry(
        "embed-760m",
        "inference",
        "inference",
        "embedding",
        "encoding",
        "embedding:embedding",
        _train(24, 1536, 64, 512) | {"stored": 100_000},
    ),
    Entry(
        "diffusion-sample",
        "inference",
        "inference",
        "diffusion-sampling",
        "diffusion-sampling",
        "images:diffusion_sampling",
        {"width": 96, "batch": 8, "pixels": 64, "denoise": 50},
    ),
)

_OTHER = (
    Entry("fft-256", "other", "other", "fft", "hpc", "science:spectral", {"grid": 256, "host_every": 50}),
    Entry("fft-512", "other", "other", "fft", "hpc", "science:spectral", {"grid": 512, "host_every": 100}),
    Entry("stencil-384", "other", "other", "stencil", "hpc", "science:stencil", {"grid": 384, "sweeps": 50}),
    Entry(
        "hash-32-rounds",
        "other",
        "other",
        "hashing",
        "mining",
        "hashing:hashing",
        {"nonces": 1 << 24, "rounds": 32},
    ),
    Entry(
        "render-60fps",
        "other",
        "other",
        "ray-marching",
        "graphics",
        "rendering:ray_marching",
        {"pixels": 1080, "marches": 64, "frames_per_s": 60.0},
    ),
    Entry(
        "render-offline",
        "other",
        "other",
        "ray-marching",
        "graphics",
        "rendering:ray_marching",
        {"pixels": 2160, "marches": 128, "frames_per_s": 0.0},
    ),
    Entry("idle-with-model", "other", "idle", "idle", "idle", "resting:idle_with_model", _model(24, 2304)),
    Entry("idle-with-context", "other", "idle", "idle", "idle", "resting:idle_with_context"),
)

_SMALL = _train(12, 768, 16)
_COVER = _serve(12, 768, 16, 64, 64)
_EVASIONS = (
    _evasion("duty_cycle", training=_SMALL, on_s=2.0, off_s=3.0),
    _evasion("duty_cycle", "-short", training=_SMALL, on_s=0.3, off_s=0.2),
    _evasion("noise_padding", training=_SMALL, size=4096, products=10),
    _evasion("low_utilisation", training=_train(12, 768, 2), pause_s=0.05),
    _evasion("paced_layers", "-50", training=_SMALL, share=0.5),
    _evasion("paced_layers", "-80", training=_SMALL, share=0.8),
    _evasion("gradient_accumulation", training=_train(12, 768, 2), accumulate=32),
    _evasion("frequent_checkpoints", training=_SMALL, every=5),
    _evasion("interleaved", training=_SMALL, serving=_COVER, train_s=2.0, serve_s=2.0),
    _evasion("dilution", "-2x", training=_SMALL, serving=_COVER | {"rate": 50.0}, cover_per_step_time=2.0),
    _evasion("dilution", "-10x", training=_SMALL, serving=_COVER | {"rate": 50.0}, cover_per_step_time=10.0),
    _evasion("stochastic", training=_SMALL, most_s=4.0),
    _evasion("memory_minimal", training=_train(12, 768, 1, 512)),
    _evasion("fft_mimicry", training=_SMALL, grid=256, host_every=20, per_step=30),
)

_PARALLEL = (
    Entry(
        "gpt-ddp",
        "parallel",
        "pretraining",
        "ddp",
        "multi-gpu",
        "parallel:data_parallel",
        _train(24, 1536, 8) | {"accumulate": 1},
        gpus=0,
    ),
    Entry(
        "gpt-ddp-accumulate",
        "parallel",
        "pretraining",
        "ddp",
        "multi-gpu",
        "parallel:data_parallel",
        _train(24, 1536, 8) | {"accumulate": 8},
        gpus=0,
    ),
    Entry(
        "gpt-fsdp",
        "parallel",
        "pretraining",
        "fsdp",
        "multi-gpu",
        "parallel:fully_sharded",
        _train(32, 2560, 4),
        gpus=0,
    ),
    Entry(
        "gpt-tensor",
        "parallel",
        "pretraining",
        "tensor-parallel",
        "multi-gpu",
        "parallel:tensor_parallel",
        _train(24, 2048, 8),
        gpus=0,
    ),
)

ENTRIES: tuple[Entry, ...] = (*_TRAINING, *_INFERENCE, *_OTHER, *_EVASIONS, *_PARALLEL)
BATCHES: tuple[str, ...] = tuple(dict.fromkeys(entry.batch for entry in ENTRIES))
