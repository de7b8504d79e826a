import { type PyTorchModule, type PyTorchSource, pyTorchClass, pyTorchModule } from '@heddle/layers'
import type { RecurrentClassifier } from '../models/classifier.ts'
import type { RecurrentForecaster } from '../models/forecaster.ts'
import type { RecurrentLanguageModel } from '../models/language-model.ts'
import type { OneStep } from '../models/one-step.ts'
import type { RecurrentSeq2Seq } from '../models/seq2seq.ts'
import type { RecurrentTagger } from '../models/tagger.ts'
import type { WordTagger } from '../models/word-tagger.ts'
import { poolExpression, readInput } from './encoders.ts'

export function recurrentLanguageModel(
  { embedding, recurrent, output, outputBias, dropout }: RecurrentLanguageModel,
  source: PyTorchSource,
): Promise<PyTorchModule> {
  const isTied = outputBias !== undefined
  return pyTorchClass(source, {
    name: 'RecurrentLanguageModel',
    summary: 'Recurrent language model: predicts each token from those before it.',
    parts: { embedding, recurrent, output, dropout },
    ...(isTied && {
      fields: { outputBias: `nn.Parameter(torch.zeros(${outputBias.size}))` },
      weights: [{ name: 'output_bias', path: 'outputBias' }],
    }),
    methods: `
    def forward(self, ids, state=None):
        # ids [B, T] -> logits [B, T, V], and the state after the last token
        h, state = self.recurrent(self.dropout(self.embedding(ids)), state=state)
        h = self.dropout(h)
        return ${isTied ? 'F.linear(h, self.embedding.weight, self.output_bias)' : 'self.output(h)'}, state
`.slice(1),
  })
}

export function recurrentClassifier(
  { embedding, ngrams, recurrent, output, dropout, pooling }: RecurrentClassifier,
  source: PyTorchSource,
): Promise<PyTorchModule> {
  const directions = recurrent.layers.at(-1)!.backward === undefined ? 1 : 2
  const read = readInput(embedding !== undefined)
  const step = ngrams === undefined ? read : `torch.cat([${read}, self.ngrams(source)], 2)`
  return pyTorchClass(source, {
    name: 'RecurrentClassifier',
    summary: 'Many to one: reads a sequence, then gives one label.',
    parts: { embedding, ngrams, recurrent, output, dropout },
    methods: `
    def forward(self, source, lengths=None):
        # -> logits [B, C]
        x = self.dropout(${step})  # [B, T, I]
        outputs, state = self.recurrent(x, lengths)
        return self.output(self.dropout(${poolExpression(pooling, directions, source)}))
`.slice(1),
  })
}

export const recurrentTagger = (
  { embedding, recurrent, output, dropout, crf }: RecurrentTagger,
  source: PyTorchSource,
): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'RecurrentTagger',
    summary: 'Many to many in step: a label for every step.',
    parts: { embedding, recurrent, output, dropout, crf },
    methods: `
    def forward(self, source, lengths=None):
        # -> logits [B, T, C]
        outputs, _ = self.recurrent(self.dropout(${readInput(embedding !== undefined)}), lengths)
        return self.output(self.dropout(outputs))
`.slice(1),
  })

export const wordTagger = (
  { words, letters, spelling, tagger, dropout, attributes }: WordTagger,
  source: PyTorchSource,
): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'WordTagger',
    summary: 'A label for every word, from a vector of the word and the last states of a network over its letters.',
    parts: { words, letters, spelling, tagger, dropout, attributes },
    methods: `
    def forward(self, spellings, letter_counts, word_ids, places, lengths${attributes === undefined ? '' : ', attributes'}):
        # letters of each different word [W, L], their number and the word's id [W], the word at each place [B, T], lengths [B]
        _, state = self.spelling(self.dropout(self.letters(spellings)), letter_counts)
        known = torch.cat([self.words(word_ids), state[0][0], state[1][0]${attributes === undefined ? '' : ', self.attributes(attributes).flatten(1)'}], 1)
        return self.tagger(known[places], lengths)
`.slice(1),
  })

export const recurrentForecaster = (
  { recurrent, dropout, output }: RecurrentForecaster,
  source: PyTorchSource,
): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'RecurrentForecaster',
    summary: 'Reads a window of a series [B, T, F], then gives all steps of the forecast [B, N].',
    parts: { recurrent, dropout, output },
    methods: `
    def forward(self, x):
        _, state = self.recurrent(x)
        return self.output(self.dropout(state[-1][0]))
`.slice(1),
  })

export async function oneStep({ cell, output }: OneStep, source: PyTorchSource): Promise<PyTorchModule> {
  const described = await pyTorchModule(cell, source)
  return pyTorchClass(source, {
    name: 'OneStep',
    summary: 'One step of a cell from its initial state, then an output layer.',
    parts: { output },
    described: { cell: { ...described, path: 'cell' } },
    methods: `
    def forward(self, x):
        # x [B, F] -> logits [B, C]
        h, _ = self.cell(x, tuple(x.new_zeros(len(x), n) for n in self.cell.state_sizes))
        return self.output(h)
`.slice(1),
  })
}

export const recurrentSeq2Seq = (
  { encoder, bridge, decoder }: RecurrentSeq2Seq,
  source: PyTorchSource,
): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'RecurrentSeq2Seq',
    summary: 'An encoder and a recurrent decoder with weights of their own, trained as one.',
    parts: { encoder, bridge, decoder },
    methods: `
    def forward(self, source, lengths, target, teacher_forcing=1.0):
        # target [B, T] starts with the start symbol -> logits [B, T, V]
        return self.decoder(target, self.encode(source, lengths), teacher_forcing)

    def encode(self, source, lengths=None):
        encoded = self.encoder(source, lengths)
        return self.decoder.initial_state(self.bridge(encoded), encoded)

    @torch.no_grad()
    def generate(self, source, lengths, start, end, max_length=64):
        # The most likely token of each step; rows go on past their end symbol until all have one.
        state, written = self.encode(source, lengths), []
        tokens = torch.full((len(source),), start, device=source.device)
        finished = torch.zeros_like(tokens, dtype=torch.bool)
        while len(written) < max_length and not finished.all():
            logits, _, state = self.decoder.step(tokens, state)
            tokens = logits.argmax(-1)
            finished |= tokens == end
            written.append(tokens)
        return torch.stack(written, 1)
`.slice(1),
  })
