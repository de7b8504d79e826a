import { HeddleError, type Registry, show, suggest } from '@heddle/core'
import type { Command } from 'commander'
import { helpFormat } from '../help-format.ts'
import { collect } from '../option-values.ts'
import { Output } from '../output.ts'
import { PRESETS } from '../tokenizer/presets.ts'
import { trainerOptions } from '../tokenizer/trainer-options.ts'
import { tokenizerDecodeCommand } from './tokenizer-decode.ts'
import { tokenizerEncodeCommand } from './tokenizer-encode.ts'
import { wrapped } from './tokenizer-fields.ts'
import { tokenizerInfoCommand } from './tokenizer-info.ts'
import { tokenizerTrainCommand } from './tokenizer-train.ts'

const FILE =
  'tokenizer.json, vocab.txt, vocab.json with merges.txt beside it, a SentencePiece .model, or a folder with one of them'
const OWN_OPTIONS = new Set([
  'data',
  'model',
  'preset',
  'out',
  'force',
  'normalizer',
  'preTokenizer',
  'decoder',
  'json',
  'plugin',
])

const outputOf = ({ json = false }: { readonly json?: boolean }) => new Output(json)

/** Adds `heddle tokenizer` and its four commands to the program. */
export function addTokenizerCommands(program: Command, registry: Registry): void {
  const group = program.command('tokenizer').description('train tokenizers, encode, decode, and look inside')
  const command = (usage: string, summary: string) =>
    group
      .command(usage)
      .description(summary)
      .option('--json', 'print one line of JSON on stdout and everything else on stderr')
      .option('--plugin <path or package>', 'add a plugin; may be repeated', collect, [])
      // Also where the names of options leave little room beside them.
      .configureHelp({ ...helpFormat, minWidthToWrap: 20 })

  const train = command('train', 'learn a tokenizer from text files, line by line')
    .option('--data <paths...>', 'text files, or folders of them', [])
    .option('--model <name>', 'bpe, wordpiece, unigram, word, char, or one that a plugin adds')
    .option('--preset <name>', `the pipeline of a well-known model: ${Object.keys(PRESETS).join(', ')}`)
    .option('--out <file>', 'file to write', 'tokenizer.json')
    .option('--force', 'overwrite an existing file')
    .option('--normalizer <part>', 'another normalizer: its name, or its JSON in tokenizer.json')
    .option('--pre-tokenizer <part>', 'another pre-tokenizer')
    .option('--decoder <part>', 'another decoder')
    .addHelpText('after', () => `\nPresets:\n${presetLines().join('\n')}`)
  for (const option of trainerOptions(registry, OWN_OPTIONS)) train.addOption(option)
  train.action((options) =>
    tokenizerTrainCommand(options, (key) => train.getOptionValueSource(key) === 'cli', registry, outputOf(options)),
  )

  const reading = (added: Command) => added.option('--data <paths...>', 'read lines from text files', [])
  reading(command('encode', 'show the tokens of texts, or of lines of files or of standard input'))
    .argument('<file>', FILE)
    .argument('[texts...]')
    .option('--pair [text]', 'second text of a pair; without a text: each line holds two texts, with a tab between')
    .option('--ids', 'print the ids alone, a line for each text')
    .option('--no-special', 'leave out the special tokens around a text')
    .action((file: string, texts: string[], options) =>
      tokenizerEncodeCommand(file, texts, options, registry, outputOf(options)),
    )

  reading(command('decode', 'show the text of ids, or of lines of ids from files or standard input'))
    .argument('<file>', FILE)
    .argument('[ids...]')
    .option('--keep-special', 'write special tokens too')
    .action((file: string, ids: string[], options) =>
      tokenizerDecodeCommand(file, ids, options, registry, outputOf(options)),
    )

  command('info', 'show the parts, the size of the vocabulary and the special tokens')
    .argument('<file>', FILE)
    .option('--data <paths...>', 'count tokens per word, bytes per token and unknown tokens in these files', [])
    .action((file: string, options) => tokenizerInfoCommand(file, options, registry, outputOf(options)))

  group.argument('[command]').action((name: string | undefined) => {
    const names = group.commands.map((one) => one.name())
    const got = name === undefined ? 'none' : show(name)
    const hint = name === undefined ? `Choose one of ${names.join(', ')}.` : suggest(name, names)
    throw new HeddleError('usage', `tokenizer: expected a command, got ${got}. ${hint}`)
  })
}

function presetLines(): string[] {
  const width = Math.max(...Object.keys(PRESETS).map((name) => name.length))
  const columns = (process.stdout.columns ?? 80) - width - 4
  return Object.entries(PRESETS).flatMap(([name, { summary }]) =>
    wrapped(summary, columns).map((line, i) => `  ${(i === 0 ? name : '').padEnd(width)}  ${line}`),
  )
}
