import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AlignedText, PreTokens, preTokenizers } from '../index.ts'
import { textOf, unitsOf } from '../unicode/units.ts'

const text = fc.string({
  unit: fc.constantFrom('a', ' ', '▁', 'é', '가', '😀', '\ud800', '\udc00', '|'),
  maxLength: 10,
})

const parts = {
  ByteLevel: new preTokenizers.ByteLevel({ addPrefixSpace: false, useRegex: false }),
  Metaspace: new preTokenizers.Metaspace(),
  'Metaspace without a prefix': new preTokenizers.Metaspace({ prependScheme: 'never' }),
  'Metaspace of two units': new preTokenizers.Metaspace({ replacement: '😀' }),
  'Metaspace in two characters': new preTokenizers.Metaspace({ replacement: '||' }),
}

for (const [name, part] of Object.entries(parts)) {
  it(`writes the units of its spelling: ${name}`, () => {
    fc.assert(
      fc.property(text, (input) => {
        const preTokens = part.preTokenize(PreTokens.whole(AlignedText.of(`x ${input}`), 2))
        const { bounds, spelling } = preTokens
        for (let i = 0; i < preTokens.length; i++) {
          const [start, end] = [bounds[2 * i]!, bounds[2 * i + 1]!]
          const units = new Uint16Array((end - start + 1) * spelling!.most)
          const length = spelling!.write(unitsOf(preTokens.text.text), start, end, units)
          expect(textOf(units, 0, length)).toBe(preTokens.spelled(i))
        }
      }),
    )
  })
}
