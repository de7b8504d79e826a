import type { HeadFigures } from '@heddle/inspect'

/** Mean weight from which a habit gives a head its name. */
const NOTABLE = 0.4

const HABITS = [
  ['previous', 'previous'],
  ['itself', 'itself'],
  ['next', 'next'],
  ['first', 'first'],
  ['last', 'last'],
] as const satisfies readonly (readonly [keyof HeadFigures, string])[]

/** A head in a word: the key that it mostly looks at, or the number of keys over which its weights spread. */
export function habitOf(figures: HeadFigures): {
  readonly name: string
  readonly share?: number
  readonly text: string
} {
  const [best] = HABITS.map(([key, name]) => ({ name, share: figures[key] ?? 0 })).sort((a, b) => b.share - a.share)
  if (best!.share >= NOTABLE) return { ...best!, text: `${best!.name} ${Math.round(100 * best!.share)}%` }
  return { name: 'spread', text: `≈${formatSpread(figures)} tokens` }
}

/** 2^entropy: the number of keys that the head looks at, if all counted alike. */
export const formatSpread = ({ entropy }: HeadFigures): string => {
  const keys = 2 ** entropy
  return keys < 9.95 ? keys.toFixed(1) : keys.toFixed(0)
}
