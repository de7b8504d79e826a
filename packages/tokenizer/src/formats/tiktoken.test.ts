import { expect, it } from 'vitest'
import { readTiktoken, tiktokenTokenizer } from '../formats.ts'

const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
const file = [...bytes, 'lo', 'low', ' low', 'lowlow', 'er'].map((token, rank) => `${btoa(token)} ${rank}`).join('\n')

it('reads rank files, whose merges follow from the ranks', () => {
  const tokenizer = tiktokenTokenizer(file, { specialTokens: { '<|end|>': 300 } })
  expect(tokenizer.encode(' low lowlower가<|end|>').tokens).toEqual([
    'Ġlow',
    'Ġlow',
    'low',
    'er',
    'ê',
    '°',
    'Ģ',
    '<|end|>',
  ])
  expect(tokenizer.encodeIds('<|end|>')).toEqual([300])
  expect(tokenizer.encodeIds('<|end|>', { encodeSpecialTokens: true })).toHaveLength(7)
  expect(tokenizer.decode(tokenizer.encodeIds(' lower 가😀'))).toBe(' lower 가😀')
  expect(tiktokenTokenizer(file, { pattern: '.' }).encode('low').tokens).toEqual(['l', 'o', 'w'])
})

it('names the line that is wrong', () => {
  expect(() => readTiktoken('YQ== 0\nYg==\n', 'my.tiktoken')).toThrow('my.tiktoken, line 2: expected a token in base64')
  expect(() => readTiktoken(`YQ== ${2 ** 40}`)).toThrow('line 1')
  expect(() => readTiktoken('\n')).toThrow(/expected tokens, got none/)
})
