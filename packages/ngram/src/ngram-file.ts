import { HeddleError, intTensor, readSafetensors, show, tensorValues, writeSafetensors } from '@heddle/core'
import { MAX_VOCAB_SIZE, type NgramTrie, type TrieLevel } from './ngram-trie.ts'

/** Content of a file. Probabilities are computed from it when it is read. */
export interface NgramFile {
  readonly trie: NgramTrie
  readonly vocabSize: number
  readonly hasBegin: boolean
}

const FORMAT = 'heddle-ngram'
const VERSION = '1'
const PARTS = ['tokens', 'counts', 'starts'] as const

/** Writes the counts as a safetensors file: tensors `1.tokens`, `1.counts`, `1.starts`, `2.tokens`, …, all I32. */
export function writeNgramFile({ trie, vocabSize, hasBegin }: NgramFile): Uint8Array {
  const tensors = new Map(
    trie.flatMap((level, k) =>
      PARTS.map((part) => [`${k + 1}.${part}`, intTensor([level[part].length], level[part])] as const),
    ),
  )
  const metadata = { format: FORMAT, version: VERSION, order: trie.length, vocabSize, hasBegin }
  return writeSafetensors(
    tensors,
    Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)])),
  )
}

/**
 * Reads and checks a file from `writeNgramFile`.
 *
 * @throws HeddleError `format`
 */
export function readNgramFile(bytes: Uint8Array, file: string): NgramFile {
  const { tensors, metadata } = readSafetensors(bytes, file)
  const fail = (message: string): never => {
    throw new HeddleError('format', `${file}: ${message} The file is damaged or not an n-gram model.`)
  }
  if (metadata['format'] !== FORMAT) fail(`expected the format '${FORMAT}', got ${show(metadata['format'])}.`)
  if (metadata['version'] !== VERSION) {
    throw new HeddleError(
      'format',
      `${file}: expected version ${VERSION}, got ${show(metadata['version'])}. Update @heddle/ngram.`,
    )
  }
  const count = (name: string): number => {
    const value = Number(metadata[name])
    return Number.isInteger(value) && value >= 1 && value < 2 ** 31
      ? value
      : fail(`expected ${name} above 0, got ${show(metadata[name])}.`)
  }
  const order = count('order')
  const vocabSize = count('vocabSize')
  // The file holds nothing for tokens that never occur, so its size does not bound the vocabulary.
  if (vocabSize > MAX_VOCAB_SIZE) fail(`expected a vocabSize of at most ${MAX_VOCAB_SIZE}, got ${vocabSize}.`)
  const hasBegin = metadata['hasBegin'] === 'true'
  if (tensors.size !== order * PARTS.length) fail(`expected ${order * PARTS.length} tensors, got ${tensors.size}.`)
  const values = (name: string): Int32Array => {
    const tensor = tensors.get(name)
    if (tensor?.dtype !== 'I32' || tensor.shape.length !== 1)
      return fail(`expected a tensor '${name}' of I32 and rank 1, got ${show(tensor?.dtype)}.`)
    return tensorValues(tensor) as Int32Array
  }
  const trie: TrieLevel[] = []
  for (let k = 1; k <= order; k++) {
    const [tokens, counts, starts] = PARTS.map((part) => values(`${k}.${part}`)) as [Int32Array, Int32Array, Int32Array]
    const level = { tokens, counts, starts }
    const problem = problemOf(
      level,
      k === 1 ? 1 : trie[k - 2]!.tokens.length,
      k === 1 && hasBegin ? vocabSize : vocabSize - 1,
    )
    if (problem !== undefined) fail(`n-grams of length ${k}: ${problem}`)
    trie.push(level)
  }
  return { trie, vocabSize, hasBegin }
}

function problemOf({ tokens, counts, starts }: TrieLevel, numParents: number, largest: number): string | undefined {
  const size = tokens.length
  if (counts.length !== size) return `expected ${size} counts, got ${counts.length}.`
  if (counts.some((count) => count < 0)) return 'expected counts of at least 0, got a negative one.'
  if (starts.length !== numParents + 1) return `expected ${numParents + 1} starts, got ${starts.length}.`
  if (starts[0] !== 0 || starts[numParents] !== size)
    return `expected starts from 0 to ${size}, got ${starts[0]} to ${starts[numParents]}.`
  for (let parent = 0; parent < numParents; parent++) {
    if (starts[parent]! > starts[parent + 1]!) return 'expected starts in ascending order, got others.'
  }
  for (let parent = 0; parent < numParents; parent++) {
    let last = -1
    for (let i = starts[parent]!; i < starts[parent + 1]!; i++) {
      const token = tokens[i]!
      if (token <= last || token > largest)
        return `expected ascending tokens up to ${largest}, got ${token} after ${last}.`
      last = token
    }
  }
  return undefined
}
