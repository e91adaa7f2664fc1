"""PyTorch's models on the same windows and weights: training steps, inference and one window at a time.

LSTM and GRU 2 x 128, Transformer encoder d128 h8 l3 ff512, a careful Mamba block, an MLP. A Mamba
block makes exp(dt A) and dt B x a step at a time, as a careful user would.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from protocol import serve

VERSION = f"PyTorch {torch.__version__.split('+')[0]}"


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.r, self.o = kind(107, 128, 2, batch_first=True), nn.Linear(128, 3)

    def forward(self, x):
        return self.o(self.r(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.i, self.p = nn.Linear(107, 128), nn.Parameter(torch.zeros(1, 60, 128))
        layer = nn.TransformerEncoderLayer(
            128, 8, 512, 0.1, batch_first=True, norm_first=True, activation="gelu")
        self.e = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)
        self.o = nn.Linear(128, 3)

    def forward(self, x):
        return self.o(self.e(self.i(x) + self.p)[:, -1])


class Mamba(nn.Module):
    def __init__(self, d=256, n=16, k=4, e=2):
        super().__init__()
        self.di, self.n, self.r = d * e, n, d // 16
        self.in_proj = nn.Linear(d, 2 * self.di, bias=False)
        self.conv1d = nn.Conv1d(self.di, self.di, k, groups=self.di, padding=k - 1)
        self.x_proj = nn.Linear(self.di, self.r + 2 * n, bias=False)
        self.dt_proj = nn.Linear(self.r, self.di)
        self.A_log = nn.Parameter(torch.zeros(self.di, n))
        self.D = nn.Parameter(torch.zeros(self.di))
        self.out_proj = nn.Linear(self.di, d, bias=False)

    def forward(self, u):
        b, l, _ = u.shape
        x, z = self.in_proj(u).chunk(2, -1)
        x = F.silu(self.conv1d(x.transpose(1, 2))[..., :l].transpose(1, 2))
        dt, B, C = self.x_proj(x).split([self.r, self.n, self.n], -1)
        dt = F.softplus(self.dt_proj(dt))
        A = -torch.exp(self.A_log)
        h = torch.zeros(b, self.di, self.n)
        ys = []
        for d, bx, bb, cc in zip(dt.unbind(1), (dt * x).unbind(1), B.unbind(1), C.unbind(1)):
            h = torch.exp(d.unsqueeze(-1) * A) * h + bx.unsqueeze(-1) * bb.unsqueeze(1)
            ys.append(torch.bmm(h, cc.unsqueeze(-1)).squeeze(-1))
        y = torch.stack(ys, 1) + self.D * x
        return self.out_proj(y * F.silu(z))


def mlp():
    return nn.ModuleDict({"mlp": nn.ModuleList(
        [nn.Linear(26, 64), nn.Linear(64, 64), nn.Linear(64, 9)])})


MODELS = {"lstm": lambda: Recurrent(nn.LSTM), "gru": lambda: Recurrent(nn.GRU),
          "transformer": Transformer, "mamba": Mamba}


def filled(model):
    """The same weights as ours: number i of the tensor at place j by name is sin(0.7 i + j)."""
    parameters = dict(model.named_parameters())
    for index, name in enumerate(sorted(parameters)):
        p = parameters[name]
        scale = 1 / max(1, p.shape[-1]) ** 0.5
        wave = scale * torch.sin(torch.arange(p.numel(), dtype=torch.float64) * 0.7 + index)
        p.data = wave.float().reshape(p.shape)
    return model


def infer(name):
    def make(inputs, threads):
        torch.set_num_threads(threads)
        model, x, result = filled(MODELS[name]()).eval(), torch.from_numpy(inputs[0]), []

        @torch.inference_mode()
        def run():
            result[:] = [model(x)]

        return run, lambda: result[0].numpy(), VERSION

    return make


def stepper(model, loss, told=0):
    optimizer, losses = torch.optim.Adam(model.parameters(), 1e-3), []

    def run():
        value = loss()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        losses.append(value.item())

    return run, lambda: torch.tensor(losses[told:told + 1]).numpy(), VERSION


def train(name):
    def make(inputs, threads):
        torch.set_num_threads(threads)
        model, x = filled(MODELS[name]()).train(), torch.from_numpy(inputs[0])
        labels = torch.zeros(len(x), dtype=torch.long)
        if name == "mamba":
            return stepper(model, lambda: (model(x) ** 2).mean())
        return stepper(model, lambda: F.cross_entropy(model(x), labels))

    return make


def train_mlp(inputs, threads):
    torch.set_num_threads(threads)
    model, x = filled(mlp()), torch.from_numpy(inputs[0])
    y = torch.from_numpy(inputs[1]).long()
    a, b, c = model["mlp"]
    # Ours takes its first step while it reads its inputs, and tells the loss of the second.
    run, output, version = stepper(
        model, lambda: F.cross_entropy(c(F.relu(b(F.relu(a(x))))), y), told=1)
    run()
    return run, output, version


def half_product(inputs, threads):
    torch.set_num_threads(threads)
    a, b = (torch.from_numpy(x).bfloat16() for x in inputs)
    out = torch.empty(len(a), b.shape[1], dtype=torch.bfloat16)

    @torch.inference_mode()
    def run():
        torch.mm(a, b, out=out)

    return run, lambda: out.float().numpy(), f"{VERSION} (oneDNN)"


cases = {"mlp_step_b32": train_mlp, "gemm_bf16_1024": half_product, "mamba_infer_b32": infer("mamba"),
         "mamba_infer_b1": infer("mamba"), "mamba_train_b32": train("mamba")}
for model in ("lstm", "gru", "transformer"):
    cases[f"{model}_train"] = train(model)
    cases[f"{model}_infer"] = cases[f"{model}_latency"] = infer(model)
serve(cases)
