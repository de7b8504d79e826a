import { access, constants, mkdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { HeddleError, type Registry } from '@heddle/core'
import {
  decoderPoint,
  normalizerPoint,
  type PartContext,
  preTokenizerPoint,
  Tokenizer,
  trainerPoint,
} from '@heddle/tokenizer'
import { FolderStore } from '@heddle/trainer/node'
import { formatCount, formatDuration } from '@heddle/views'
import type { Output } from '../output.ts'
import { describePart } from '../tokenizer/describe-part.ts'
import { isTokenizerJson } from '../tokenizer/load-tokenizer.ts'
import { TextFiles } from '../tokenizer/text-files.ts'
import { TokenizerProgress } from '../tokenizer/tokenizer-progress.ts'
import { modelNameOf, trainerSettings } from '../tokenizer/trainer-options.ts'
import { type PipelineOptions, planTraining, specialTokensOf } from '../tokenizer/training-plan.ts'
import { tokenizerField } from './tokenizer-fields.ts'

export interface TokenizerTrainOptions extends PipelineOptions {
  readonly data: readonly string[]
  readonly out: string
  readonly force?: boolean
  /** The trainer's settings. */
  readonly [setting: string]: unknown
}

/**
 * `heddle tokenizer train`: learns a tokenizer from text files and writes its tokenizer.json.
 *
 * @param given whether an option stands on the command line
 */
export async function tokenizerTrainCommand(
  options: TokenizerTrainOptions,
  given: (key: string) => boolean,
  registry: Registry,
  output: Output,
): Promise<void> {
  const started = performance.now()
  const preset = planTraining(options, registry)
  const settings = { ...preset.settings, ...trainerSettings(registry, preset.trainer, options, given) }
  const specialTokens = specialTokensOf(preset, settings)
  const trainer = registry.create(trainerPoint, { type: preset.trainer, ...settings, specialTokens }, undefined)
  const text = await TextFiles.find(options.data)
  await checkTarget(options.out, options.force === true)

  const context: PartContext = { registry }
  const { normalizer, preTokenizer, decoder, postProcessor } = preset
  const field = (label: string, value: string) => tokenizerField(output, label, value)
  field('model', `${modelNameOf(preset.trainer)}: ${preset.summary}`)
  field('data', `${text.paths.join(', ')} (${formatCount(text.totalBytes)} bytes)`)
  field('normalizer', describePart(normalizer))
  field('pre-tokenizer', describePart(preTokenizer))
  field('decoder', describePart(decoder))
  const progress = new TokenizerProgress(output)
  text.onRead((done, lines) =>
    progress.update({ stage: 'read lines', done, total: text.totalBytes }, `${formatCount(lines)} lines`),
  )
  let tokenizer: Tokenizer
  try {
    tokenizer = Tokenizer.train(preset.trainer === 'CharTrainer' ? newCharacters(text) : text, trainer, {
      normalizer: normalizer && registry.create(normalizerPoint, normalizer, context),
      preTokenizer: preTokenizer && registry.create(preTokenizerPoint, preTokenizer, context),
      decoder: decoder && registry.create(decoderPoint, decoder, context),
      postProcessor: postProcessor && ((trained) => postProcessor((token) => trained.tokenToId(token)!)),
      onProgress: (event) => {
        // Lines are counted by the files, which know how much is left.
        if (event.stage !== 'read lines') progress.update(event)
      },
    })
  } finally {
    progress.stop()
  }
  const json = `${JSON.stringify(tokenizer, undefined, 2)}\n`
  await new FolderStore(dirname(options.out)).write(basename(options.out), new TextEncoder().encode(json))
  const ms = performance.now() - started
  field(
    'trained',
    `${formatCount(tokenizer.vocabSize)} tokens from ${formatCount(text.lines)} lines in ${formatDuration(ms)}`,
  )
  warnOfSize(tokenizer, settings, field)
  field('written', options.out)
  output.result({
    command: 'tokenizer train',
    tokenizer: options.out,
    model: modelNameOf(preset.trainer),
    preset: options.preset ?? null,
    data: text.paths,
    lines: text.lines,
    bytes: text.bytes,
    vocabSize: tokenizer.vocabSize,
    specialTokens,
    seconds: ms / 1000,
  })
}

// The characters of the text come on top of what was asked for, and whoever asked for less wants to know why.
function warnOfSize(
  tokenizer: Tokenizer,
  settings: Readonly<Record<string, unknown>>,
  field: (label: string, value: string) => void,
): void {
  const asked = settings['vocabSize']
  if (typeof asked !== 'number' || tokenizer.vocabSize <= asked) return
  const remedy = 'limitAlphabet' in settings ? 'Lower --limit-alphabet' : 'Add --limit-alphabet'
  field(
    'note',
    `more than the ${formatCount(asked)} that were asked for, as every character of the text is a token. ${remedy}, or raise --vocab-size.`,
  )
}

// Each line as the characters that no line before had: the counts of a character model need no more, and whole lines would all be kept.
function* newCharacters(lines: Iterable<string>): Generator<string> {
  // Lines are joined by line feeds where a character model is used.
  const seen = new Set(['\n'])
  yield '\n'
  for (const line of lines) {
    let fresh = ''
    for (const character of line) {
      if (seen.has(character)) continue
      seen.add(character)
      fresh += character
    }
    if (fresh !== '') yield fresh
  }
}

// Told before the training, which may take long.
async function checkTarget(path: string, force: boolean): Promise<void> {
  const info = await stat(path).catch(() => undefined)
  if (info?.isDirectory()) {
    throw new HeddleError('file', `--out: expected a file, got the folder ${path}. Write --out ${path}/tokenizer.json.`)
  }
  if (info !== undefined && !force && !isTokenizerJson(await readFile(path, 'utf8').catch(() => ''))) {
    throw new HeddleError(
      'file',
      `--out: expected a new file or a tokenizer.json, got ${path}, which is something else. Choose another, or add --force.`,
    )
  }
  const folder = dirname(path)
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HeddleError('file', `--out: expected a folder to write to, got ${folder}: ${reason}. Choose another.`, {
      cause,
    })
  }
}
