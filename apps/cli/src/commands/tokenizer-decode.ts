import { HeddleError, type Registry, show } from '@heddle/core'
import type { Output } from '../output.ts'
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts'
import { givenLines } from './tokenizer-lines.ts'

export interface TokenizerDecodeOptions {
  /** Text files with ids, a text in each line. */
  readonly data: readonly string[]
  /** Whether special tokens are written too. */
  readonly keepSpecial?: boolean
}

/** `heddle tokenizer decode`: the text of ids; each line of a file or of standard input is a text of its own. */
export async function tokenizerDecodeCommand(
  path: string,
  ids: readonly string[],
  options: TokenizerDecodeOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { tokenizer, files } = await loadTokenizer(path, registry)
  const given = ids.length > 0 ? [ids.join(' ')] : []
  const results: string[] = []
  for await (const line of givenLines('decode', given, options.data, 'ids')) {
    const numbers = parseIds(line)
    for (const id of numbers) {
      if (tokenizer.idToToken(id) !== undefined) continue
      throw new HeddleError(
        'usage',
        `tokenizer decode: expected ids of the ${tokenizer.vocabSize} tokens, got ${id}. Use the tokenizer that encoded them.`,
      )
    }
    const text = tokenizer.decode(numbers, { skipSpecialTokens: options.keepSpecial !== true })
    if (output.json) results.push(text)
    else output.line(text)
  }
  output.result({ command: 'tokenizer decode', tokenizer: files, results })
}

// Ids may stand between spaces or commas, and in brackets as in JSON.
function parseIds(line: string): number[] {
  const words = line.split(/[\s,[\]]+/).filter((word) => word !== '')
  return words.map((word) => {
    if (!/^\d+$/.test(word)) {
      throw new HeddleError('usage', `tokenizer decode: expected ids, got ${show(word)}. Write 12 7 305.`)
    }
    return Number(word)
  })
}
