import { encodedClass, type PyTorchModule, type PyTorchSource, pyTorchClass } from '@heddle/layers'
import type { VectorEncoder } from '../models/vector-encoder.ts'
import type { PoolingKind } from '../pooling.ts'
import type { RecurrentEncoder } from '../recurrent-encoder.ts'

/** Vectors of an input: the token table's rows, vectors as they are, or the rows of a picture. */
export const readInput = (hasEmbedding: boolean): string =>
  hasEmbedding ? 'self.embedding(source)' : 'source.flatten(2)'

/**
 * One vector for each sequence, as an expression.
 *
 * @param directions number of directions of the last layer
 */
export function poolExpression(kind: PoolingKind, directions: number, source: PyTorchSource): string {
  if (kind === 'last') return directions === 1 ? 'state[-1][0]' : 'torch.cat([state[-2][0], state[-1][0]], 1)'
  const name =
    kind === 'mean'
      ? source.define(
          'mean_pool',
          (name) => `def ${name}(outputs, lengths=None):
    """Mean over the real steps; outputs [B, T, D] are zero past a length."""
    return outputs.mean(1) if lengths is None else outputs.sum(1) / lengths.clamp(min=1).unsqueeze(1)
`,
        )
      : source.define(
          'max_pool',
          (name) => `def ${name}(outputs, lengths=None):
    """Maximum over the real steps of outputs [B, T, D]."""
    if lengths is not None:
        real = torch.arange(outputs.shape[1], device=outputs.device) < lengths.unsqueeze(1)
        outputs = outputs.masked_fill(~real.unsqueeze(2), -1e9)
    return outputs.amax(1)
`,
        )
  return `${name}(outputs, lengths)`
}

export function recurrentEncoder(
  { embedding, dropout, recurrent, pooling }: RecurrentEncoder,
  source: PyTorchSource,
): Promise<PyTorchModule> {
  const encoded = encodedClass(source)
  const isBidirectional = recurrent.layers.at(-1)!.backward !== undefined
  const summary = pooling === 'last' ? 'layers[-1][0]' : poolExpression(pooling, isBidirectional ? 2 : 1, source)
  const layers = isBidirectional
    ? '[tuple(torch.cat(both, 1) for both in zip(*state[i : i + 2])) for i in range(0, len(state), 2)]'
    : 'state'
  return pyTorchClass(source, {
    name: 'RecurrentEncoder',
    summary: 'Encoder whose outputs are the hidden states of a recurrent network; directions are side by side.',
    parts: { embedding, dropout, recurrent },
    methods: `
    def forward(self, source, lengths=None, segments=None):
        x = self.dropout(${readInput(embedding !== undefined)})
        outputs, state = self.recurrent(x, lengths)  # [B, S, D * H]
        layers = ${layers}
        mask = None if lengths is None else torch.arange(x.shape[1], device=x.device) < lengths.unsqueeze(1)
        return ${encoded}(outputs, ${summary}, layers, mask)
`.slice(1),
  })
}

export function vectorEncoder(_: VectorEncoder, source: PyTorchSource): Promise<PyTorchModule> {
  const encoded = encodedClass(source)
  return pyTorchClass(source, {
    name: 'VectorEncoder',
    summary: 'A single vector is a sequence of one step and its own summary.',
    methods: `
    def forward(self, features, lengths=None):
        return ${encoded}(features.unsqueeze(1), features)
`.slice(1),
  })
}
