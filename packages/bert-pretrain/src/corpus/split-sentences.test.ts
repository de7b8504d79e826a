import { expect, it } from 'vitest'
import { splitSentences } from './split-sentences.ts'

it.each<[string, string[]]>([
  ['The loom stands. The weaver sits!  Is it done?', ['The loom stands.', 'The weaver sits!', 'Is it done?']],
  [
    'Mr. Lee met Dr. Kim at 3.14 p.m. yesterday. They spoke.',
    ['Mr. Lee met Dr. Kim at 3.14 p.m. yesterday.', 'They spoke.'],
  ],
  ['J. S. Bach wrote it. “Is it long?” she asked.', ['J. S. Bach wrote it.', '“Is it long?”', 'she asked.']],
  ['approx. five metres... or six', ['approx. five metres... or six']],
  ['1. Warp the loom. 2. Weave.', ['1. Warp the loom.', '2. Weave.']],
  [
    '나는 학교에 갔다. 친구를 만났다! “재밌었어?” 그가 물었다',
    ['나는 학교에 갔다.', '친구를 만났다!', '“재밌었어?”', '그가 물었다'],
  ],
  ['그는 3.5점을 받았다. (기뻤다.) 끝', ['그는 3.5점을 받았다.', '(기뻤다.)', '끝']],
  ['今日は晴れ。明日は雨！「本当？」はい', ['今日は晴れ。', '明日は雨！', '「本当？」', 'はい']],
  ['wait… what?! Yes.', ['wait…', 'what?!', 'Yes.']],
  ['  \n ', []],
  ['no stop at all', ['no stop at all']],
])('%j', (text, sentences) => {
  expect(splitSentences(text)).toEqual(sentences)
})

it('loses nothing but white space', () => {
  const text = 'a.b. C! d?"e"\u3002f… (g.) No. 5 is 3.5. Ende'
  expect(splitSentences(text).join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
})
