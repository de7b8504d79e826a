/**
 * Exports models of every kind with random weights to ONNX, with inputs of other sizes than the export saw and what Heddle computes
 * of them, for `check_onnx.py`: `node --conditions=source tools/reference/save-onnx.ts FOLDER [NAME…]`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRegistry, floatTensor, intTensor, type PartSpec, RandomStream, writeSafetensors } from '@heddle/core'
import { exportOnnx } from '@heddle/export'
import { modelPoint, setTraining } from '@heddle/layers'
import { stdPlugins } from '@heddle/std'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { onnxCases } from './onnx-cases.ts'

const [, , folder, ...wanted] = process.argv
if (folder === undefined) throw new Error('save-onnx: expected a folder, got none. Name one to write to.')
const registry = createRegistry(stdPlugins)
const [B, T, S] = [4, 10, 8]

for (const [name, spec] of Object.entries(onnxCases)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const context = { registry, rng: new RandomStream(3) }
  const { part: model, config } = registry.build(modelPoint, spec as PartSpec, context)
  setTraining(model, false)
  const full = { type: spec.type, ...(config as object) } as PartSpec & Record<string, { vocabSize: number }>
  const where = join(folder, name)
  await mkdir(where, { recursive: true })
  try {
    for (const { file, bytes } of exportOnnx(model, full)) await writeFile(join(where, file), bytes)
  } catch (error) {
    console.log(`${name}: ${(error as Error).message}`)
    process.exitCode = 1
    continue
  }
  const integers = (shape: number[], below: number, shift = 0) =>
    tf.tensor(
      Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i * 5 + shift) % below),
      shape,
      'int32',
    )
  const lengthsOf = (time: number) =>
    tf.tensor(
      Array.from({ length: B }, (_, i) => time - 2 * i),
      [B],
      'int32',
    )
  const given: Record<string, tf.Tensor> = {}
  const data = (input: Record<string, number>, key: string, time: number) => {
    if (input['vocabSize'] !== undefined) given[key] = integers([B, time], input['vocabSize'])
    else if (input['featureSize'] !== undefined)
      given[key] = tf.randomNormal([B, time, input['featureSize']], 0, 1, 'float32', 5)
    else
      given[key] = tf.randomNormal([B, input['height']!, input['width']!, input['channels'] ?? 3], 0, 1, 'float32', 5)
    return 'height' in input ? undefined : (given['lengths'] = lengthsOf(time))
  }
  let outputs: unknown
  if (full['source'] !== undefined) {
    const lengths = data(full['source'] as never, 'source', S)
    given['target'] = integers([B, T], full['target']!.vocabSize, 1)
    outputs = model.forward(given['source'], lengths, given['target'])
  } else if (spec.type === 'word-tagger') {
    const { vocabSize, numLetters, attributes } = full['input'] as Record<string, number> & {
      attributes?: Record<string, number>
    }
    const W = 9
    given['spellings'] = integers([W, 7], numLetters!)
    given['letter_counts'] = tf.tensor1d([7, 3, 1, 5, 2, 7, 6, 4, 3], 'int32')
    given['word_ids'] = integers([W], vocabSize!)
    given['places'] = integers([B, T], W, 2)
    given['lengths'] = lengthsOf(T)
    if (attributes !== undefined)
      given['attributes'] = integers([W, attributes['perWord']!], attributes['numAttributes']!)
    outputs = model.forward(
      ...['spellings', 'letter_counts', 'word_ids', 'places', 'lengths', 'attributes'].map((name) => given[name]),
    )
  } else if (full['numRows'] !== undefined) {
    given['inputs'] = tf.randomNormal(
      [B, full['numRows'] as never, (full['input'] as never as { featureSize: number }).featureSize],
      0,
      1,
      'float32',
      5,
    )
    outputs = { output: model.forward(given['inputs']) }
  } else if (full['input'] !== undefined) {
    const lengths = data(full['input'] as never, 'inputs', T)
    if ('vocabSize' in full['input']) given['segments'] = integers([B, T], name.startsWith('roberta') ? 1 : 2)
    const isOption = /masked|pretraining/.test(spec.type)
    outputs = model.forward(given['inputs'], lengths, isOption ? { segments: given['segments'] } : given['segments'])
  } else if (full['vocabSize'] !== undefined) {
    given['ids'] = integers([B, T], full['vocabSize'] as never)
    outputs = model.forward(given['ids'])
  } else {
    given['x'] = tf.randomNormal([B, T, full['featureSize'] as never], 0, 1, 'float32', 5)
    outputs = { forecast: model.forward(given['x']) }
  }
  const { state: _, ...results } = outputs as Record<string, tf.Tensor>
  const tensors = new Map<string, ReturnType<typeof floatTensor>>()
  for (const [key, tensor] of Object.entries({ ...given, ...prefixed(results) })) {
    if (!(tensor instanceof tf.Tensor)) continue
    const values = tensor.dataSync()
    tensors.set(
      key,
      tensor.dtype === 'float32'
        ? floatTensor(tensor.shape, Float32Array.from(values))
        : intTensor(tensor.shape, Int32Array.from(values)),
    )
  }
  await writeFile(join(where, 'heddle.safetensors'), writeSafetensors(tensors))
  console.log(name)
}

function prefixed(results: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(results).map(([key, value]) => [`expected.${key}`, value]))
}
