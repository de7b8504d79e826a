import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sentencePieceTokenizer } from '../formats.ts'
import { Tokenizer } from '../index.ts'

// Models of all kinds with the ids and texts that sentencepiece makes, by fixtures/make_sentence_piece.py.
const { texts, cases } = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/sentence-piece.json.gz'))).toString(),
) as { texts: string[]; cases: { name: string; model: string; ids: number[][]; decoded: string[] }[] }

describe('agreement with sentencepiece', () => {
  it('covers all types of models', () => {
    expect(cases.length).toBeGreaterThan(9)
    expect(texts).toContain('<0x41><0x42>')
  })

  for (const { name, model, ids, decoded } of cases) {
    it(`encodes and decodes alike: ${name}`, () => {
      const tokenizer = sentencePieceTokenizer(Uint8Array.from(Buffer.from(model, 'base64')))
      const saved = Tokenizer.fromJSON(JSON.stringify(tokenizer))
      for (const [i, text] of texts.entries()) {
        expect([text, tokenizer.encodeIds(text)]).toEqual([text, ids[i]])
        expect([text, saved.encodeIds(text)]).toEqual([text, ids[i]])
        expect([text, tokenizer.decode(ids[i]!)]).toEqual([text, decoded[i]])
      }
    })
  }

  it('lets control symbols in a text stand for themselves on request', () => {
    const tokenizer = sentencePieceTokenizer(Uint8Array.from(Buffer.from(cases[0]!.model, 'base64')))
    const start = tokenizer.tokenToId('<s>')!
    expect(tokenizer.encodeIds('<s>a')).not.toContain(start)
    expect(tokenizer.encodeIds('<s>a', { encodeSpecialTokens: false })).toContain(start)
  })
})
