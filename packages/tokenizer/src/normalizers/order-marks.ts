const LONG_RUN = /\p{M}{64}/u
const LONG_RUNS = /\p{M}{64,}/gu

/**
 * Decomposes long runs of combining marks and puts them into canonical order, in linear time; the text stays canonically equivalent.
 *
 * The engine's `normalize` moves marks one by one, in time quadratic in the length of a run; after this function nothing is left to move.
 */
export function orderMarks(text: string, decomposition: 'NFD' | 'NFKD'): string {
  if (!LONG_RUN.test(text)) return text
  return text.replace(LONG_RUNS, (run) => ordered(run, decomposition))
}

function ordered(run: string, decomposition: 'NFD' | 'NFKD'): string {
  const decomposed = new Map<string, string>()
  for (const mark of new Set(run)) decomposed.set(mark, mark.normalize(decomposition))
  let result = ''
  let stretch: string[] = []
  const flush = () => {
    if (stretch.length > 0) result += inOrder(stretch)
    stretch = []
  }
  for (const mark of run) {
    for (const part of decomposed.get(mark)!) {
      if (moves(part)) stretch.push(part)
      else {
        flush()
        result += part
      }
    }
  }
  flush()
  return result
}

// Engines do not expose combining classes, but the normalized order of two marks shows which class is higher.
const precedes = (a: string, b: string): boolean => a !== b && `${b}${a}`.normalize('NFD') !== `${b}${a}`

const LOWEST = '\u0334'
const HIGHEST = '\u0345'
const movable = new Map<string, boolean>()

/** Whether a character has a combining class other than 0, and so can be reordered. */
function moves(mark: string): boolean {
  let known = movable.get(mark)
  if (known === undefined) movable.set(mark, (known = precedes(LOWEST, mark) || precedes(mark, HIGHEST)))
  return known
}

// Sorted by class; marks of one class keep their order.
function inOrder(marks: readonly string[]): string {
  const byMark = new Map<string, string[]>()
  const distinct = [...new Set(marks)].sort((a, b) => (precedes(a, b) ? -1 : precedes(b, a) ? 1 : 0))
  const classes: string[][] = []
  for (const [i, mark] of distinct.entries()) {
    if (i === 0 || precedes(distinct[i - 1]!, mark)) classes.push([])
    byMark.set(mark, classes.at(-1)!)
  }
  for (const mark of marks) byMark.get(mark)!.push(mark)
  return classes.map((members) => members.join('')).join('')
}
