import { Tokenizer, trainers, trainWordTokenizer } from '@heddle/tokenizer'
import { expect, it } from 'vitest'
import { drawTokenBorders } from './token-borders.ts'

const ESCAPE = String.fromCharCode(27)
const withoutColors = (text: string) => text.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')

const tokenizer = trainWordTokenizer(['나는 학교에 갔다.'])

it('puts a bar between tokens where there are no colors', () => {
  expect(drawTokenBorders(tokenizer, '나는 갔다.', false)).toBe('나는│ │갔다│.')
})

it('gives neighbors different backgrounds, and unknown tokens a red one', () => {
  const drawn = drawTokenBorders(tokenizer, '나는 집에.', true, tokenizer.tokenToId('<unk>'))
  expect(withoutColors(drawn)).toBe('나는 집에.')
  const backgrounds = [...drawn.matchAll(new RegExp(`${ESCAPE}\\[(4[1-7])m`, 'g'))].map(([, code]) => code)
  expect(backgrounds).toEqual(['46', '41', '43'])
})

it('shows control characters as pictures', () => {
  const characters = Tokenizer.train(['a\u001b\t\n\u007f\u0085'], new trainers.CharTrainer())
  expect(drawTokenBorders(characters, 'a\u001b\t\n\u007f\u0085', false)).toBe('a│␛│␉│␊│␡│‹U+0085›')
})
