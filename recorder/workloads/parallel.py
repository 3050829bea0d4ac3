"""Pre-training over several GPUs, one process each: data parallel, sharded, tensor parallel."""

import os
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor.parallel import ColwiseParallel, RowwiseParallel, parallelize_module
from torch.nn.parallel import DistributedDataParallel

from workloads.training import update
from workloads.transformer import Decoder, decoder, random_tokens

Steps = Iterator[None]


class Loss(nn.Module):
    """The model's loss as what the module computes, for wrappers that only see that."""

    def __init__(self, model: Decoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor) -> Tensor:
        """A scalar."""
        return self.model.loss(tokens)


def data_parallel(
    device: str, layers: int, width: int, batch: int, length: int, vocabulary: int, accumulate: int
) -> Steps:
    """Whole copies whose gradients are averaged once per ``accumulate`` batches."""
    wrapped = DistributedDataParallel(Loss(decoder(device, layers, width, vocabulary)))
    optimizer = torch.optim.AdamW(wrapped.parameters(), lr=1e-4)
    while True:
        with wrapped.no_sync():
            for _ in range(accumulate - 1):
                wrapped(random_tokens(device, batch, length + 1, vocabulary)).backward()
        update(wrapped, optimizer, random_tokens(device, batch, length + 1, vocabulary))
        yield


def fully_sharded(device: str, layers: int, width: int, batch: int, length: int, vocabulary: int) -> Steps:
    """Weights, gradients and optimiser state are spread over all GPUs, layer by layer."""
    model = Loss(decoder(device, layers, width, vocabulary))
    mesh = init_device_mesh(device.split(":")[0], (int(os.environ["WORLD_SIZE"]),))
    for layer in model.model.layers:
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    while True:
        update(model, optimizer, random_tokens(device, batch, length + 1, vocabulary))
        yield


def tensor_parallel(device: str, layers: int, width: int, batch: int, length: int, vocabulary: int) -> Steps:
    """Each layer is split over all GPUs: two sums over all of them forward, two backward."""
    torch.manual_seed(0)  # all ranks see the same batch
    model = decoder(device, layers, width, vocabulary)
    ranks = int(os.environ["WORLD_SIZE"])
    mesh = init_device_mesh(device.split(":")[0], (ranks,))
    for layer in model.layers:
        plan = {"attention_in": ColwiseParallel(), "attention_out": RowwiseParallel()}
        plan |= {"forward_in": ColwiseParallel(), "forward_out": RowwiseParallel()}
        parallelize_module(layer, mesh, plan)
        layer.heads //= ranks
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, foreach=False)
    while True:
        update(model.loss, optimizer, random_tokens(device, batch, length + 1, vocabulary))
        yield
