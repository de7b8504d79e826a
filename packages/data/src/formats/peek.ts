/** The first items of a sequence, and all items with them. */
export async function peek<T>(
  items: AsyncIterable<T>,
  count: number,
): Promise<{ readonly first: readonly T[]; readonly all: AsyncIterable<T> }> {
  const rest = items[Symbol.asyncIterator]()
  const first: T[] = []
  let next: IteratorResult<T> | undefined
  while (first.length < count) {
    next = await rest.next()
    if (next.done === true) break
    first.push(next.value)
  }
  const all = (async function* () {
    yield* first
    if (next?.done === true) return
    for (let more = await rest.next(); more.done !== true; more = await rest.next()) yield more.value
  })()
  return { first, all }
}
