import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tokenizer } from '@heddle/tokenizer'
import type { Comparison } from '../comparison.ts'
import { setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

interface Encoded {
  readonly ids: number[]
  readonly tokens: string[]
  readonly offsets: [number, number][]
  readonly type_ids: number[]
  readonly special: number[]
}

interface Probe extends Encoded {
  readonly text: string
  readonly decoded: string
  readonly decoded_keep_special: string
}

/** tokenizers/*: tokenizer.json read, texts encoded and decoded. */
export const tokenizersHandler: Handler = {
  covers: (name) => /^tokenizers\//.test(name),
  async compare(golden) {
    const json = JSON.parse(readFileSync(join(golden.folder, 'tokenizer.json'), 'utf8'))
    const tokenizer = Tokenizer.fromJSON(json)
    const comparisons: Comparison[] = setting<Probe[]>(golden, 'probes').flatMap((probe) => [
      ...encoded(tokenizer, JSON.stringify(probe.text), probe, probe.text),
      exact(`decode ${JSON.stringify(probe.text)}`, tokenizer.decode(probe.ids), probe.decoded),
      exact(
        `decode with special tokens ${JSON.stringify(probe.text)}`,
        tokenizer.decode(probe.ids, { skipSpecialTokens: false }),
        probe.decoded_keep_special,
      ),
    ])
    const pair = setting<(Encoded & { a: string; b: string }) | null>(golden, 'pair')
    if (pair !== null) comparisons.push(...encoded(tokenizer, 'pair', pair, pair.a, pair.b))
    const again = Tokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)))
    comparisons.push(
      exact('vocabulary size', tokenizer.vocabSize, setting(golden, 'vocab_size')),
      exact('saved and read again', vocabularyOf(again), vocabularyOf(tokenizer)),
    )
    return comparisons
  },
}

function encoded(tokenizer: Tokenizer, name: string, expected: Encoded, text: string, pair?: string): Comparison[] {
  const encoding = tokenizer.encode(text, pair)
  return [
    exact(`ids of ${name}`, [...encoding.ids], expected.ids),
    exact(`tokens of ${name}`, encoding.tokens, expected.tokens),
    exact(`offsets of ${name}`, encoding.offsetsIn('codePoint'), expected.offsets),
    exact(`type ids of ${name}`, [...encoding.typeIds], expected.type_ids),
    exact(`special tokens of ${name}`, [...encoding.specialTokensMask], expected.special),
  ]
}

const exact = (name: string, actual: unknown, expected: unknown): Comparison => ({
  name,
  kind: 'exact',
  actual,
  expected,
})
const vocabularyOf = (tokenizer: Tokenizer) => [...tokenizer.vocabulary()].sort()
