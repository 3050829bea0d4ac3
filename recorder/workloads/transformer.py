"""A GPT-like decoder with random weights, small enough to read and shaped like the real thing."""

import torch
from torch import Tensor, nn
from torch.nn import functional

#: Keys and values so far, of each layer.
Caches = list[list[Tensor]]


class Layer(nn.Module):
    """Self-attention and a feed-forward net of four times the width, both with a residual.

    ``cache`` holds the keys and values of earlier positions while tokens are generated.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention, self.before_forward = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention_in = nn.Linear(width, 3 * width)
        self.attention_out = nn.Linear(width, width)
        self.forward_in, self.forward_out = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor, cache: list[Tensor] | None = None, *, causal: bool = True) -> Tensor:
        """(batch, length, width) to the same."""
        batch, length, _ = x.shape
        split = self.attention_in(self.before_attention(x)).view(batch, length, 3, self.heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        if cache is not None:
            if cache:
                key, value = torch.cat((cache[0], key), 2), torch.cat((cache[1], value), 2)
            cache[:] = [key, value]
        attended = functional.scaled_dot_product_attention(
            query, key, value, is_causal=causal and query.shape[2] == key.shape[2] and length > 1
        )
        x = x + self.attention_out(attended.transpose(1, 2).reshape(batch, length, -1))
        return x + self.forward_out(functional.gelu(self.forward_in(self.before_forward(x))))


class Decoder(nn.Module):
    """``layers`` layers between a token embedding and logits."""

    def __init__(self, layers: int, width: int, heads: int, vocabulary: int) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.embedding = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.final, self.logits = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)

    def hidden(self, tokens: Tensor, caches: Caches | None = None, *, causal: bool = True) -> Tensor:
        """(batch, length) tokens to (batch, length, width)."""
        x = self.embedding(tokens)
        for index, layer in enumerate(self.layers):
            x = layer(x, None if caches is None else caches[index], causal=causal)
        return self.final(x)

    def forward(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        """(batch, length) tokens to (batch, length, vocabulary) logits."""
        return self.logits(self.hidden(tokens, caches))

    def loss(self, tokens: Tensor) -> Tensor:
        """Cross-entropy of the next token."""
        logits = self(tokens[:, :-1])
        return functional.cross_entropy(logits.flatten(0, 1).float(), tokens[:, 1:].flatten())


def decoder(device: str, layers: int, width: int, vocabulary: int = 32_000) -> Decoder:
    """A decoder in bfloat16 on a GPU (float32 on a CPU), heads of 64."""
    model = Decoder(layers, width, max(1, width // 64), vocabulary)
    return model.to(device=device, dtype=precision(device))


def precision(device: str) -> torch.dtype:
    """What models compute in."""
    return torch.bfloat16 if device.startswith("cuda") else torch.float32


def random_tokens(device: str, batch: int, length: int, vocabulary: int = 32_000) -> Tensor:
    """(batch, length) tokens without meaning."""
    return torch.randint(vocabulary, (batch, length), device=device)
