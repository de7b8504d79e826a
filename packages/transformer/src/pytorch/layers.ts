import { HeddleError } from '@heddle/core'
import { type PyTorchModule, type PyTorchSource, pyTorchActivation, pyTorchClass, pyTorchPath } from '@heddle/layers'
import type { InputLayer } from '../input-layer.ts'
import type { TransformerDecoderLayer } from '../layers/decoder-layer.ts'
import type { TransformerEncoderLayer } from '../layers/encoder-layer.ts'
import type { MLP } from '../layers/feed-forward.ts'
import type { GatedMLP } from '../layers/gated-mlp.ts'
import type { Residual } from '../layers/residual.ts'

// Positions belong to a model's input; layers are given them with each call, as all layers share them.

/** Whether an input layer reads a table of token vectors that lies elsewhere in the model, which its caller then hands over. */
export const readsSharedTable = (input: InputLayer, source: PyTorchSource): boolean =>
  input.embedding !== undefined && pyTorchPath(input.embedding, input, source) === undefined

export function inputLayer(input: InputLayer, source: PyTorchSource): Promise<PyTorchModule> {
  const { embedding, projection, positions, dropout, scale } = input
  const isShared = readsSharedTable(input, source)
  const padding = embedding?.paddingIndex === undefined ? '' : `, ${embedding.paddingIndex}`
  const own = embedding === undefined ? 'self.projection(source.flatten(2))' : 'self.embedding(source)'
  const x = isShared ? `F.embedding(source, table${padding})` : own
  return pyTorchClass(source, {
    name: 'InputLayer',
    summary: 'The vectors that the first layer reads.',
    parts: { embedding: isShared ? undefined : embedding, projection, positions, dropout },
    methods: `
    def forward(self, source${isShared ? ', table' : ''}):
        # tokens [B, T], vectors [B, T, I] or pictures [B, H, W, C] -> [B, T, D]
        x = ${embedding === undefined || scale === 1 ? x : `${scale} * ${x}`}
        return self.dropout(self.positions.add(x))
`.slice(1),
  })
}

export const mlp = ({ input, output, activation }: MLP, source: PyTorchSource): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'MLP',
    summary: 'Two linear maps with an activation between them.',
    parts: { input, output },
    methods: `
    def forward(self, x):
        return self.output(${pyTorchActivation(activation, 'self.input(x)')})
`.slice(1),
  })

export const gatedMlp = ({ gate, input, output, activation }: GatedMLP, source: PyTorchSource) =>
  pyTorchClass(source, {
    name: 'GatedMLP',
    summary: 'Feed-forward network with a gate (Shazeer 2020).',
    parts: { gate, input, output },
    methods: `
    def forward(self, x):
        return self.output(${pyTorchActivation(activation, 'self.gate(x)')} * self.input(x))
`.slice(1),
  })

/**
 * A sublayer with its residual connection, as an expression of x.
 *
 * @param sublayer the sublayer of an expression
 */
function joined({ normFirst }: Residual, norm: string, sublayer: (x: string) => string): string {
  if (normFirst === undefined) {
    throw new HeddleError(
      'config',
      'PyTorch: expected a residual with normFirst, got a formula of its own. Use preNorm or postNorm.',
    )
  }
  return normFirst
    ? `x + self.dropout(${sublayer(`self.${norm}(x)`)})`
    : `self.${norm}(x + self.dropout(${sublayer('x')}))`
}

export function encoderLayer(layer: TransformerEncoderLayer, source: PyTorchSource): Promise<PyTorchModule> {
  const { attention, attentionNorm, feedForward, feedForwardNorm, dropout, residual } = layer
  return pyTorchClass(source, {
    name: 'TransformerEncoderLayer',
    summary: 'Self-attention, then a feed-forward network.',
    parts: { attention, attentionNorm, feedForward, feedForwardNorm, dropout },
    methods: `
    def forward(self, x, positions, mask=None, causal=${attention.causal ? 'True' : 'False'}):
        # x [B, T, D], mask [B, T] true at the real steps
        x = ${joined(residual, 'attention_norm', (x) => `self.attention(${x}, positions, mask, causal)`)}
        return ${joined(residual, 'feed_forward_norm', (x) => `self.feed_forward(${x})`)}
`.slice(1),
  })
}

export function decoderLayer(layer: TransformerDecoderLayer, source: PyTorchSource): Promise<PyTorchModule> {
  const { attention, attentionNorm, crossAttention, crossAttentionNorm, feedForward, feedForwardNorm } = layer
  const { dropout, residual } = layer
  return pyTorchClass(source, {
    name: 'TransformerDecoderLayer',
    summary: 'Causal self-attention, attention over a source, then a feed-forward network.',
    parts: { attention, attentionNorm, crossAttention, crossAttentionNorm, feedForward, feedForwardNorm, dropout },
    methods: `
    def forward(self, x, positions, memory, mask=None):
        # x [B, T, D], memory [B, S, M], mask [B, S] true at its real steps
        x = ${joined(residual, 'attention_norm', (x) => `self.attention(${x}, positions)`)}
        x = ${joined(residual, 'cross_attention_norm', (x) => `self.cross_attention(${x}, memory, mask)`)}
        return ${joined(residual, 'feed_forward_norm', (x) => `self.feed_forward(${x})`)}
`.slice(1),
  })
}
