import type { ExampleFacts } from './facts.ts'

/** Characters that a check of the data reads from the files of a corpus. */
const MOST_READ = 4_000_000

type Described = ExampleFacts | readonly ExampleFacts[]

const isList = (described: Described): described is readonly ExampleFacts[] => Array.isArray(described)

/** Describes examples in their order; those that are read from files until they have enough text. */
export async function collectFacts<E>(
  examples: readonly E[],
  describe: (example: E) => Described | Promise<readonly ExampleFacts[]>,
): Promise<readonly ExampleFacts[]> {
  const found: ExampleFacts[] = []
  let numRead = 0
  for (const example of examples) {
    const described = describe(example)
    if (described instanceof Promise) {
      const ofPart = await described
      for (const each of ofPart) found.push(each)
      numRead += ofPart.reduce((sum, { input }) => sum + input.length, 0)
      if (numRead > MOST_READ) break
    } else if (isList(described)) for (const each of described) found.push(each)
    else found.push(described)
  }
  return found
}
