"""Writes layers.json: outputs and gradients of PyTorch's layers in Float64, which the tests compare with.

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python Tests/TensorsTests/Golden/layers.py
"""
import torch
from torch import nn

from recording import run, wave, write


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


class Decoder(nn.Module):
    """A decoder's layer whose memory is made of the input itself."""

    def __init__(s, norm_first):
        super().__init__()
        s.layer = nn.TransformerDecoderLayer(
            8, 2, 12, 0.0, batch_first=True, norm_first=norm_first, activation="relu")

    def forward(s, x):
        n = x.shape[1]
        mask = torch.triu(torch.ones(n, n, dtype=torch.bool), 1)
        return s.layer(x, x[:, 1:4] * 0.5, tgt_mask=mask)


class Rotary(nn.Module):
    """Causal attention with grouped queries and rotary positions, written out."""

    def __init__(s, d, heads, key_heads):
        super().__init__()
        s.h, s.k, s.w = heads, key_heads, d // heads
        rows = d + 2 * key_heads * s.w
        s.in_proj_weight, s.in_proj_bias = (
            nn.Parameter(torch.zeros(rows, d)), nn.Parameter(torch.zeros(rows)))
        s.out_proj = nn.Linear(d, d)

    def turn(s, x):
        half = s.w // 2
        angle = torch.arange(x.shape[1])[:, None] * 100.0 ** (-torch.arange(half) / half)
        c, i = angle.cos()[:, None], angle.sin()[:, None]
        a, b = x[..., :half], x[..., half:]
        return torch.cat([a * c - b * i, b * c + a * i], -1)

    def forward(s, x):
        b, n, d = x.shape
        packed = nn.functional.linear(x, s.in_proj_weight, s.in_proj_bias)
        q, k, v = packed.split([d, s.k * s.w, s.k * s.w], -1)
        q = s.turn(q.reshape(b, n, s.h, s.w))
        k = s.turn(k.reshape(b, n, s.k, s.w)).repeat_interleave(s.h // s.k, 2)
        v = v.reshape(b, n, s.k, s.w).repeat_interleave(s.h // s.k, 2)
        y = nn.functional.scaled_dot_product_attention(
            q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), is_causal=True)
        return s.out_proj(y.transpose(1, 2).reshape(b, n, d))


class Positions(nn.Module):
    def __init__(s):
        super().__init__()
        s.weight = nn.Parameter(torch.zeros(6, 4))

    def forward(s, x):
        return torch.tanh(x + s.weight[:x.shape[1]])


class GatedResidual(nn.Module):
    def __init__(s, inputs, hidden, outputs, context=None):
        super().__init__()
        s.fc1 = nn.Linear(inputs, hidden)
        s.context = nn.Linear(context, hidden, bias=False) if context else None
        s.fc2, s.gate = nn.Linear(hidden, hidden), nn.Linear(hidden, 2 * outputs)
        s.skip = nn.Linear(inputs, outputs) if inputs != outputs else None
        s.norm = nn.LayerNorm(outputs)

    def forward(s, x, c=None):
        wide = s.fc1(x) + (s.context(c).unsqueeze(-2) if c is not None else 0)
        gated = nn.functional.glu(s.gate(s.fc2(nn.functional.elu(wide))), -1)
        return s.norm((s.skip(x) if s.skip else x) + gated)


class Selection(nn.Module):
    def __init__(s, n, d):
        super().__init__()
        s.shares = GatedResidual(n * d, d, n)
        s.variables = nn.ModuleList([GatedResidual(d, d, d) for _ in range(n)])

    def forward(s, x):
        # The variables stand side by side.
        parts = x.chunk(len(s.variables), -1)
        shares = torch.softmax(s.shares(x), -1)
        each = torch.stack([g(p) for g, p in zip(s.variables, parts)], -2)
        return (shares.unsqueeze(-1) * each).sum(-2)


class RevIN(nn.Module):
    def __init__(s, channels):
        super().__init__()
        s.affine_weight = nn.Parameter(torch.ones(channels))
        s.affine_bias = nn.Parameter(torch.zeros(channels))

    def forward(s, x):
        mean = x.mean(1, keepdim=True).detach()
        spread = torch.sqrt(x.var(1, keepdim=True, unbiased=False) + 1e-5).detach()
        y = (x - mean) / spread * s.affine_weight + s.affine_bias
        forecast = torch.tanh(y[:, 1:])
        return (forecast - s.affine_bias) / (s.affine_weight + 1e-10) * spread + mean


class Named(nn.Module):
    """A module under a name."""

    def __init__(s, name, module):
        super().__init__()
        s.name = name
        s.add_module(name, module)

    def forward(s, x):
        return getattr(s, s.name)(x)


class Table(nn.Module):
    """An embedding, times the input so that it has a gradient."""

    def __init__(s):
        super().__init__()
        s.table = nn.Embedding(6, 3)

    def forward(s, x):
        return s.table(torch.tensor([[1, 5, 1], [0, 2, 5]])) * x


def convolution(**settings):
    def forward(m, x):
        if "padding" not in settings and m.dilation[0] > 1:
            x = nn.functional.pad(x, (0, 0, m.dilation[0] * (m.kernel_size[0] - 1), 0))
        return m(x.transpose(1, 2)).transpose(1, 2)
    return nn.Conv1d(4, 6, 3, **settings), (2, 9, 4), forward


def cases():
    return [
        run("linear", nn.Linear(5, 7), (3, 5), lambda m, x: m(x)),
        run("lstm", nn.LSTM(5, 6, 2, batch_first=True), (3, 4, 5), lambda m, x: m(x)[0]),
        run("gru", nn.GRU(5, 6, 2, batch_first=True), (3, 4, 5), lambda m, x: m(x)[0]),
        run("layer_norm", nn.LayerNorm(9), (4, 9), lambda m, x: m(x)),
        run("rms_norm", nn.RMSNorm(9, eps=1e-5), (4, 9), lambda m, x: m(x)),
        run("batch_norm", nn.BatchNorm1d(5), (7, 5), lambda m, x: m(x)),
        run("encoder_pre", encoder(True), (2, 5, 8), lambda m, x: m(x)),
        run("encoder_post", encoder(False), (2, 5, 8), lambda m, x: m(x)),
        run("decoder_pre", Decoder(True), (2, 5, 8), lambda m, x: m(x)),
        run("decoder_post", Decoder(False), (2, 5, 8), lambda m, x: m(x)),
        run("rotary", Rotary(8, 2, 1), (2, 5, 8), lambda m, x: m(x)),
        run("mamba", Mamba(8, 3, 4, 2), (2, 35, 8), lambda m, x: m(x)),
        run("positions", Positions(), (2, 5, 4), lambda m, x: m(x)),
        run("embedding", Table(), (2, 3, 3), lambda m, x: m(x)),
        run("conv_causal", *convolution(dilation=2)),
        run("conv_strided", *convolution(stride=2, padding=1)),
        run("conv_groups", *convolution(groups=2, padding="same")),
        run("gated_residual", GatedResidual(5, 4, 3, 2), (2, 4, 5), lambda m, x: m(x, x[:, 0, :2])),
        run("variable_selection", Named("select", Selection(3, 4)), (2, 5, 12), lambda m, x: m(x)),
        run("revin", Named("revin", RevIN(3)), (2, 6, 3), lambda m, x: m(x)),
    ]


if __name__ == "__main__":
    write("layers.json", cases())
