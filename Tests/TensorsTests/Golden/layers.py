"""Writes layers.json: outputs and gradients of PyTorch's layers in Float64, which the tests compare with.

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python Tests/TensorsTests/Golden/layers.py

Weights and inputs are no matter of chance: number i of a tensor is sin(i · step + shift), so that the
test makes the same ones.
"""
import json
import math
import os

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def wave(shape, step, shift, scale=1.0):
    count = math.prod(shape)
    return (scale * torch.sin(torch.arange(count) * step + shift)).reshape(shape)


def run(name, model, shape, forward):
    for index, (_, parameter) in enumerate(model.named_parameters()):
        parameter.data = wave(parameter.shape, 0.7, float(index), 0.3)
    x = wave(shape, 0.37, 0.5).requires_grad_()
    y = forward(model, x)
    # Every number of the output counts differently.
    (y * wave(y.shape, 0.11, 0.2)).sum().backward()
    return {
        "name": name, "shape": list(shape), "output": y.flatten().tolist(),
        "input_gradient": x.grad.flatten().tolist(),
        "parameters": [
            {"name": n, "shape": list(p.shape), "gradient": p.grad.flatten().tolist()}
            for n, p in model.named_parameters()],
    }


class Mamba(nn.Module):
    """The block of mamba_ssm, a step at a time."""

    def __init__(s, d, n, k, e):
        super().__init__()
        s.di, s.n, s.r = d * e, n, (d + 15) // 16
        s.in_proj = nn.Linear(d, 2 * s.di, bias=False)
        s.conv1d = nn.Conv1d(s.di, s.di, k, groups=s.di, padding=k - 1)
        s.x_proj = nn.Linear(s.di, s.r + 2 * n, bias=False)
        s.dt_proj = nn.Linear(s.r, s.di)
        s.A_log = nn.Parameter(torch.zeros(s.di, n))
        s.D = nn.Parameter(torch.zeros(s.di))
        s.out_proj = nn.Linear(s.di, d, bias=False)

    def forward(s, u):
        b, l, _ = u.shape
        x, z = s.in_proj(u).chunk(2, -1)
        x = nn.functional.silu(s.conv1d(x.transpose(1, 2))[..., :l].transpose(1, 2))
        dt, B, C = s.x_proj(x).split([s.r, s.n, s.n], -1)
        dt = nn.functional.softplus(s.dt_proj(dt))
        A = -torch.exp(s.A_log)
        h = torch.zeros(b, s.di, s.n)
        ys = []
        for t in range(l):
            h = torch.exp(dt[:, t, :, None] * A) * h + (dt[:, t] * x[:, t])[..., None] * B[:, t, None]
            ys.append((h * C[:, t, None]).sum(-1))
        y = torch.stack(ys, 1) + s.D * x
        return s.out_proj(y * nn.functional.silu(z))


def encoder(norm_first):
    layer = nn.TransformerEncoderLayer(
        8, 2, 12, 0.0, batch_first=True, norm_first=norm_first, activation="gelu")
    return nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)


cases = [
    run("linear", nn.Linear(5, 7), (3, 5), lambda m, x: m(x)),
    run("lstm", nn.LSTM(5, 6, 2, batch_first=True), (3, 4, 5), lambda m, x: m(x)[0]),
    run("gru", nn.GRU(5, 6, 2, batch_first=True), (3, 4, 5), lambda m, x: m(x)[0]),
    run("layer_norm", nn.LayerNorm(9), (4, 9), lambda m, x: m(x)),
    run("rms_norm", nn.RMSNorm(9, eps=1e-5), (4, 9), lambda m, x: m(x)),
    run("encoder_pre", encoder(True), (2, 5, 8), lambda m, x: m(x)),
    run("encoder_post", encoder(False), (2, 5, 8), lambda m, x: m(x)),
    run("mamba", Mamba(8, 3, 4, 2), (2, 35, 8), lambda m, x: m(x)),
]
path = os.path.join(os.path.dirname(__file__), "layers.json")
with open(path, "w") as file:
    json.dump({"torch": torch.__version__.split("+")[0], "cases": cases}, file)
