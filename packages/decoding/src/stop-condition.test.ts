import { expect, it } from 'vitest'
import { cutAtStop, stopAtStrings } from './index.ts'

/** A byte-level tokenizer: a token is a byte. */
const decode = (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids))
const encode = (text: string) => [...new TextEncoder().encode(text)]

it('stops decoding when the text holds a stop string', () => {
  const stop = stopAtStrings(['\n\n', 'END'], decode)
  expect(stop(encode('one\ntwo'))).toBe(false)
  expect(stop(encode('one\n\n'))).toBe(true)
  expect(stop(encode('an END.'))).toBe(true)
  expect(cutAtStop('an END. \n\n', ['\n\n', 'END'])).toBe('an ')
  expect(cutAtStop('none', ['\n\n'])).toBe('none')
})
