import type { PartSpec, Registry } from '@heddle/core'
import { type Tokenizer, tokenStatistics } from '@heddle/tokenizer'
import { formatCount } from '@heddle/views'
import type { Output } from '../output.ts'
import { describePart, unkTokenOf } from '../tokenizer/describe-part.ts'
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts'
import { TextFiles } from '../tokenizer/text-files.ts'
import { visible } from '../tokenizer/token-borders.ts'
import { tokenizerField } from './tokenizer-fields.ts'

/** Number of added tokens that are listed. */
const MOST_TOKENS = 20

/** `heddle tokenizer info`: the parts of a tokenizer, and its figures on a text. */
export async function tokenizerInfoCommand(
  path: string,
  { data }: { readonly data: readonly string[] },
  registry: Registry,
  output: Output,
): Promise<void> {
  // Before the tokenizer, so that a mistake in a path is told at once.
  const text = data.length > 0 ? await TextFiles.find(data) : undefined
  const { tokenizer, format, files } = await loadTokenizer(path, registry)
  const part = (value: { toJSON(): unknown } | undefined) => value?.toJSON() as PartSpec | undefined
  const model = part(tokenizer.model)!
  const unkToken = unkTokenOf(model)
  const parts = {
    normalizer: describePart(part(tokenizer.normalizer)),
    'pre-tokenizer': describePart(part(tokenizer.preTokenizer)),
    model: describePart(model),
    'post-processor': describePart(part(tokenizer.postProcessor)),
    decoder: describePart(part(tokenizer.decoder)),
  }
  const addedTokens = tokenizer.addedTokens()
  const around = tokenizer.encode('').tokens
  const aroundPair = tokenizer.encode('', '').tokens
  // Runs without tokens are the places of the texts.
  const places = (pair?: string) => {
    const { runs } = tokenizer.encode('', pair)
    const written = runs.map((run) => (run.kind === 'text' ? ['…'] : run.kind === 'special' ? run.tokens : []))
    return written.flat().join(' ')
  }

  const field = (label: string, value: string) => tokenizerField(output, label, value)
  field('file', `${files.join(', ')} (${format})`)
  for (const [name, description] of Object.entries(parts)) field(name, description)
  field('vocabulary', `${formatCount(tokenizer.vocabSize)} tokens`)
  field('unknown', unkToken ?? 'no token')
  const listed = addedTokens.slice(0, MOST_TOKENS).map(([id, { content }]) => `${visible(content)} ${id}`)
  const more = addedTokens.length > MOST_TOKENS ? `, and ${formatCount(addedTokens.length - MOST_TOKENS)} more` : ''
  field('added tokens', listed.length === 0 ? 'none' : `${listed.join(', ')}${more}`)
  if (around.length > 0) field('around a text', places())
  if (aroundPair.length > 0) field('around a pair', places(''))
  const { truncation, padding } = tokenizer
  if (truncation !== undefined) field('truncation', `to ${truncation.maxLength} tokens, stride ${truncation.stride}`)
  if (padding !== undefined) {
    const { strategy } = padding
    const length = strategy === 'batch_longest' ? 'the longest of the batch' : `${strategy.fixed} tokens`
    field('padding', `with ${padding.padToken} to ${length}`)
  }

  const statistics = text && tokenStatistics(tokenizer, text, unkToken)
  if (statistics !== undefined) showStatistics(statistics, tokenizer, unkToken, output)
  output.result({
    command: 'tokenizer info',
    tokenizer: files,
    format,
    parts,
    vocabSize: tokenizer.vocabSize,
    unkToken: unkToken ?? null,
    addedTokens: addedTokens.map(([id, token]) => ({ id, ...token })),
    aroundText: around,
    aroundPair,
    truncation: truncation ?? null,
    padding: padding ?? null,
    ...(statistics !== undefined && {
      data,
      statistics: { ...statistics, unknownRate: unkToken === undefined ? null : statistics.unknownRate },
    }),
  })
}

function showStatistics(
  statistics: ReturnType<typeof tokenStatistics>,
  tokenizer: Tokenizer,
  unkToken: string | undefined,
  output: Output,
): void {
  const { lines, words, bytes, tokens, unknownTokens, unknownRate, usedTokens } = statistics
  output.heading(`On ${formatCount(lines)} lines, ${formatCount(words)} words, ${formatCount(bytes)} bytes`)
  const row = (label: string, value: string) => output.line(`  ${label.padEnd(20)} ${value}`)
  row('tokens', formatCount(tokens))
  row('tokens per word', statistics.tokensPerWord.toFixed(3))
  row('bytes per token', statistics.bytesPerToken.toFixed(3))
  row('characters per token', statistics.charactersPerToken.toFixed(3))
  const rate = `${(100 * unknownRate).toFixed(2)} % (${formatCount(unknownTokens)} tokens)`
  row('unknown', unkToken === undefined ? 'there is no unknown token' : rate)
  const used = (100 * usedTokens) / Math.max(1, tokenizer.vocabSize)
  row('tokens used', `${formatCount(usedTokens)} (${used.toFixed(1)} % of the vocabulary)`)
}
