import type { PartSpec, Registry } from '@heddle/core'
import pc from 'picocolors'
import type { Output } from '../output.ts'
import { unkTokenOf } from '../tokenizer/describe-part.ts'
import { givenTexts } from '../tokenizer/given-texts.ts'
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts'
import { drawTokenBorders } from '../tokenizer/token-borders.ts'

export interface TokenizerEncodeOptions {
  /** Only the ids. */
  readonly ids?: boolean
  /** Whether the post-processor's tokens are added. */
  readonly special: boolean
}

/** `heddle tokenizer encode`: the tokens of texts, or of the lines of standard input. */
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
  for await (const text of givenTexts('encode', texts, 'a text')) {
    const encoding = tokenizer.encode(text, undefined, { addSpecialTokens: options.special })
    const ids = Array.from(encoding.ids)
    if (output.json) results.push(options.ids ? { ids } : { text, ...encoding.toJSON() })
    else if (options.ids) output.line(ids.join(' '))
    else {
      output.line(drawTokenBorders(tokenizer, text, output.colors, unkId))
      output.line(dim(`  ${ids.length} ${ids.length === 1 ? 'token' : 'tokens'}: ${ids.join(' ')}`))
    }
  }
  output.result({ command: 'tokenizer encode', tokenizer: files, results })
}
