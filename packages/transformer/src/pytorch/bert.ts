import { pyTorchPositions } from '@heddle/attention'
import {
  encodedClass,
  type PyTorchModule,
  type PyTorchSource,
  pyTorchActivation,
  pyTorchClass,
  pyTorchPath,
} from '@heddle/layers'
import type { BertEmbeddings } from '../bert/bert-embeddings.ts'
import type { BertEncoder } from '../bert/bert-encoder.ts'
import type { BertMaskedLM } from '../bert/bert-masked-lm.ts'
import type { BertPretraining } from '../bert/bert-pretraining.ts'
import type { BertQuestionAnswering } from '../bert/bert-question-answering.ts'
import { type MaskedLMHead, tokenVectorsOf } from '../bert/masked-lm-head.ts'
import type { Pooler } from '../bert/pooler.ts'
import type { RobertaPositions } from '../bert/roberta-positions.ts'
import { checkPositions } from './models.ts'
import { poolFunction, stepMask } from './pooling.ts'

export const robertaPositions = ({ weight, paddingIndex }: RobertaPositions, source: PyTorchSource) =>
  pyTorchPositions(source, {
    name: 'RobertaPositions',
    summary: 'Learned positions that count the tokens which are not padding.',
    fields: { weight: `nn.Parameter(0.02 * torch.randn(${weight.shape.join(', ')}))` },
    hasWeight: true,
    methods: `
    def add(self, x, ids=None):
        real = (ids != ${paddingIndex}).long()
        return x + F.embedding(real.cumsum(1) * real + ${paddingIndex}, self.weight, ${paddingIndex})
`.slice(1),
  })

export function bertEmbeddings(embeddings: BertEmbeddings, source: PyTorchSource): Promise<PyTorchModule> {
  const { tokens, positions, segments, norm, dropout, projection } = embeddings
  const first = 'self.segments.weight[0]'
  const added = segments?.weight.shape[0] === 1 ? first : `(${first} if segments is None else self.segments(segments))`
  const embedded = 'self.dropout(self.norm(x))'
  return pyTorchClass(source, {
    name: 'BertEmbeddings',
    summary: 'The vectors that the first layer of a BERT reads.',
    parts: { tokens, positions, segments, norm, dropout, projection },
    methods: `
    def forward(self, ids, segments=None):
        # ids and segments [B, T] -> [B, T, D]
        x = self.positions.add(self.tokens(ids), ids)
${segments === undefined ? '' : `        x = x + ${added}\n`}        return ${projection === undefined ? embedded : `self.projection(${embedded})`}
`.slice(1),
  })
}

export const pooler = ({ dense }: Pooler, source: PyTorchSource): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'Pooler',
    summary: 'One vector for the whole input, from its first step.',
    parts: { dense },
    methods: `
    def forward(self, x):
        return torch.tanh(self.dense(x[:, 0]))
`.slice(1),
  })

export function bertEncoder(encoder: BertEncoder, source: PyTorchSource): Promise<PyTorchModule> {
  const { embeddings, layers, norm, pooler, pooling } = encoder
  checkPositions(layers, embeddings.positions)
  const encoded = encodedClass(source)
  const real =
    pooling === 'mean' || pooling === 'max'
      ? '(outputs if mask is None else outputs * mask.unsqueeze(2), mask)'
      : '(outputs, mask)'
  const summary = pooling === 'pooler' ? 'self.pooler(outputs)' : `${poolFunction(pooling, source)}${real}`
  return pyTorchClass(source, {
    name: 'BertEncoder',
    summary: 'Reads tokens from both sides (Devlin et al. 2019).',
    parts: { embeddings, layers, norm, pooler },
    methods: `
    def forward(self, ids, lengths=None, segments=None, causal=False):
        x = self.embeddings(ids, segments)  # [B, T, D]
        mask = ${stepMask('x')}
        for layer in self.layers:
            x = layer(x, self.embeddings.positions, mask, causal)
        outputs = ${norm === undefined ? 'x' : 'self.norm(x)'}
        return ${encoded}(outputs, ${summary}, None, mask)
`.slice(1),
  })
}

export const maskedLMHead = ({ dense, norm, bias, activation }: MaskedLMHead, source: PyTorchSource) =>
  pyTorchClass(source, {
    name: 'MaskedLMHead',
    summary: 'Head of a masked language model; its weights are the table of token vectors.',
    parts: { dense, norm },
    fields: { bias: `nn.Parameter(torch.zeros(${bias.size}))` },
    weights: [{ name: 'bias', path: 'bias' }],
    methods: `
    def forward(self, x, table):
        # x [..., D], table [V, E] -> logits [..., V]
        return F.linear(self.norm(${pyTorchActivation(activation, 'self.dense(x)')}), table, self.bias)
`.slice(1),
  })

/** Logits of the tokens at some places, b * T + t for token t of row b, or of all. */
const maskedLogits = (model: BertMaskedLM | BertPretraining, source: PyTorchSource) => `
        outputs = encoded.outputs if places is None else encoded.outputs.flatten(0, 1)[places]
        logits = self.head(outputs, self.${pyTorchPath(tokenVectorsOf(model.encoder), model, source)}.weight)`

export function bertMaskedLM(model: BertMaskedLM, source: PyTorchSource): Promise<PyTorchModule> {
  const { encoder, head } = model
  return pyTorchClass(source, {
    name: 'BertMaskedLM',
    summary: 'Masked language model: predicts tokens from both sides.',
    parts: { encoder, head },
    methods: `
    def forward(self, ids, lengths=None, segments=None, places=None, causal=False):
        # -> logits [B, T, V], or [M, V] of M places b * T + t
        encoded = self.encoder(ids, lengths, segments${model.readsCausally ? ', causal' : ''})${maskedLogits(model, source)}
        return logits
`.slice(1),
  })
}

export function bertPretraining(model: BertPretraining, source: PyTorchSource): Promise<PyTorchModule> {
  const { encoder, head, nextSentence } = model
  return pyTorchClass(source, {
    name: 'BertPretraining',
    summary: 'Masked language model that also tells whether two segments belong together.',
    parts: { encoder, head, nextSentence },
    methods: `
    def forward(self, ids, lengths=None, segments=None, places=None, causal=False):
        # -> logits [B, T, V], or [M, V] of M places b * T + t, and those of the pairs [B, 2]
        encoded = self.encoder(ids, lengths, segments${model.readsCausally ? ', causal' : ''})${maskedLogits(model, source)}
        return logits, self.next_sentence(encoded.summary)
`.slice(1),
  })
}

export const bertQuestionAnswering = ({ encoder, output, dropout }: BertQuestionAnswering, source: PyTorchSource) =>
  pyTorchClass(source, {
    name: 'BertQuestionAnswering',
    summary: 'Finds the answer to a question in a text.',
    parts: { encoder, output, dropout },
    methods: `
    def forward(self, ids, lengths=None, segments=None):
        # -> logits of the start and of the end, [B, T] each
        return self.output(self.dropout(self.encoder(ids, lengths, segments).outputs)).unbind(2)
`.slice(1),
  })
