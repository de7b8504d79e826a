import { type PyTorchModule, type PyTorchSource, pyTorchClass } from '@heddle/layers'
import type { AdditiveAttention } from '../additive-attention.ts'
import type { DotAttention } from '../dot-attention.ts'
import type { GeneralAttention } from '../general-attention.ts'

// Every memory attention is a class of three methods: prepare(memory, mask), score(query, keys) and forward(query, prepared).

const attend = `
    def prepare(self, memory, mask=None):
        # memory [B, S, M], mask [B, S] -> what a query needs: memory, keys, and what is added to the scores
        bias = None if mask is None else torch.zeros(mask.shape, device=memory.device).masked_fill(~mask, -1e9)
        return memory, self.keys(memory), bias

    def forward(self, query, prepared):
        # query [B, T, Q] -> context [B, T, M], weights [B, T, S]
        memory, keys, bias = prepared
        scores = self.scores(query, keys)
        if bias is not None:
            scores = scores + bias.unsqueeze(1)
        weights = scores.softmax(-1)
        return weights @ memory, weights
`

const byProduct = `
    def scores(self, query, keys):
        return query @ keys.transpose(1, 2)
`

export const additiveAttention = (
  { query, key, score }: AdditiveAttention,
  source: PyTorchSource,
): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'AdditiveAttention',
    summary: 'Attention with a feed-forward score (Bahdanau et al. 2015).',
    parts: { query, key, score },
    methods: `
    def keys(self, memory):
        return self.key(memory)

    def scores(self, query, keys):
        hidden = torch.tanh(self.query(query).unsqueeze(2) + keys.unsqueeze(1))  # [B, T, S, A]
        return self.score(hidden).squeeze(3)
${attend}`.slice(1),
  })

export const dotAttention = (_: DotAttention, source: PyTorchSource): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'DotAttention',
    summary: 'Attention with the dot product as score (Luong et al. 2015).',
    methods: `
    def keys(self, memory):
        return memory
${byProduct}${attend}`.slice(1),
  })

export const generalAttention = ({ key }: GeneralAttention, source: PyTorchSource): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'GeneralAttention',
    summary: 'Attention with a bilinear score (Luong et al. 2015).',
    parts: { key },
    methods: `
    def keys(self, memory):
        return self.key(memory)
${byProduct}${attend}`.slice(1),
  })
