/**
 * Turns the comments of an example into checks:
 *
 *     console.log(x.shape) // [ 2, 3 ]     the line prints this; `…` stands for anything
 *     readRow('') // throws: expected      the line throws an error whose message contains this
 *
 * The lines keep their numbers.
 */
export function checkedSource(code: string): string {
  return code
    .split('\n')
    .map((line, i) => {
      const thrown = /^(?!\s*\/\/)(.*\S)\s+\/\/ throws: (.+)$/.exec(line)
      if (thrown !== null) {
        const [, statement, message] = thrown
        return `await __example.throws(${i + 1}, ${JSON.stringify(message)}, async () => { ${statement} })`
      }
      const logged = /^(\s*)console\.log\((.*)\)\s+\/\/ (.+)$/.exec(line)
      if (logged === null) return line
      const [, indent, argumentsOf, expected] = logged
      return `${indent}__example.logs(${i + 1}, ${JSON.stringify(expected)}, ${argumentsOf})`
    })
    .join('\n')
}

/** Whether `actual` is `expected`, in which `…` stands for any text; line breaks and runs of spaces are one space. */
export function matchesOutput(actual: string, expected: string): boolean {
  const parts = flat(expected).split('…')
  const pattern = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*')
  return new RegExp(`^${pattern}$`).test(flat(actual))
}

const flat = (text: string) => text.trim().replaceAll(/\s+/g, ' ')
