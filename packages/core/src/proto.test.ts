import { expect, it } from 'vitest'
import { encodeProto } from './proto.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

it('a message has the bytes of the specification', () => {
  const bytes = encodeProto([
    [1, 150],
    [2, 'testing'],
    [3, [[1, -1]]],
    [4, { float: 1 }],
  ])
  expect(hex(bytes)).toBe(`089601120774657374696e671a0b08${'ff'.repeat(9)}01250000803f`)
})

it('writes doubles, one and packed', () => {
  expect(hex(encodeProto([[1, { double: 1 }]]))).toBe('09000000000000f03f')
  expect(hex(encodeProto([[6, Float64Array.of(1, -2)]]))).toBe('3210000000000000f03f00000000000000c0')
})
