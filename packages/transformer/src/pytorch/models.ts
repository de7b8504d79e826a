import type { Positions } from '@heddle/attention'
import { HeddleError } from '@heddle/core'
import { encodedClass, type PyTorchModule, type PyTorchSource, pyTorchClass, pyTorchPath } from '@heddle/layers'
import type { TransformerForecaster } from '../models/forecaster.ts'
import type { TransformerLanguageModel } from '../models/language-model.ts'
import type { TransformerSeq2Seq } from '../models/seq2seq.ts'
import type { TransformerDecoder } from '../transformer-decoder.ts'
import type { TransformerEncoder } from '../transformer-encoder.ts'
import { readsSharedTable } from './layers.ts'
import { poolFunction, stepMask } from './pooling.ts'

/**
 * Checks that layers use the positions of the input, which Python hands to them.
 *
 * @throws HeddleError `config` for layers with others
 */
export function checkPositions(
  layers: readonly { readonly attention: { readonly positions?: Positions } }[],
  positions: Positions,
): void {
  if (layers.every(({ attention }) => attention.positions === positions)) return
  throw new HeddleError(
    'config',
    'PyTorch: expected all layers to share the positions of the input, got others. Build them with the same module.',
  )
}

export function transformerEncoder(encoder: TransformerEncoder, source: PyTorchSource): Promise<PyTorchModule> {
  const { input, layers, norm, pooling } = encoder
  checkPositions(layers, input.positions)
  const encoded = encodedClass(source)
  const pool = poolFunction(pooling, source)
  return pyTorchClass(source, {
    name: 'TransformerEncoder',
    summary: 'Encoder of Transformer layers; every step sees every other one unless attention is causal.',
    parts: { input, layers, norm },
    methods: `
    def forward(self, source, lengths=None, segments=None, causal=${layers[0]?.attention.causal ? 'True' : 'False'}):
        x = self.input(source)  # [B, T, D]
        mask = ${stepMask('x')}
        for layer in self.layers:
            x = layer(x, self.input.positions, mask, causal)
        outputs = ${norm === undefined ? 'x' : 'self.norm(x)'}
        if mask is not None:
            outputs = outputs * mask.unsqueeze(2)
        return ${encoded}(outputs, ${pool}(outputs, mask), None, mask)
`.slice(1),
  })
}

export function transformerDecoder(decoder: TransformerDecoder, source: PyTorchSource): Promise<PyTorchModule> {
  const { input, layers, norm, output, outputBias } = decoder
  checkPositions(layers, input.positions)
  const table = readsSharedTable(input, source) ? 'table' : 'self.input.embedding.weight'
  const given = table === 'table' ? ', table' : ''
  const tied = `F.linear(x, ${table}${outputBias === undefined ? '' : ', self.output_bias'})`
  return pyTorchClass(source, {
    name: 'TransformerDecoder',
    summary: 'Decoder of Transformer layers; every step sees the tokens so far and the source.',
    parts: { input, layers, norm, output },
    ...(outputBias && {
      fields: { outputBias: `nn.Parameter(torch.zeros(${outputBias.size}))` },
      weights: [{ name: 'output_bias', path: 'outputBias' }],
    }),
    methods: `
    def forward(self, target, encoded${given}):
        # target [B, T] -> logits [B, T, V]
        x = self.input(target${given})
        for layer in self.layers:
            x = layer(x, self.input.positions, encoded.outputs, encoded.mask)
${norm === undefined ? '' : '        x = self.norm(x)\n'}        return ${output === undefined ? tied : 'self.output(x)'}
`.slice(1),
  })
}

export function transformerSeq2Seq(model: TransformerSeq2Seq, source: PyTorchSource): Promise<PyTorchModule> {
  const { encoder, decoder } = model
  const { input } = decoder
  const isShared = readsSharedTable(input, source)
  const table = isShared ? `, self.${pyTorchPath(input.embedding!, model, source)}.weight` : ''
  return pyTorchClass(source, {
    name: 'TransformerSeq2Seq',
    summary: 'The encoder-decoder Transformer (Vaswani et al. 2017).',
    parts: { encoder, decoder },
    methods: `
    def forward(self, source, lengths, target, teacher_forcing=1.0):
        # target [B, T] starts with the start symbol -> logits [B, T, V]
        encoded = self.encoder(source, lengths)
        if teacher_forcing < 1:
            target = self.mixed(target, encoded, teacher_forcing)
        return self.decoder(target, encoded${table})

    @torch.no_grad()
    def mixed(self, target, encoded, teacher_forcing):
        # Some tokens are those that a first pass over the true target predicts; the start symbol stays.
        best = self.decoder(target, encoded${table}).argmax(-1)
        true = torch.rand(target.shape, device=target.device) < teacher_forcing
        true[:, 0] = True
        return torch.where(true, target, torch.cat([target[:, :1], best[:, :-1]], 1))

    @torch.no_grad()
    def generate(self, source, lengths, start, end, max_length=64):
        # The most likely token of each step; rows go on past their end symbol until all have one.
        encoded = self.encoder(source, lengths)
        tokens = torch.full((len(source), 1), start, device=source.device)
        while tokens.shape[1] <= max_length and not (tokens[:, 1:] == end).any(1).all():
            best = self.decoder(tokens, encoded${table})[:, -1].argmax(-1)
            tokens = torch.cat([tokens, best.unsqueeze(1)], 1)
        return tokens[:, 1:]
`.slice(1),
  })
}

export function transformerLanguageModel(model: TransformerLanguageModel, source: PyTorchSource) {
  const { input, layers, norm, output } = model
  checkPositions(layers, input.positions)
  return pyTorchClass(source, {
    name: 'TransformerLanguageModel',
    summary: 'Decoder-only Transformer: predicts each token from those before it.',
    parts: { input, layers, norm, output },
    methods: `
    def forward(self, ids):
        # ids [B, T] -> logits [B, T, V]
        x = self.input(ids)
        for layer in self.layers:
            x = layer(x, self.input.positions)
${norm === undefined ? '' : '        x = self.norm(x)\n'}        return ${output === undefined ? 'F.linear(x, self.input.embedding.weight)' : 'self.output(x)'}
`.slice(1),
  })
}

export const transformerForecaster = ({ encoder, dropout, output }: TransformerForecaster, source: PyTorchSource) =>
  pyTorchClass(source, {
    name: 'TransformerForecaster',
    summary: 'Reads a window of a series [B, T, F], then gives all steps of the forecast [B, N].',
    parts: { encoder, dropout, output },
    methods: `
    def forward(self, x):
        return self.output(self.dropout(self.encoder(x).outputs[:, -1]))
`.slice(1),
  })
