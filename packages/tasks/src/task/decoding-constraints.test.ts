import { trainCharTokenizer } from '@heddle/tokenizer'
import { describe, expect, it } from 'vitest'
import { constraintOptions } from './decoding-constraints.ts'

const tokenizer = trainCharTokenizer(['to be or not'], { specialTokens: ['<unk>'] })
const ids = (text: string) => tokenizer.encodeIds(text)

describe('constraintOptions', () => {
  it('turns words and names of tokens into ids', () => {
    const settings = { badWords: ['be'], forbidden: ['<unk>', 3], forcedStart: 't', noRepeatNgram: 3 }
    expect(constraintOptions(settings, tokenizer)).toEqual({
      noRepeatNgram: 3,
      forbiddenSequences: [ids('be'), ids(' be')],
      forbidden: [...ids('\u0000'), 3],
      forcedStart: ids('t')[0],
    })
  })

  it('leaves out what is not set, so that nothing overrides other options', () => {
    expect(constraintOptions({}, tokenizer)).toEqual({})
  })

  it('refuses tokens that the vocabulary does not have', () => {
    expect(() => constraintOptions({ forcedEnd: 'q' }, tokenizer)).toThrow(
      'decoding: expected a token of the vocabulary, got "q".',
    )
  })
})
