"""Transformer workloads of torch_peer.py."""

import torch
from torch import nn
from torch.nn import functional

from torch_training import ids, loss_of, training_step


class GPTLayer(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.attention_norm, self.feed_forward_norm = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.query_key_value, self.output = nn.Linear(hidden, 3 * hidden), nn.Linear(hidden, hidden)
        self.up, self.down = nn.Linear(hidden, 4 * hidden), nn.Linear(4 * hidden, hidden)

    def forward(self, x):
        batch, steps, hidden = x.shape
        heads = self.query_key_value(self.attention_norm(x)).view(batch, steps, 3, self.heads, hidden // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        context = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.output(context.transpose(1, 2).reshape(batch, steps, hidden))
        return x + self.down(functional.gelu(self.up(self.feed_forward_norm(x))))


class GPT(nn.Module):
    def __init__(self, vocabulary, steps, layers, heads, hidden):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, hidden), nn.Embedding(steps, hidden)
        self.layers = nn.ModuleList(GPTLayer(hidden, heads) for _ in range(layers))
        self.norm, self.output = nn.LayerNorm(hidden), nn.Linear(hidden, vocabulary, bias=False)

    def forward(self, x):
        h = self.tokens(x) + self.positions(torch.arange(x.shape[1]))
        for layer in self.layers:
            h = layer(h)
        return self.output(self.norm(h))


class EncoderDecoder(nn.Module):
    def __init__(self, vocabulary, hidden, heads, layers, inner):
        super().__init__()
        self.source, self.target = nn.Embedding(vocabulary, hidden), nn.Embedding(vocabulary, hidden)
        self.layers = nn.Transformer(hidden, heads, layers, layers, inner, dropout=0.0, batch_first=True)
        self.output = nn.Linear(hidden, vocabulary)

    def forward(self, source, target):
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        h = self.layers(self.source(source), self.target(target), tgt_mask=mask, tgt_is_causal=True)
        return self.output(h)


def gpt(layers, heads, hidden, batch, steps):
    model = GPT(65, steps, layers, heads, hidden)
    inputs, labels = ids(65, batch, steps), ids(65, batch, steps)
    return training_step(model, lambda: loss_of(model(inputs), labels)), batch * steps


def encoder_decoder():
    model = EncoderDecoder(5000, 256, 8, 3, 512)
    source, target, labels = (ids(5000, 64, 20) for _ in range(3))
    return training_step(model, lambda: loss_of(model(source, target), labels)), 64 * 20


WORKLOADS = {
    "nanogpt": lambda: gpt(4, 4, 128, 12, 64),
    "gpt-small": lambda: gpt(6, 6, 384, 8, 256),
    "transformer": encoder_decoder,
}
