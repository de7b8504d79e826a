import { HeddleError } from '@heddle/core'
import { LineSplitter } from './line-splitter.ts'

/**
 * The texts of the command line, or else the lines of standard input as they arrive.
 *
 * @throws HeddleError `usage` when there are no texts and standard input is a terminal
 */
export async function* givenTexts(command: string, texts: readonly string[], what: string): AsyncGenerator<string> {
  if (texts.length > 0) {
    yield* texts
    return
  }
  if (process.stdin.isTTY) {
    throw new HeddleError(
      'usage',
      `tokenizer ${command}: expected ${what}, got none. Write heddle tokenizer ${command} FILE …, or pipe lines in.`,
    )
  }
  const splitter = new LineSplitter('standard input')
  for await (const chunk of process.stdin) yield* splitter.push(chunk as Uint8Array)
  yield* splitter.finish()
}
