/** Returns the Levenshtein distance between two strings, in UTF-16 units. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]!
}

/** Longest name that suggestions are made for or from. */
const LONGEST = 100

/** Returns the known names that differ from `name` by a typing error, nearest first. Case does not matter. */
export function nearestNames(name: string, known: Iterable<string>, most = 3): string[] {
  if (name.length > LONGEST) return []
  const wanted = name.toLowerCase()
  return [...known]
    .filter((candidate) => candidate.length <= LONGEST)
    .map((candidate) => {
      const lower = candidate.toLowerCase()
      const contained = lower.includes(wanted) || wanted.includes(lower)
      return { candidate, distance: contained && wanted.length > 1 ? 0.5 : editDistance(wanted, lower) }
    })
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.ceil(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** Returns `Did you mean 'lstm'?`, or the known names when none is near. */
export function suggest(name: string, known: Iterable<string>): string {
  const names = [...known]
  const near = nearestNames(name, names)
  const quote = (list: string[]) =>
    list.map((n) => `'${n.length > LONGEST ? `${n.slice(0, LONGEST)}…` : n}'`).join(', ')
  if (near.length > 0) return `Did you mean ${quote(near)}?`
  return names.length > 0 ? `Known: ${quote(names.slice(0, 20))}${names.length > 20 ? ', …' : ''}.` : 'There are none.'
}
