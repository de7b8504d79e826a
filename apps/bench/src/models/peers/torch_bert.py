"""BERT workloads of torch_peer.py."""

import torch
from torch import nn
from torch.nn import functional

from torch_training import ids, loss_of, training_step


class Bert(nn.Module):
    """BERT with both heads; only the tokens at `places` pass the output layer."""

    def __init__(self, vocabulary, positions, layers, heads, hidden):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, hidden), nn.Embedding(positions, hidden)
        self.segments, self.norm = nn.Embedding(2, hidden), nn.LayerNorm(hidden)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(hidden, heads, 4 * hidden, dropout=0.0, activation="gelu", batch_first=True)
            for _ in range(layers)
        )
        self.pooler, self.pair = nn.Linear(hidden, hidden), nn.Linear(hidden, 2)
        self.transform, self.transform_norm = nn.Linear(hidden, hidden), nn.LayerNorm(hidden)
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def forward(self, x, segments, places):
        h = self.norm(self.tokens(x) + self.positions(torch.arange(x.shape[1])) + self.segments(segments))
        for layer in self.layers:
            h = layer(h)
        pair = self.pair(torch.tanh(self.pooler(h[:, 0])))
        chosen = h.gather(1, places[..., None].expand(-1, -1, h.shape[-1]))
        logits = self.transform_norm(functional.gelu(self.transform(chosen))) @ self.tokens.weight.T + self.bias
        return logits, pair


def pretraining():
    model = Bert(8000, 128, 4, 4, 256)
    x, segments, places = ids(8000, 16, 128), ids(2, 16, 128), ids(128, 16, 20)
    labels, pairs = ids(8000, 16, 20), ids(2, 16)

    def loss():
        logits, pair = model(x, segments, places)
        return loss_of(logits, labels) + functional.cross_entropy(pair, pairs)

    return training_step(model, loss), 16 * 128


def inference(batch, vocabulary=30522, positions=512, layers=12, heads=12, hidden=768):
    model = Bert(vocabulary, positions, layers, heads, hidden).eval()
    x = ids(vocabulary, batch, 128)
    segments, places = torch.zeros_like(x), torch.zeros(batch, 1, dtype=torch.long)

    @torch.inference_mode()
    def run():
        model(x, segments, places)

    return run, batch * 128


WORKLOADS = {
    "bert-mini": pretraining,
    "bert-mini-infer": lambda: inference(16, 8000, 128, 4, 4, 256),
    "bert-base-infer-1": lambda: inference(1),
    "bert-base-infer-8": lambda: inference(8),
}
