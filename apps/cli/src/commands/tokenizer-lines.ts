import { HeddleError, show } from '@heddle/core'
import { givenTexts } from '../tokenizer/given-texts.ts'
import { TextFiles } from '../tokenizer/text-files.ts'

/** A text to encode, or two that belong together. */
export type EncodeInput = readonly [text: string, pair?: string]

/**
 * The texts that a command works on, one by one: its arguments, the lines of files, or the lines of standard input.
 *
 * @throws HeddleError `usage` when both are given, or nothing is and standard input is a terminal
 */
export async function* givenLines(
  command: string,
  texts: readonly string[],
  data: readonly string[],
  what: string,
): AsyncGenerator<string> {
  if (data.length === 0) yield* givenTexts(command, texts, what)
  else if (texts.length === 0) yield* await TextFiles.find(data)
  else {
    throw new HeddleError(
      'usage',
      `tokenizer ${command}: expected ${what} or --data, got both: ${show(texts[0])} and --data ${data.join(' ')}. Leave one out.`,
    )
  }
}

/**
 * Texts, or pairs of them.
 *
 * @param pair the second text that belongs to the one that is given; true when each text has both, with a tab between
 * @throws HeddleError `usage` or, naming the line, `data` for what is no pair
 */
export async function* encodeInputs(
  texts: readonly string[],
  data: readonly string[],
  pair: string | true | undefined,
): AsyncGenerator<EncodeInput> {
  if (typeof pair === 'string' && (texts.length !== 1 || data.length > 0)) {
    const got = data.length > 0 ? 'files' : texts.length === 0 ? 'none' : `${texts.length} texts`
    throw new HeddleError(
      'usage',
      `--pair: expected one text before it, got ${got}. Write TEXT --pair TEXT, or --pair at the end and a tab between the two texts of a line.`,
    )
  }
  let number = 0
  for await (const text of givenLines('encode', texts, data, 'a text')) {
    number++
    yield pair === undefined ? [text] : pair === true ? splitAtTab(text, number) : [text, pair]
  }
}

function splitAtTab(line: string, number: number): EncodeInput {
  const parts = line.split('\t')
  if (parts.length === 2) return parts as [string, string]
  throw new HeddleError(
    'data',
    `--pair: expected two texts with a tab between, got ${parts.length === 1 ? 'no tab' : `${parts.length - 1} tabs`} in line ${number}: ${show(line)}. Write TEXT --pair TEXT for texts of the command line.`,
  )
}
