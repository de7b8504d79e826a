import { expect, it } from 'vitest'
import { normalizers, preTokenizers, Tokenizer, trainers } from '../index.ts'

const { Lowercase } = normalizers
const { Whitespace } = preTokenizers

const train = (parts: Parameters<typeof Tokenizer.train>[2]) =>
  Tokenizer.train(['ab cd AB CD'], new trainers.WordPieceTrainer({ vocabSize: 60, specialTokens: ['[UNK]'] }), parts)

class Uppercase extends Lowercase {
  override normalize: InstanceType<typeof Lowercase>['normalize'] = (text) =>
    text.derive(text.text.toUpperCase(), () => Int32Array.from({ length: text.text.length }, (_, i) => i))
}

/** Leaves words together. */
class Nothing extends Whitespace {
  override preTokenize: InstanceType<typeof Whitespace>['preTokenize'] = (preTokens) => preTokens
}

it('a class that overrides the usual way of a normalizer alone has no short way', () => {
  const tokenizer = train({ normalizer: new Uppercase(), preTokenizer: new Whitespace() })
  expect(tokenizer.encode('ab').tokens).toEqual(['AB'])
  const inSequence = train({ normalizer: new normalizers.Sequence([new Uppercase()]), preTokenizer: new Whitespace() })
  expect(inSequence.encode('ab').tokens).toEqual(['AB'])
})

it('nor has one of a pre-tokenizer', () => {
  for (const preTokenizer of [new Nothing(), new preTokenizers.Sequence([new Nothing()])]) {
    const tokenizer = train({ preTokenizer })
    expect(tokenizer.encode('ab cd').tokens.join('')).toContain(' ')
  }
})
