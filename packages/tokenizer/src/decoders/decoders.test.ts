import { expect, it } from 'vitest'
import {
  BPEDecoder,
  ByteFallback,
  ByteLevel,
  CTC,
  Fuse,
  Joiner,
  Metaspace,
  Replace,
  Sequence,
  Strip,
  WordPiece,
} from './index.ts'

it('decoders undo what their counterparts do', () => {
  expect(new ByteLevel().decode(['ê°', 'Ģ', 'Ġa', '가']).join('')).toBe('가 a가')
  expect(new ByteLevel().decode(['ê°', 'a']).join('')).toBe('\ufffda')
  expect(new Metaspace().decode(['▁Hey', '▁friend'])).toEqual(['Hey', ' friend'])
  expect(new Metaspace({ prependScheme: 'never' }).decode(['▁Hey'])).toEqual([' Hey'])
  expect(new WordPiece().decode(['do', "n't", '##x', '.'])).toEqual(['do', "n't", 'x', '.'])
  expect(new WordPiece({ cleanup: false }).decode(['a', '.'])).toEqual(['a', ' .'])
  expect(new BPEDecoder().decode(['he', 'y</w>', 'you</w>'])).toEqual(['he', 'y ', 'you'])
  expect(new Fuse().decode(['a', 'b'])).toEqual(['ab'])
  expect(new Joiner().decode(['(￭', '어제', '￭)', '갔다', '￭.']).join('')).toBe('(어제) 갔다.')
})

it('ByteFallback turns runs of bytes into text, or a mark for each byte', () => {
  expect(new ByteFallback().decode(['a', '<0xEA>', '<0xB0>', '<0x80>', 'b'])).toEqual(['a', '가', 'b'])
  expect(new ByteFallback().decode(['<0xEA>', '<0xB0>'])).toEqual(['\ufffd', '\ufffd'])
  expect(new ByteFallback().decode(['<0xEF>', '<0xBF>', '<0xBD>'])).toEqual(['\ufffd'])
})

it('Strip, Replace, CTC and Sequence change tokens', () => {
  expect(new Strip({ content: ' ', start: 1, stop: 0 }).decode(['  a ', 'b'])).toEqual([' a ', 'b'])
  expect(new Strip({ content: 'a', start: 2, stop: 2 }).decode(['aaa'])).toEqual([''])
  expect(new Replace('▁', ' ').decode(['▁a▁'])).toEqual([' a '])
  expect(new Replace({ regex: '\\d+' }, '#').decode(['a12b3'])).toEqual(['a#b#'])
  expect(new CTC().decode(['h', 'h', '<pad>', 'i', '|', '|', 'y'])).toEqual(['h', 'i', ' ', 'y'])
  expect(
    new Sequence([new Replace('▁', ' '), new Fuse(), new Strip({ content: ' ', start: 1, stop: 0 })]).decode([
      '▁a',
      '▁b',
    ]),
  ).toEqual(['a b'])
})
