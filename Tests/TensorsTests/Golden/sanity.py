"""Writes sanity.json: the losses of PyTorch, step by step, on small tasks with known ends.

    /tmp/torch/bin/python Tests/TensorsTests/Golden/sanity.py

Weights, data and their order are hashes of whole numbers, so that the tests train on the same.
"""
import math

import torch
from torch import nn

from layers import Mamba
from recording import write

torch.set_num_threads(2)
STEPS = 600


def hashed(index, key):
    """A number in 0..<1 for each index."""
    word = (index * 2654435761 + key * 40503 + 12345) & 0xFFFFFFFF
    word ^= word >> 15
    word = (word * 2246822519) & 0xFFFFFFFF
    word ^= word >> 13
    return word.double() / 2**32


def fill(model):
    """Uniform within 1 / sqrt(columns); a state-space block's own parameters as they are meant."""
    for key, (name, p) in enumerate(sorted(model.named_parameters())):
        bound = 1 / math.sqrt(p.shape[-1])
        values = bound * (2 * hashed(torch.arange(p.numel()), key) - 1)
        if name.endswith("A_log"):
            values = torch.log(torch.arange(p.numel()) % p.shape[-1] + 1.0)
        elif name.endswith(".D"):
            values = torch.ones(p.numel())
        elif name.endswith("dt_proj.bias"):
            values = torch.full((p.numel(),), -3.0)
        p.data = values.reshape(p.shape).to(torch.get_default_dtype())
    return model


class Sequence(nn.Module):
    """A body that gives a number of columns for each step, and a last layer."""

    def __init__(s, body, width, outputs):
        super().__init__()
        s.r, s.o = body, nn.Linear(width, outputs)

    def forward(s, x):
        y = s.r(x)
        return s.o(y[0] if isinstance(y, tuple) else y)


def moons(step):
    """Two half circles, 256 points with some noise."""
    i = torch.arange(256)
    t, noise = math.pi * hashed(i, 1), 0.3 * (hashed(torch.arange(512), 2).reshape(256, 2) - 0.5)
    lower = i % 2 == 1
    x = torch.stack([torch.where(lower, 1 - t.cos(), t.cos()),
                     torch.where(lower, 0.5 - t.sin(), t.sin())], 1) + noise
    return x.to(torch.get_default_dtype()), i % 2


def sines(step):
    """Windows of a mixture of three sines, and the 12 numbers after each."""
    start = 1000 * hashed(torch.arange(32) + 32 * step, 3)
    t = start[:, None] + torch.arange(60)
    s = (0.3 * t).sin() + 0.5 * (0.11 * t + 1).sin() + 0.3 * (0.73 * t + 2).sin()
    return s[:, :48, None].to(torch.get_default_dtype()), s[:, 48:].to(torch.get_default_dtype())


def copies(step):
    """Four of six symbols, four steps of waiting, and a sign for each symbol to be given back."""
    symbols = (6 * hashed(torch.arange(32 * 4) + 128 * step, 4)).long().reshape(32, 4)
    x = torch.zeros(32, 12, 16)
    x[:, :4].scatter_(2, symbols[..., None], 1.0)
    x[:, 8:, 6] = 1
    return x, symbols


def train(name, model, batch, loss):
    model = fill(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    losses = []
    for step in range(STEPS):
        x, y = batch(step)
        value = loss(model(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        losses.append(float(f"{value.item():.7g}"))
    print(name, losses[0], losses[19], sum(losses[-20:]) / 20)
    return {"name": name, "losses": losses}


def entropy(y, labels):
    return nn.functional.cross_entropy(y.flatten(0, -2), labels.flatten())


def last_four(y, labels):
    return entropy(y[:, 8:], labels)


def forecast(y, numbers):
    return nn.functional.mse_loss(y[:, -1], numbers)


def sequence(body, width=64):
    return lambda: Sequence(body(), width, 6)


tasks = {
    "moons": (lambda: nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 2)), moons, entropy),
    "sines": (lambda: Sequence(nn.LSTM(1, 48, batch_first=True), 48, 12), sines, forecast),
    "copy_lstm": (sequence(lambda: nn.LSTM(16, 64, batch_first=True)), copies, last_four),
    "copy_gru": (sequence(lambda: nn.GRU(16, 64, batch_first=True)), copies, last_four),
    "copy_mamba": (sequence(lambda: Mamba(16, 8, 4, 4), 16), copies, last_four),
}
cases = []
for dtype in [torch.float32, torch.float64]:
    torch.set_default_dtype(dtype)
    for name, (model, batch, loss) in tasks.items():
        cases.append(train(f"{name} {str(dtype).split('.')[1]}", model(), batch, loss))
write("sanity.json", cases)
