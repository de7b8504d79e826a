import fc from 'fast-check'

/** A change of a file's bytes. */
type Mutation = (bytes: Uint8Array) => Uint8Array

const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]

const place = fc.nat({ max: 0xffff })

const flip = fc.tuple(place, fc.nat({ max: 7 })).map(
  ([at, bit]): Mutation =>
    (bytes) => {
      const changed = bytes.slice()
      if (bytes.length > 0) changed[at % bytes.length]! ^= 1 << bit
      return changed
    },
)

/** Overwrites a field of 1, 2 or 4 bytes by a number at some limit. */
const field = fc.tuple(place, fc.constantFrom(1, 2, 4), fc.constantFrom(...NUMBERS), fc.boolean()).map(
  ([at, size, value, little]): Mutation =>
    (bytes) => {
      const changed = bytes.slice()
      if (bytes.length < size) return changed
      const start = at % (bytes.length - size + 1)
      for (let i = 0; i < size; i++) changed[start + i] = value >>> (8 * (little ? i : size - 1 - i))
      return changed
    },
)

const cut = place.map(
  (at): Mutation =>
    (bytes) =>
      bytes.slice(0, bytes.length === 0 ? 0 : at % bytes.length),
)

const drop = fc.tuple(place, fc.nat({ max: 16 })).map(
  ([at, size]): Mutation =>
    (bytes) => {
      const start = bytes.length === 0 ? 0 : at % bytes.length
      return Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(start + size)])
    },
)

/** Copies a part to another place. */
const copy = fc.tuple(place, place, fc.nat({ max: 64 })).map(
  ([from, to, size]): Mutation =>
    (bytes) => {
      if (bytes.length === 0) return bytes
      const part = bytes.subarray(from % bytes.length, (from % bytes.length) + size)
      const at = to % bytes.length
      return Uint8Array.from([...bytes.subarray(0, at), ...part, ...bytes.subarray(at)])
    },
)

const insert = fc.tuple(place, fc.uint8Array({ maxLength: 8 })).map(
  ([at, part]): Mutation =>
    (bytes) => {
      const start = at % (bytes.length + 1)
      return Uint8Array.from([...bytes.subarray(0, start), ...part, ...bytes.subarray(start)])
    },
)

const mutation = fc.oneof(flip, field, field, cut, drop, copy, insert)

/** Files as they come from `files`, or with up to three changes. */
export function mutated(files: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(files, fc.array(mutation, { maxLength: 3 }))
    .map(([bytes, mutations]) => mutations.reduce((changed, mutate) => mutate(changed), bytes))
}

const REPEATED = [
  '"',
  ' ',
  '\t',
  ',',
  '\n',
  '\r',
  '#',
  '=',
  '|',
  '_',
  '\\',
  '{',
  '[',
  '<',
  '\u2581',
  '😀',
  '\ud800',
  '\u0000',
  '1.',
  '-',
]

/** Texts as they come from `texts`, or with characters of the format repeated, moved or removed. */
export function mutatedText(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc
    .tuple(place, fc.nat({ max: 4 }), fc.constantFrom(...REPEATED), fc.constantFrom(0, 1, 2, 30, 3000))
    .map(([at, size, part, times]) => (text: string) => {
      const start = at % (text.length + 1)
      return text.slice(0, start) + part.repeat(times) + text.slice(start + size)
    })
  return fc
    .tuple(texts, fc.array(change, { maxLength: 3 }))
    .map(([text, changes]) => changes.reduce((changed, mutate) => mutate(changed), text))
}
