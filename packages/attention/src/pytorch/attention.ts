import { type PyTorchModule, type PyTorchSource, pyTorchClass } from '@heddle/layers'
import type { CrossAttention } from '../cross-attention.ts'
import type { SelfAttention } from '../self-attention.ts'

/** Attention of many heads as a Python function; returns its name in the file. */
const attendFunction = (source: PyTorchSource): string =>
  source.define(
    'attend',
    (name) => `def ${name}(query, key, value, dropout=0.0, mask=None, bias=None, causal=False, window=None):
    """Attention by scaled dot products: query [B, T, N, K], key and value [B, S, G, K], where N / G heads share one of G.

    mask [B, S] is true at the keys that may be seen; bias is added to the scores. Returns [B, T, N * K].
    """
    query, key, value = (heads.transpose(1, 2) for heads in (query, key, value))
    if query.shape[1] != key.shape[1]:
        key, value = (heads.repeat_interleave(query.shape[1] // key.shape[1], 1) for heads in (key, value))
    visible = None if mask is None else mask[:, None, None]  # [B, 1, 1, S]
    if causal:
        past = torch.ones(query.shape[2], key.shape[2], dtype=torch.bool, device=query.device).tril()
        past = past if window is None else past.triu(1 - window)
        visible = past if visible is None else visible & past
    if bias is not None:
        visible = bias.to(query) if visible is None else torch.where(visible, bias.to(query), float("-inf"))
    return F.scaled_dot_product_attention(query, key, value, visible, dropout).transpose(1, 2).flatten(2)
`,
  )

const sizesOf = ({ numHeads, numKeyValueHeads, query }: SelfAttention | CrossAttention) => {
  const size = query.weight.shape[1]! / numHeads
  return { own: `(${numHeads}, ${size})`, memory: `(${numKeyValueHeads}, ${size})` }
}

const normed = (norm: object | undefined, name: string, x: string) => (norm === undefined ? x : `self.${name}(${x})`)

export function selfAttention(attention: SelfAttention, source: PyTorchSource): Promise<PyTorchModule> {
  const attend = attendFunction(source)
  const { query, key, value, output, queryNorm, keyNorm, dropout, causal, window } = attention
  const { own, memory } = sizesOf(attention)
  const options = ['causal', ...(window === undefined ? [] : [`window=${window}`])]
  return pyTorchClass(source, {
    name: 'SelfAttention',
    summary: 'Attention of a sequence over itself with many heads.',
    parts: { query, key, value, output, queryNorm, keyNorm, dropout },
    methods: `
    def forward(self, x, positions, mask=None, causal=${causal ? 'True' : 'False'}):
        # x [B, T, D], mask [B, T] true at the real steps -> [B, T, D]; causal: a step sees itself and those before it
        query = ${normed(queryNorm, 'query_norm', `self.query(x).unflatten(2, ${own})`)}
        key = ${normed(keyNorm, 'key_norm', `self.key(x).unflatten(2, ${memory})`)}
        value = self.value(x).unflatten(2, ${memory})
        query, key, bias = positions.rotate(query), positions.rotate(key), positions.bias(x.shape[1])
        dropout = self.dropout.p if self.training else 0.0
        return self.output(${attend}(${['query, key, value, dropout, mask, bias', ...options].join(', ')}))
`.slice(1),
  })
}

export function crossAttention(attention: CrossAttention, source: PyTorchSource): Promise<PyTorchModule> {
  const attend = attendFunction(source)
  const { query, key, value, output, queryNorm, keyNorm, dropout } = attention
  const { own, memory } = sizesOf(attention)
  return pyTorchClass(source, {
    name: 'CrossAttention',
    summary: 'Attention of one sequence over another, the memory, with many heads.',
    parts: { query, key, value, output, queryNorm, keyNorm, dropout },
    methods: `
    def forward(self, x, memory, mask=None):
        # x [B, T, D], memory [B, S, M], mask [B, S] true at the real steps of the memory -> [B, T, D]
        query = ${normed(queryNorm, 'query_norm', `self.query(x).unflatten(2, ${own})`)}
        key = ${normed(keyNorm, 'key_norm', `self.key(memory).unflatten(2, ${memory})`)}
        value = self.value(memory).unflatten(2, ${memory})
        return self.output(${attend}(query, key, value, self.dropout.p if self.training else 0.0, mask))
`.slice(1),
  })
}
