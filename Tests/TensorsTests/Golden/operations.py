"""Writes operations.json: outputs and gradients of PyTorch's functions in Float64.

    /tmp/torch/bin/python Tests/TensorsTests/Golden/operations.py
"""
import torch
from torch import nn
from torch.nn import functional as F

from recording import run, wave, write


def reductions(x):
    return x.sum(1) * x.mean(1) + x.amax(1) - x.amin(1) + x.var(1, unbiased=False)


def gather(x):
    rows = x[torch.tensor([2, 0, 6, 2])]
    table = torch.zeros(5, 3).index_add(0, torch.tensor([4, 1, 4, 0]), rows)
    return torch.cat([table, rows.gather(1, torch.tensor([[2], [0], [1], [1]])).expand(4, 3)])


def elementary(x):
    y = x.square() + 0.1
    return y.log() * x.exp() + y.sqrt() * x.abs() + (x + 2).reciprocal() / (3 - x) - 2 * x


def top(x):
    values, places = x.topk(2, -1)
    return values * x.square().gather(-1, places)


def masked(x):
    mask = torch.arange(x.shape[-1]) % 3 == 1
    return x.masked_fill(mask, 0.25).clamp(-0.4, 0.8)


def student(x):
    m, s, n, y = x.chunk(4)
    d = torch.distributions.StudentT(torch.exp(n) + 1.5, m, torch.exp(s))
    return -d.log_prob(y).mean()


def gaussian(x):
    m, s, y = x.chunk(3)
    return -torch.distributions.Normal(m, torch.exp(s)).log_prob(y).mean()


def pinball(x):
    y, forecasts = x[:, 0], x[:, 1:]
    q = torch.tensor([0.1, 0.5, 0.9])
    error = y[:, None] - forecasts
    return torch.maximum(q * error, (q - 1) * error).mean()


def entropy(x):
    labels = torch.tensor([2, 0, 1, 1, 3, 0])
    return F.cross_entropy(
        x, labels, weight=torch.tensor([0.5, 1.0, 2.0, 1.5]), label_smoothing=0.1)


def pads(x):
    edge = F.pad(x, (2, 3), mode="replicate")
    return edge.unfold(-1, 4, 2) + F.pad(x, (0, 1), value=0.5)[..., -4:].unsqueeze(-2)


def products(x):
    a, b = x[:, :3], x[:, 3:]
    left = a @ b.transpose(1, 2) @ b
    return left @ x[0, :6].T + (a.transpose(1, 2) @ a).sum()


functions = {
    "reductions": (reductions, (2, 5, 3)),
    "gather": (gather, (7, 3)),
    "gather_axis": (lambda x: x[:, torch.tensor([[4, 0], [2, 4]])], (2, 5, 3)),
    "elementary": (elementary, (3, 7)),
    "top": (top, (3, 6)),
    "masked": (masked, (4, 7)),
    "softmax": (lambda x: x.softmax(-1) * x.log_softmax(-1), (3, 5)),
    "cumulative": (lambda x: x.cumsum(1) * x.cumsum(-1), (2, 4, 3)),
    "permuted": (lambda x: x.permute(2, 0, 1) * x.permute(2, 1, 0).mT, (2, 3, 4)),
    "joined": (lambda x: torch.stack([torch.cat([x, 2 * x], 1), x.repeat(1, 2) * 3], 1)
               + x[:, :1].unsqueeze(1).expand(3, 2, 8), (3, 4)),
    "pads": (pads, (2, 3, 5)),
    "products": (products, (2, 7, 6)),
    "pool_max": (lambda x: F.max_pool1d(x, 3, 2, ceil_mode=True), (2, 3, 10)),
    "pool_floor": (lambda x: F.avg_pool1d(x, 3, 2), (2, 3, 10)),
    "pool_mean": (lambda x: F.avg_pool1d(x, 4, 4, ceil_mode=True), (2, 3, 10)),
    "interpolate": (lambda x: F.interpolate(x, size=11, mode="linear"), (2, 3, 4)),
    "extremes": (lambda x: torch.minimum(x, 0.3 - x) * torch.maximum(x, x.square()), (4, 6)),
    "gaussian": (gaussian, (6, 4)),
    "student": (student, (8, 3)),
    "pinball": (pinball, (5, 4)),
    "cross_entropy": (entropy, (6, 4)),
}
write("operations.json", [
    run(name, None, shape, lambda _, x, f=function: f(x))
    for name, (function, shape) in functions.items()])
