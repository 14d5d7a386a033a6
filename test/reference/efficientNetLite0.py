"""EfficientNet-lite0 in PyTorch, written from the paper: outputs and gradients for test/training/network.test.ts.

Run from the repository: python3 test/reference/efficientNetLite0.py (Debian's python3-torch 1.13.1).

Weights are no file: both sides compute them by the formula in `wave`, so that the fixture stays small.
"""

import json
import math
import os

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

STAGES = [
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
]


def conv(inputs, outputs, kernel, stride, groups, act):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3),
    ]
    return nn.Sequential(*layers, *([nn.ReLU6()] if act else []))


class Block(nn.Module):
    def __init__(self, inputs, outputs, expansion, kernel, stride):
        super().__init__()
        wide = inputs * expansion
        expand = [] if expansion == 1 else [conv(inputs, wide, 1, 1, 1, True)]
        self.body = nn.Sequential(
            *expand, conv(wide, wide, kernel, stride, wide, True), conv(wide, outputs, 1, 1, 1, False)
        )
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return self.body(x) + x if self.residual else self.body(x)


class Lite0(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        blocks, channels = [conv(3, 32, 3, 2, 1, True)], 32
        for expansion, kernel, stride, width, repeats in STAGES:
            for r in range(repeats):
                blocks.append(Block(channels, width, expansion, kernel, stride if r == 0 else 1))
                channels = width
        self.features = nn.Sequential(*blocks, conv(channels, 1280, 1, 1, 1, True))
        self.last = nn.Linear(1280, outputs)

    def forward(self, x):
        embedding = self.features(x).mean((2, 3))
        return embedding, self.last(embedding)


def wave(index, shape):
    """Pseudo-random values in −1 … 1 of tensor number `index`: sin(k · 12.9898 + index) · 43758.5453, its fraction."""
    k = torch.arange(math.prod(shape))
    product = torch.sin(k * 12.9898 + index) * 43758.5453
    return ((product - torch.floor(product)) * 2 - 1).reshape(shape)


def fill(model):
    """Tensors in order: kernel, scale, shift of each convolution, then weights and bias of the last layer."""
    index = 0
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            fan_in = math.prod(module.weight.shape[1:])
            module.weight.data = wave(index, module.weight.shape) * math.sqrt(6 / fan_in)
            index += 1
        elif isinstance(module, nn.BatchNorm2d):
            module.weight.data = 1 + 0.2 * wave(index, module.weight.shape)
            module.bias.data = 0.2 * wave(index + 1, module.bias.shape)
            # Running moments: any will do, so long as both sides have them.
            module.running_mean = 0.1 * wave(index, module.weight.shape)
            module.running_var = 1 + 0.5 * wave(index + 1, module.bias.shape)
            index += 2
        elif isinstance(module, nn.Linear):
            module.weight.data = 0.05 * wave(index, module.weight.shape)
            module.bias.data = 0.05 * wave(index + 1, module.bias.shape)


def norms(model):
    """Euclidean norm of each parameter's gradient, in the order of `fill`."""
    return [float(p.grad.norm()) for p in model.parameters()]


model = Lite0(2)
fill(model)
image = wave(1000, (4, 3, 32, 32))
result = {"torch": torch.__version__, "parameters": sum(p.numel() for p in Lite0(1000).parameters())}
for name in ["batch", "running"]:
    model.train(name == "batch")
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.0
    model.zero_grad()
    embedding, output = model(image)
    (output**2).sum().backward()
    result[name] = {
        "output": output.detach().flatten().tolist(),
        "embedding": embedding.detach()[:, ::160].flatten().tolist(),
        "gradientNorms": norms(model),
    }

folder = os.path.join(os.path.dirname(__file__), "fixtures")
with open(os.path.join(folder, "efficientNetLite0.json"), "w") as file:
    json.dump(result, file)
print({k: v["output"] for k, v in result.items() if isinstance(v, dict)}, result["parameters"])
