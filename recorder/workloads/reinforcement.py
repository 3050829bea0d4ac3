"""Generate, then train: the rhythm of reinforcement learning on a language model."""

from collections.abc import Iterator

import torch
from torch.nn import functional

from workloads.generation import generate
from workloads.transformer import decoder, random_tokens


def generate_then_train(
    device: str, layers: int, width: int, batch: int, prompt: int, tokens: int, vocabulary: int, epochs: int
) -> Iterator[None]:
    """Answers are generated, scored at random, and trained on ``epochs`` times with a policy gradient."""
    model = decoder(device, layers, width, vocabulary)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-6)
    while True:
        prompts = random_tokens(device, batch, prompt, vocabulary)
        with torch.no_grad():
            for longer in generate(model, prompts, tokens):
                answers = longer
                yield
        advantage = torch.randn(batch, 1, device=device)
        for _ in range(epochs):
            logits = model(answers[:, :-1]).float()
            chosen = -functional.cross_entropy(logits.transpose(1, 2), answers[:, 1:], reduction="none")
            (-(advantage * chosen)[:, prompt - 1 :].mean()).backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            yield
