"""Runs PyTorch's layers on numbers that the tests can make again, and writes down what comes out.

Weights and inputs are no matter of chance: number i of a tensor is sin(i * step + shift).
"""
import json
import math
import os

import torch

torch.set_default_dtype(torch.float64)


def wave(shape, step, shift, scale=1.0):
    count = math.prod(shape)
    return (scale * torch.sin(torch.arange(count) * step + shift)).reshape(shape)


def run(name, model, shape, forward):
    """The output, and the gradients of the input and of every parameter."""
    parameters = list(model.named_parameters()) if model else []
    for index, (_, parameter) in enumerate(parameters):
        parameter.data = wave(parameter.shape, 0.7, float(index), 0.3)
    x = wave(shape, 0.37, 0.5).requires_grad_()
    y = forward(model, x)
    # Every number of the output counts differently.
    (y * wave(y.shape, 0.11, 0.2)).sum().backward()
    statistics = [(n, b) for n, b in model.named_buffers() if "running" in n] if model else []
    return {
        "name": name, "shape": list(shape), "output": y.flatten().tolist(),
        "input_gradient": x.grad.flatten().tolist(),
        "parameters": [
            {"name": n, "shape": list(p.shape), "gradient": p.grad.flatten().tolist()}
            for n, p in parameters],
        "statistics": [{"name": n, "values": b.flatten().tolist()} for n, b in statistics],
    }


def write(name, cases):
    path = os.path.join(os.path.dirname(__file__), name)
    with open(path, "w") as file:
        json.dump({"torch": torch.__version__.split("+")[0], "cases": cases}, file)
