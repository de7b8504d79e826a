import fc from 'fast-check'

/** Values that a field of a config may hold by mistake. */
const WRONG: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e300,
  4_000_000_000,
  '',
  '<unk>',
  'Whitespace',
  [],
  {},
  [[]],
  { type: 'Sequence' },
  '\ud800',
  '__proto__',
  'a'.repeat(10_000),
]

/** JSON values as they come from `values`, with some of their parts replaced, left out, repeated or nested. */
export function mutatedJson(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom('replace', 'drop', 'repeat', 'nest', 'add'),
    fc.constantFrom(...WRONG),
  )
  return fc.tuple(values, fc.array(change, { maxLength: 3 })).map(([value, changes]) => {
    const root = { value: structuredClone(value) }
    for (const [index, kind, wrong] of changes) {
      const places = placesOf(root)
      const place = places[index % places.length]!
      apply(place, kind, structuredClone(wrong))
    }
    return root.value
  })
}

interface Place {
  readonly holder: Record<string, unknown> | unknown[]
  readonly key: string
}

function placesOf(root: { value: unknown }): Place[] {
  const places: Place[] = [{ holder: root, key: 'value' }]
  for (const { holder, key } of places) {
    const inner = (holder as Record<string, unknown>)[key]
    if (typeof inner !== 'object' || inner === null) continue
    for (const name of Object.keys(inner)) places.push({ holder: inner as Record<string, unknown>, key: name })
  }
  return places
}

function apply({ holder, key }: Place, kind: string, wrong: unknown): void {
  const fields = holder as Record<string, unknown>
  const value = fields[key]
  if (kind === 'replace') fields[key] = wrong
  else if (kind === 'nest') fields[key] = [value]
  else if (kind === 'add' && typeof value === 'object' && value !== null) Object.assign(value, { extra: wrong })
  else if (kind === 'repeat' && Array.isArray(holder)) holder.push(structuredClone(value))
  else if (kind === 'drop') {
    if (Array.isArray(holder)) holder.splice(Number(key), 1)
    else if (key !== 'value') delete fields[key]
  }
}
