import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { HeddleError, type RawTensor, readSafetensors, tensorValues } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'

/** One folder of golden numbers: what was computed, and the tensors that went in and came out. */
export interface GoldenCase {
  /** The folder's path below the root, such as `recurrent/lstm_l2_bi`. */
  readonly name: string
  readonly folder: string
  /** case.json */
  readonly settings: Readonly<Record<string, unknown>>
  /** tensors.safetensors by name: in.*, w.*, out.*, cot.*, gin.*, gw.*; none where the case has no tensors. */
  readonly tensors: ReadonlyMap<string, RawTensor>
}

/** Every case below a folder, by name. */
export function findCases(root: string): GoldenCase[] {
  const folders = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'case.json')
    .map((entry) => entry.parentPath)
    .sort()
  return folders.map((folder) => readCase(root, folder))
}

function readCase(root: string, folder: string): GoldenCase {
  const file = join(folder, 'tensors.safetensors')
  const hasTensors = statSync(file, { throwIfNoEntry: false }) !== undefined
  return {
    name: relative(root, folder).replaceAll('\\', '/'),
    folder,
    settings: JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')),
    tensors: hasTensors ? readSafetensors(new Uint8Array(readFileSync(file)), file).tensors : new Map(),
  }
}

/** The tensors of a case whose names start with a prefix, by the rest of the name. */
export function tensorsUnder(golden: GoldenCase, prefix: string): Map<string, RawTensor> {
  return new Map(
    [...golden.tensors].flatMap(([name, raw]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), raw]] : [])),
  )
}

/** A raw tensor as a tfjs one; integers of any size become int32. */
export function toTensor(raw: RawTensor): tf.Tensor {
  const values = tensorValues(raw)
  return tf.tensor(values, [...raw.shape], values instanceof Float32Array ? 'float32' : 'int32')
}

/** The tensor of a case by its full name. */
export function tensorOf(golden: GoldenCase, name: string): tf.Tensor {
  const raw = golden.tensors.get(name)
  if (raw === undefined) throw new HeddleError('format', `${golden.name}: expected a tensor '${name}', got none.`)
  return toTensor(raw)
}

/** A setting of a case, of the type that the caller expects. */
export function setting<T>(golden: GoldenCase, key: string): T {
  if (!(key in golden.settings)) {
    throw new HeddleError('format', `${golden.name}: expected a setting '${key}' in case.json, got none.`)
  }
  return golden.settings[key] as T
}
