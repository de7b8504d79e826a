"""PyTorch's side of cached greedy decoding."""

import torch
from torch import nn
from torch.nn import functional


class CachedLayer(nn.Module):
    """A pre-norm layer of a GPT that keeps its keys and values in `cache`."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.attention_norm, self.norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.heads_input, self.heads_output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.inner, self.output = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, cache):
        batch, steps, width = x.shape
        heads = self.heads_input(self.attention_norm(x)).view(batch, steps, 3, self.heads, width // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        if cache:
            key, value = torch.cat([cache[0], key], 2), torch.cat([cache[1], value], 2)
        cache[:] = [key, value]
        context = functional.scaled_dot_product_attention(query, key, value)
        x = x + self.heads_output(context.transpose(1, 2).reshape(batch, steps, width))
        return x + self.output(functional.gelu(self.inner(self.norm(x))))


class CachedGPT(nn.Module):
    """A GPT with learned positions and an untied head that reads token by token."""

    def __init__(self, vocabulary, context, layers, heads, width):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.layers = nn.ModuleList(CachedLayer(width, heads) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)

    def forward(self, ids, caches, position):
        x = self.tokens(ids) + self.positions(torch.arange(position, position + ids.shape[1]))
        for layer, cache in zip(self.layers, caches):
            x = layer(x, cache)
        return self.head(self.norm(x))


def generation():
    model = CachedGPT(65, 512, 6, 6, 384).eval()

    @torch.inference_mode()
    def run():
        token, caches = torch.zeros(1, 1, dtype=torch.long), [[] for _ in model.layers]
        for position in range(200):
            token = model(token, caches, position)[:, -1].argmax(-1, keepdim=True)

    return run, 200
