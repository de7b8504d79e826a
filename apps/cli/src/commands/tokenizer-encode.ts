import type { PartSpec, Registry } from '@heddle/core'
import pc from 'picocolors'
import type { Output } from '../output.ts'
import { unkTokenOf } from '../tokenizer/describe-part.ts'
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts'
import { drawTokenBorders } from '../tokenizer/token-borders.ts'
import { onTerminal } from './tokenizer-fields.ts'
import { encodeInputs } from './tokenizer-lines.ts'

export interface TokenizerEncodeOptions {
  /** Text files whose lines are the texts. */
  readonly data: readonly string[]
  /** The second text of a pair; true when each text is two, with a tab between. */
  readonly pair?: string | true
  /** Only the ids. */
  readonly ids?: boolean
  /** Whether the post-processor's tokens are added. */
  readonly special: boolean
}

/** `heddle tokenizer encode`: the tokens of texts or pairs, of the lines of files, or of those of standard input. */
export async function tokenizerEncodeCommand(
  path: string,
  texts: readonly string[],
  options: TokenizerEncodeOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { tokenizer, files } = await loadTokenizer(path, registry)
  const unknown = unkTokenOf(tokenizer.model.toJSON() as PartSpec)
  const unkId = unknown === undefined ? undefined : tokenizer.tokenToId(unknown)
  const { dim } = pc.createColors(output.colors)
  const results: object[] = []
  for await (const [text, pair] of encodeInputs(texts, options.data, options.pair)) {
    const encoding = tokenizer.encode(text, pair, { addSpecialTokens: options.special })
    const ids = Array.from(encoding.ids)
    if (output.json) {
      results.push(options.ids ? { ids } : { text, ...(pair !== undefined && { pair }), ...encoding.toJSON() })
    } else if (options.ids) output.line(ids.join(' '))
    else {
      for (const one of pair === undefined ? [text] : [text, pair])
        output.styledLine(drawTokenBorders(tokenizer, one, output.colors, unkId))
      const numbers = `${ids.length} ${ids.length === 1 ? 'token' : 'tokens'}: ${ids.join(' ')}`
      for (const line of onTerminal(output, numbers, 2)) output.styledLine(dim(`  ${line}`))
    }
  }
  output.result({ command: 'tokenizer encode', tokenizer: files, results })
}
