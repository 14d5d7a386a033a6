"""One training step of EfficientNet-lite0 in PyTorch, timed on one thread: the other side of bench/training/table.ts.

Run by it: step.py FILE SIDE BATCH OUTPUTS WARM TIMED. FILE holds float32 values one after another: kernel, scale and shift of
each convolution, weights and bias of the last layer, images, targets. Prints JSON: the loss before each step, and the seconds
of each timed one. Needs torch (Debian's python3-torch).
"""

import json
import sys
import time

import torch
from torch import nn

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
        nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03),
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
        return self.last(self.features(x).mean((2, 3)))


side, batch, outputs, warm, timed = (int(value) for value in sys.argv[2:])
with open(sys.argv[1], "rb") as file:
    values = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
at = 0


def take(*shape):
    global at
    count = int(torch.tensor(shape).prod())
    at += count
    return values[at - count : at].reshape(shape).clone()


model = Lite0(outputs)
model.train()
for parameter in model.parameters():
    parameter.data = take(*parameter.shape)
images, targets = take(batch, 3, side, side), take(batch, outputs)
assert at == len(values), "the file holds another network"

# Weight decay on kernels and the last layer's weights only.
shrunk = [p for p in model.parameters() if p.dim() > 1]
others = [p for p in model.parameters() if p.dim() == 1]
adam = torch.optim.AdamW(
    [{"params": shrunk, "weight_decay": 1e-3}, {"params": others, "weight_decay": 0.0}], lr=1e-4, eps=1e-8
)
losses, seconds = [], []
for step in range(warm + timed):
    start = time.perf_counter()
    adam.zero_grad()
    loss = ((model(images) - targets) ** 2).mean()
    loss.backward()
    adam.step()
    losses.append(float(loss))
    if step >= warm:
        seconds.append(time.perf_counter() - start)
print(json.dumps({"torch": torch.__version__, "losses": losses, "seconds": seconds}))
