import type { ConvolutionalEncoder } from '../encoders/convolutional-encoder.ts'
import type { FrameEncoder } from '../encoders/frame-encoder.ts'
import type { EncoderClassifier } from '../models/encoder-classifier.ts'
import type { EncoderModel } from '../models/encoder-model.ts'
import type { EncoderTagger } from '../models/encoder-tagger.ts'
import { pyTorchActivation } from './layers.ts'
import { type PyTorchModule, type PyTorchSource, pyTorchClass } from './pytorch-module.ts'

/** The result of an encoder in Python; returns its name in the file. */
export const encodedClass = (source: PyTorchSource): string =>
  source.define(
    'Encoded',
    (name) => `class ${name}(NamedTuple):
    """What an encoder made of an input: outputs [B, S, D], summary [B, M], the last state of each layer, real steps [B, S]."""

    outputs: torch.Tensor
    summary: torch.Tensor
    state: Optional[list] = None
    mask: Optional[torch.Tensor] = None
`,
  )

export function convolutionalEncoder(
  { blocks, pool, positions, summary, norm, dropout }: ConvolutionalEncoder,
  source: PyTorchSource,
): Promise<PyTorchModule> {
  const encoded = encodedClass(source)
  return pyTorchClass(source, {
    name: 'ConvolutionalEncoder',
    summary: 'Reads a picture [B, H, W, C] as a grid of regions.',
    parts: { blocks, pool, summary, norm, dropout },
    fields: { positions: `nn.Parameter(torch.zeros(${positions.shape.join(', ')}))` },
    weights: [{ name: 'positions', path: 'positions' }],
    methods: `
    def forward(self, pictures, lengths=None):
        x = pictures
        for i, block in enumerate(self.blocks):
            x = F.relu(block(x))
            if i < len(self.blocks) - 1:
                x = self.pool(x)
        outputs = self.dropout(x.flatten(1, 2) + self.positions)  # [B, R * Q, D]
        summary = torch.tanh(self.norm(self.summary(outputs.flatten(1))))
        return ${encoded}(outputs, summary)
`.slice(1),
  })
}

export function frameEncoder({ frame, encoder }: FrameEncoder, source: PyTorchSource, shape: readonly number[]) {
  return pyTorchClass(source, {
    name: 'FrameEncoder',
    summary: 'Reads a clip [B, T, H * W * C]: features of each frame, then another encoder over them.',
    parts: { frame, encoder },
    methods: `
    def forward(self, frames, lengths=None):
        B, T, _ = frames.shape
        features = self.frame(frames.reshape(B * T, ${shape.join(', ')})).summary
        return self.encoder(features.reshape(B, T, -1), lengths)
`.slice(1),
  })
}

export function encoderClassifier(
  { encoder, hidden, hiddenDropout, output, dropout, activation }: EncoderClassifier,
  source: PyTorchSource,
): Promise<PyTorchModule> {
  const layer = `self.hidden(self.hidden_dropout(x))`
  return pyTorchClass(source, {
    name: 'EncoderClassifier',
    summary: 'An encoder with a linear head over its summary.',
    parts: { encoder, hidden, hiddenDropout, output, dropout },
    methods: `
    def forward(self, inputs, lengths=None, *segments):
        # -> logits [B, C]
        x = self.encoder(inputs, lengths, *segments).summary
${hidden === undefined ? '' : `        x = ${pyTorchActivation(activation, layer)}\n`}        return self.output(self.dropout(x))
`.slice(1),
  })
}

export const encoderTagger = ({ encoder, output, dropout, crf }: EncoderTagger, source: PyTorchSource) =>
  pyTorchClass(source, {
    name: 'EncoderTagger',
    summary: 'An encoder with a linear head over each of its steps.',
    parts: { encoder, output, dropout, crf },
    methods: `
    def forward(self, inputs, lengths=None, *segments):
        # -> logits [B, T, C]
        return self.output(self.dropout(self.encoder(inputs, lengths, *segments).outputs))
`.slice(1),
  })

export const encoderModel = ({ encoder }: EncoderModel, source: PyTorchSource) =>
  pyTorchClass(source, {
    name: 'EncoderModel',
    summary: 'An encoder without a head.',
    parts: { encoder },
    methods: `
    def forward(self, inputs, lengths=None, *segments):
        return self.encoder(inputs, lengths, *segments)
`.slice(1),
  })
