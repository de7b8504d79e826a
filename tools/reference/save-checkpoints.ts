/**
 * Writes a checkpoint folder of every architecture of BERT's family with random weights, and the logits of one batch, for
 * `check_checkpoints.py`: `node --conditions=source tools/reference/save-checkpoints.ts FOLDER`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attentionPlugin } from '@heddle/attention'
import { createRegistry, floatTensor, type PartSpec, RandomStream, writeSafetensors } from '@heddle/core'
import { layersPlugin, modelPoint, setTraining } from '@heddle/layers'
import { saveCheckpoint, transformerPlugin } from '@heddle/transformer'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'

const [, , folder] = process.argv
if (folder === undefined) throw new Error('save-checkpoints: expected a folder, got none. Name one to write to.')

const size = { hiddenSize: 16, numLayers: 2, numHeads: 4, maxPositions: 24, initializerRange: 0.3, paddingIndex: 1 }
const input = { vocabSize: 31 }
const encoders = {
  bert: { type: 'bert', ...size, pooling: 'first' },
  pooled: { type: 'bert', ...size },
  roberta: { type: 'roberta', ...size },
  distilbert: { type: 'distilbert', ...size },
  electra: { type: 'electra', ...size, embeddingSize: 8 },
}
const hidden = (activation: string, dropout: number) => ({ hidden: { activation, dropout } })

const specs: PartSpec[] = [
  { type: 'bert-pretraining', encoder: encoders.pooled },
  { type: 'bert-next-sentence', encoder: encoders.pooled },
  { type: 'classifier', numLabels: 3, encoder: encoders.pooled },
  { type: 'classifier', numLabels: 3, ...hidden('tanh', 0), encoder: encoders.roberta },
  { type: 'classifier', numLabels: 3, ...hidden('relu', 0), encoder: encoders.distilbert },
  { type: 'classifier', numLabels: 3, ...hidden('gelu', 0), encoder: encoders.electra },
  { type: 'electra-discriminator', encoder: encoders.electra },
  ...[encoders.bert, encoders.roberta, encoders.distilbert, encoders.electra].flatMap((encoder) => [
    { type: 'bert-masked-lm', encoder },
    { type: 'tagger', numLabels: 3, dropout: encoder.type === 'distilbert' ? 0.1 : 0, encoder },
    { type: 'bert-question-answering', encoder },
  ]),
]

const context = () => ({
  registry: createRegistry([layersPlugin, attentionPlugin, transformerPlugin]),
  rng: new RandomStream(11),
})
const [B, T] = [2, 7]
const ids = tf.tensor([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 1, 1, 1], [B, T], 'int32')
const lengths = tf.tensor([7, 4], [B], 'int32')
const segments = tf.tensor([0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0], [B, T], 'int32')

for (const spec of specs) {
  const full = { input, ...spec }
  const model = context().registry.create(modelPoint, full, context())
  setTraining(model, false)
  const { type } = (spec as unknown as { encoder: { type: string } }).encoder
  const given = type === 'bert' || type === 'electra' ? segments : undefined
  const options = /masked-lm|pretraining/.test(spec.type) ? { segments: given } : given
  const outputs = model.forward(ids, lengths, options) as Record<string, tf.Tensor>
  const where = join(folder, `${type}-${spec.type}`)
  await mkdir(where, { recursive: true })
  for (const [file, bytes] of await saveCheckpoint(model, full, context())) await writeFile(join(where, file), bytes)
  const { features: _, ...logits } = outputs
  const tensors = new Map<string, ReturnType<typeof floatTensor>>()
  for (const [name, tensor] of Object.entries(logits)) {
    tensors.set(name, floatTensor(tensor.shape, (await tensor.data()) as Float32Array))
  }
  const integers = { ids, lengths, ...(given && { segments: given }) }
  for (const [name, tensor] of Object.entries(integers)) {
    tensors.set(name, floatTensor(tensor.shape, Float32Array.from(await tensor.data())))
  }
  await writeFile(join(where, 'heddle.safetensors'), writeSafetensors(tensors))
}
