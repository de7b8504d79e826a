import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PackedTrie, ROOT } from './packed-trie.ts'
import { UnitTrie } from './unit-trie.ts'

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\0', '가', '힣', '\ud83d', '\ude00', '\uffff'),
  maxLength: 8,
})

/** The values on the way of a text: -1 where no key ends, 'none' where no key continues. */
function walk(trie: Pick<UnitTrie, 'child' | 'value'>, root: number, key: string): (number | 'none')[] {
  const values: (number | 'none')[] = []
  let node = root
  for (let i = 0; i < key.length && node >= 0; i++) {
    node = trie.child(node, key.charCodeAt(i))
    values.push(node < 0 ? 'none' : trie.value(node))
  }
  return values
}

it('finds what the trie that it packs finds', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), fc.array(text), (keys, others) => {
      const trie = new UnitTrie()
      for (const [value, key] of keys.entries()) if (key !== '') trie.insert(key, value)
      const packed = new PackedTrie(trie)
      for (const key of [...keys, ...others]) expect(walk(packed, ROOT, key)).toEqual(walk(trie, 0, key))
    }),
  )
})

it('finds all of many keys and nothing more', () => {
  const trie = new UnitTrie()
  const keys = Array.from({ length: 20_000 }, (_, i) => ((i * 2654435761) % 0x100000000).toString(5))
  for (const [value, key] of keys.entries()) trie.insert(key, value)
  const packed = new PackedTrie(trie)
  for (const key of keys) {
    expect(walk(packed, ROOT, key)).toEqual(walk(trie, 0, key))
    expect(walk(packed, ROOT, `${key}x`).at(-1)).toBe('none')
  }
})
