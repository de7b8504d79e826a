import type { Registry } from '@heddle/core'
import { Tokenizer } from '@heddle/tokenizer'
import { describe, expect, it } from 'vitest'

export interface TokenizerPartContract {
  /** Makes a tokenizer in which the part stands: a normalizer, pre-tokenizer, model, post-processor or decoder, or one that a trainer trains. */
  readonly make: () => Tokenizer
  /** Where the part is looked up by its `type` when a tokenizer.json is read (default: the parts of @heddle/tokenizer). */
  readonly registry?: Registry
  /** Whether decoding gives back every text (default false). */
  readonly lossless?: boolean
  /** Texts besides the suite's own, such as those that the part treats in a special way. */
  readonly texts?: readonly string[]
}

/** Texts that parts have got wrong: empty, white space, characters of several units, scripts without spaces, marks, lone surrogates. */
const TEXTS: readonly string[] = [
  '',
  ' ',
  'The quick brown fox.',
  '  two  spaces\tand\r\nlines\n\n',
  'a😀b👩‍👩‍👧c🇰🇷',
  '나는 학교에 갔다. 那是我的书。',
  '\u1112\u1161\u11ab\u1100\u1173\u11af',
  'e\u0301 e\u0301\u0323 \u0301 ﬁ Å İ ß',
  'ไทย עברית العربية हिन्दी',
  '\u0000\u0007\u200b\u200d\ufeff\u00ad\u2028',
  "don't 3.14 1,000,000 x_y --flag <unk> [CLS] ▁ Ġ ##ing",
  'lone \ud83d high, \ude00 low',
  'ab'.repeat(300),
  '\u{10ffff}\u{1f600}\ue000',
]

/** Tests that every part of a tokenizer has to pass, in a tokenizer that is made with it. */
export function tokenizerPartContract(name: string, contract: TokenizerPartContract): void {
  const { make, registry, lossless = false } = contract
  const texts = [...TEXTS, ...(contract.texts ?? [])]

  describe(`${name} keeps the contract of tokenizer parts:`, () => {
    it('written as tokenizer.json and read again, it gives the same encodings and the same file', () => {
      const tokenizer = make()
      const json = JSON.stringify(tokenizer)
      const again = Tokenizer.fromJSON(json, registry === undefined ? {} : { registry })
      expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(json))
      for (const text of texts) expect(columnsOf(again, text), show(text)).toEqual(columnsOf(tokenizer, text))
    })

    it('its offsets lie within the text, in order, and not between the halves of a character', () => {
      const tokenizer = make()
      for (const text of texts) {
        const { ids, offsets } = tokenizer.encode(text, undefined, { addSpecialTokens: false })
        expect(offsets.length, show(text)).toBe(ids.length)
        let previous = 0
        for (const [start, end] of offsets) {
          expect(start <= end && start >= previous && end <= text.length, `${show(text)}: [${start}, ${end}]`).toBe(
            true,
          )
          for (const at of [start, end]) expect(isInsideCharacter(text, at), `${show(text)}: ${at}`).toBe(false)
          previous = start
        }
      }
    })

    it('its ids and tokens are those of its vocabulary', () => {
      const tokenizer = make()
      for (const text of texts) {
        const { ids } = tokenizer.encode(text)
        for (const id of ids) {
          const token = tokenizer.idToToken(id)
          expect(token, `${show(text)}: id ${id}`).toBeTypeOf('string')
          expect(tokenizer.tokenToId(token!)).toBe(id)
        }
      }
      const vocabulary = tokenizer.vocabulary()
      expect(new Set(vocabulary.values()).size).toBe(vocabulary.size)
      expect(tokenizer.vocabSize).toBe(vocabulary.size)
    })

    it('a text gives the same tokens whatever was encoded before it', () => {
      const forward = make()
      const backward = make()
      const first = texts.map((text) => columnsOf(forward, text))
      const second = texts.toReversed().map((text) => columnsOf(backward, text))
      expect(second.toReversed()).toEqual(first)
      expect(texts.map((text) => columnsOf(forward, text))).toEqual(first)
      expect(texts.map((text) => forward.encodeIds(text))).toEqual(first.map(({ ids }) => ids))
    })

    it('a pair has the tokens of both texts and as many special ones as the post-processor states', () => {
      const tokenizer = make()
      const length = (text: string, pair: string | undefined, addSpecialTokens: boolean) =>
        tokenizer.encode(text, pair, { addSpecialTokens }).ids.length
      for (const text of texts) {
        const [plain, pair] = [length(text, undefined, false), length(text, texts[2], false)]
        expect(pair).toBe(plain + length(texts[2]!, undefined, false))
        expect(length(text, undefined, true) - plain).toBe(tokenizer.postProcessor?.addedTokens(false) ?? 0)
        expect(length(text, texts[2], true) - pair).toBe(tokenizer.postProcessor?.addedTokens(true) ?? 0)
      }
    })

    it('it decodes whatever the vocabulary holds, in any order', () => {
      const tokenizer = make()
      const ids = [...tokenizer.vocabulary().values()].slice(0, 500)
      for (const list of [[], ids, ids.toReversed(), ...ids.map((id) => [id])]) {
        expect(tokenizer.decode(list)).toBeTypeOf('string')
        expect(tokenizer.decode(list, { skipSpecialTokens: false })).toBeTypeOf('string')
      }
    })

    if (!lossless) return
    it('decoding gives back the text', () => {
      const tokenizer = make()
      for (const text of texts) {
        if (!isWellFormed(text)) continue
        expect(tokenizer.decode(tokenizer.encode(text, undefined, { addSpecialTokens: false }).ids)).toBe(text)
      }
    })
  })
}

function columnsOf(tokenizer: Tokenizer, text: string) {
  const { ids, tokens, offsets, typeIds, specialTokensMask } = tokenizer.encode(text)
  const lists = { tokens: [...tokens], typeIds: [...typeIds], specialTokensMask: [...specialTokensMask] }
  return { ids: [...ids], offsets: [...offsets], ...lists }
}

const isInsideCharacter = (text: string, at: number) =>
  /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1)) && at > 0

const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text)

const show = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
