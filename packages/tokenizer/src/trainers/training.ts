import { type AddedToken, type AddedTokenInput, addedToken } from '../text/added-token.ts'

/** Trainers' special tokens: matched as they stand, and left out when decoding. */
export function specialTokensOf(inputs: readonly AddedTokenInput[] | undefined): AddedToken[] {
  return (inputs ?? []).map((input) => addedToken(input, true))
}

/** Orders strings by code point, as the UTF-8 bytes do; `<` orders by UTF-16 unit, which differs beyond U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i)
    let y = b.charCodeAt(i)
    if (x === y) continue
    // Surrogates come after all other units.
    if (x >= 0xd800 && y >= 0xd800) {
      x = x >= 0xe000 ? x - 0x800 : x + 0x2000
      y = y >= 0xe000 ? y - 0x800 : y + 0x2000
    }
    return x - y
  }
  return a.length - b.length
}
