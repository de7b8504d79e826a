import { expect, it } from 'vitest'
import { crc32, crc32c } from './crc.ts'

const bytes = new TextEncoder().encode('123456789')

it('gives the check values of the standards', () => {
  expect(crc32(bytes)).toBe(0xcbf43926)
  expect(crc32(new Uint8Array(0))).toBe(0)
  expect(crc32c(bytes)).toBe(0xe3069283)
  // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and rising.
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
})

it('goes on from the bytes before', () => {
  for (const crc of [crc32, crc32c]) expect(crc(bytes.subarray(4), crc(bytes.subarray(0, 4)))).toBe(crc(bytes))
})
