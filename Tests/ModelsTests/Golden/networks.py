"""Forward passes of PyTorch for the networks of Models/Networks, with the weights they were made with.

Writes lstm/, gru/ and transformer/ beside this file, each a model as Martinet saves it (network.json,
network.safetensors) and cases.json with inputs and what PyTorch gave. Run once, with PyTorch 2.x:

    python Tests/ModelsTests/Golden/networks.py
"""
import json
import pathlib
import struct

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
STEPS, FEATURES, ROWS = 7, 5, 70


class LastStep(nn.Module):
    def __init__(self, kind, hidden, layers, outputs):
        super().__init__()
        self.trunk = kind(FEATURES, hidden, num_layers=layers, batch_first=True)
        self.head = nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.head(self.trunk(x)[0][:, -1])


class Positions(nn.Module):
    def __init__(self, steps, width):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(steps, width) * 0.3)

    def forward(self, x):
        return x + self.weight


class Attention(nn.Module):
    def __init__(self, width, heads, layers, feed_forward, outputs):
        super().__init__()
        self.embedding = nn.Linear(FEATURES, width)
        self.positions = Positions(STEPS, width)
        layer = nn.TransformerEncoderLayer(
            width, heads, feed_forward, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        return self.head(self.norm(self.encoder(self.positions(self.embedding(x)))).mean(dim=1))


def safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header["network." + name] = {
            "dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-(8 + len(text)) % 64)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write(name, model, settings, outputs):
    torch.manual_seed(11)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.4)
        else:
            nn.init.normal_(parameter, mean=0.5 if "norm" in name else 0.0, std=0.4)
    model.eval()
    x = torch.randn(ROWS, STEPS, FEATURES)
    with torch.no_grad():
        y = model(x)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    safetensors(folder / "network.safetensors", model.state_dict())
    card = {"settings": {"sequence_length": STEPS, **settings}, "features": FEATURES, "outputs": outputs,
            "centre": 0.0, "width": 1.0}
    (folder / "network.json").write_text(json.dumps(card, indent=1) + "\n")
    cases = {"steps": STEPS, "features": FEATURES, "rows": ROWS,
             "inputs": [round(v, 6) for v in x.flatten().tolist()], "outputs": y.flatten().tolist()}
    # Inputs are written with six decimals: PyTorch sees the same.
    x = torch.tensor(cases["inputs"]).reshape(ROWS, STEPS, FEATURES)
    with torch.no_grad():
        cases["outputs"] = model(x).flatten().tolist()
    (folder / "cases.json").write_text(json.dumps(cases) + "\n")


write("lstm", LastStep(nn.LSTM, 12, 2, 3), {"hidden": 12, "layers": 2, "dropout": 0.0}, 3)
write("gru", LastStep(nn.GRU, 12, 2, 1), {"hidden": 12, "layers": 2, "dropout": 0.0}, 1)
write("transformer", Attention(16, 4, 2, 24, 3),
      {"width": 16, "heads": 4, "layers": 2, "feed_forward": 24, "dropout": 0.0}, 3)
