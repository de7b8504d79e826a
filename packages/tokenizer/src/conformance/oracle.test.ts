import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RandomStream } from '@heddle/core'
import { Tokenizer as Oracle } from '@huggingface/tokenizers'
import { describe, expect, it } from 'vitest'
import { bertTokenizer, gpt2Tokenizer } from '../formats.ts'
import { Tokenizer } from '../index.ts'

const fixtures = join(import.meta.dirname, '../../../parity/fixtures/tokenizers')
// A folder with tokenizer_gpt2, tokenizer_bert_uncased and texts, for the long comparison on real data.
const dataFolder = process.env['HEDDLE_TOKENIZER_DATA']

function randomTexts(count: number): string[] {
  const random = new RandomStream(20)
  const limits = [0x80, 0x800, 0x10000, 0x110000]
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random.integer(20) }, () => {
      const code = random.integer(random.pick(limits))
      return String.fromCodePoint(code >= 0xd800 && code < 0xe000 ? 0x41 : code)
    }).join(''),
  )
}

/**
 * Texts on which the oracle is known to be wrong for BERT: it does not set off Han characters beyond U+FFFF, and its categories are those of
 * the engine's Unicode, not those that the Rust library (with which ours agree on all of these texts) pins.
 */
const oracleIsWrong = (text: string): boolean =>
  /[\u{10000}-\u{10ffff}]|[^\p{L}\p{N}\p{Z}\p{S}\p{Cn}\p{Co}\p{Cc} -~]/u.test(text)

function differences(tokenizer: Tokenizer, texts: readonly string[]): string[] {
  const oracle = new Oracle(JSON.parse(JSON.stringify(tokenizer)), {})
  return texts.filter((text) => tokenizer.encodeIds(text).join() !== oracle.encode(text).ids.join())
}

describe('agreement with @huggingface/tokenizers', () => {
  const load = (name: string) => Tokenizer.fromJSON(readFileSync(join(fixtures, name, 'tokenizer.json'), 'utf8'))

  it('is complete for byte-level BPE on texts from all of Unicode', () => {
    expect(differences(load('bpe_bytelevel'), randomTexts(4000))).toEqual([])
  })

  it('is complete for BERT but for what the oracle gets wrong', () => {
    const texts = randomTexts(4000)
    expect(differences(load('wordpiece_bert'), texts).filter((text) => !oracleIsWrong(text))).toEqual([])
    expect(texts.filter((text) => !oracleIsWrong(text)).length).toBeGreaterThan(400)
  })

  it.runIf(dataFolder !== undefined && existsSync(dataFolder))(
    'is complete on real vocabularies and texts',
    () => {
      const read = (path: string) => readFileSync(join(dataFolder!, path), 'utf8')
      const gpt2 = gpt2Tokenizer(read('tokenizer_gpt2/encoder.json'), read('tokenizer_gpt2/vocab.bpe'))
      const bert = bertTokenizer(read('tokenizer_bert_uncased/vocab.txt'))
      const udhr = readdirSync(join(dataFolder!, 'udhr')).filter(
        (name) => name.endsWith('.txt') && name !== 'NOTICE.txt',
      )
      const lines = [
        ...read('tinyshakespeare/input.txt').split('\n'),
        ...read('nsmc/ratings_train_rebuilt.txt')
          .split('\n')
          .map((line) => line.split('\t')[1] ?? ''),
        ...udhr.flatMap((name) => read(`udhr/${name}`).split('\n')),
      ]
      const texts = randomTexts(20_000)
      expect(differences(gpt2, [...lines, ...texts])).toEqual([])
      expect(differences(bert, lines)).toEqual([])
      expect(differences(bert, texts).filter((text) => !oracleIsWrong(text))).toEqual([])
    },
    300_000,
  )
})
