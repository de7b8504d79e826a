import { readFileSync } from 'node:fs'
import { HeddleError, type JsonSchema, jsonSchemaOf, type Registry, show } from '@heddle/core'
import { inspectionPoint } from '@heddle/inspect'
import { recipeNamed, recipeSchema, usePoint } from '@heddle/tasks'
import { Command, Option } from 'commander'
import { BACKENDS, type BackendName } from './backend.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { exportCommand } from './commands/export.ts'
import { inspectCommand } from './commands/inspect.ts'
import { inspectModelCommand } from './commands/inspect-model.ts'
import { listCommand, listPoints, presetLines, settingLines } from './commands/list.ts'
import { addTokenizerCommands } from './commands/tokenizer.ts'
import { trainCommand } from './commands/train.ts'
import { useCommand } from './commands/use.ts'
import { reportFailure } from './failure.ts'
import { checkInputs } from './inputs.ts'
import { interruptible } from './interruptible.ts'
import { Output, printError } from './output.ts'
import { registryWith } from './plugins.ts'

interface CommonOptions {
  readonly json?: boolean
  readonly backend: BackendName
  readonly threads?: number
}

/** Runs the command line; resolves to the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  try {
    // Plugins add recipes and commands, so they are needed before the arguments can be understood.
    const registry = await registryWith(pluginsIn(argv))
    const program = createProgram(registry, argv, (code) => {
      exitCode = code
    })
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    return reportFailure(error, printError)
  }
}

function createProgram(registry: Registry, argv: readonly string[], exitWith: (code: number) => void): Command {
  const program = new Command('heddle')
    .description('Build, train and use sequence models.')
    .version(versionOf())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError()
  const command = (usage: string, summary: string) => common(program.command(usage), summary)

  command('list', 'show the recipes, or the settings of one')
    .argument('[recipe]')
    .option('--points', 'show every kind of part that plugins contribute, and what contributes to it')
    .action((recipe: string | undefined, options: CommonOptions & { points?: boolean }) =>
      options.points ? listPoints(registry, outputOf(options)) : listCommand(recipe, registry, outputOf(options)),
    )

  command('train', 'train a recipe')
    .argument('[recipe]', "a recipe's name; 'heddle list' shows them")
    .option('--data <path>', "a file or folder instead of the recipe's built-in data; may be repeated", collect, [])
    .option('--validation <path>', 'the validation part, instead of a share of --data; may be repeated', collect, [])
    .option('--test <path>', 'the test part, instead of a share of --data; may be repeated', collect, [])
    .option('--out <dir>', 'the folder of the run (default: runs/<recipe>-<seed>)')
    .option('--seed <n>', 'the same seed gives the same run (default: 1)', wholeNumber('--seed', 0))
    .option('--preset <name>', "settings of the recipe under a name; 'heddle list <recipe>' shows them")
    .option(
      '--budget <time>',
      'train for about this long, such as 15m, instead of training.steps',
      duration('--budget'),
    )
    .option('--set <key=value>', 'a setting of the recipe, such as model.hiddenSize=128; may be repeated', collect, [])
    .option(
      '--from <name>',
      "start from the weights and the tokenizer of a run, of a folder in transformers' layout, or of org/name on the hub",
    )
    .option(
      '--from-weights <path>',
      'of --from take only the weights below this path, such as encoder; may be repeated',
      collect,
      [],
    )
    .option('--resume <dir>', 'continue the run in this folder')
    .addHelpText('after', () => settingsHelp(registry, argv))
    .action(async (recipe: string | undefined, options) => {
      exitWith(
        await interruptible((interruption) =>
          trainCommand(recipe, { ...options, interruption }, registry, outputOf(options)),
        ),
      )
    })

  command('evaluate', 'compute all metrics of a run')
    .argument('<dir>', 'the folder of a run')
    .option('--data <path>', 'evaluate on this; may be repeated', collect, [])
    .action((directory: string, options) => evaluateCommand(directory, options, registry, outputOf(options)))

  command('export', 'write a run as a folder that transformers loads, or its adapters for peft')
    .argument('<dir>', 'the folder of a run')
    .requiredOption('--out <dir>', 'the folder to write; it must be new or empty')
    .option('--merge-adapters', "add the run's adapters to the weights")
    .option('--adapters-only', 'write the adapters alone, in the layout of peft')
    .option('--base <name>', 'of --adapters-only the base model, as peft finds it (default: the folder of --from)')
    .action((directory: string, options) => exportCommand(directory, options, registry, outputOf(options)))

  const inspect = program.command('inspect').description('show the parts of a run, or look inside its model')
  const look = (name: string, summary: string) =>
    common(inspect.command(name), summary).argument('<run>', 'the folder of a run')
  look('model', 'show parts, shapes, parameters, plugins and settings').action((run: string, options) =>
    inspectModelCommand(run, options, registry, outputOf(options)),
  )
  for (const { name, summary, config: schema } of registry.list(inspectionPoint)) {
    const { properties = {}, required = [] } = jsonSchemaOf(schema)
    const fields = Object.entries(properties)
    const added = look(name, summary)
    for (const key of required) added.argument(`<${key}>`, properties[key]?.description)
    added.option('--out <file>', `write the page here instead of to ${name}.html in the folder of the run`)
    for (const [key, field] of fields) if (!required.includes(key)) added.addOption(optionFor(key, field))
    added.action((run: string, ...given: unknown[]) => {
      const options = given[required.length] as CommonOptions & { out?: string } & Record<string, unknown>
      const values = { ...options, ...Object.fromEntries(required.map((key, i) => [key, given[i]])) }
      return inspectCommand(name, run, { ...options, config: givenFields(fields, values) }, registry, outputOf(options))
    })
  }

  addTokenizerCommands(program, registry)

  for (const { name, summary, config: schema } of registry.list(usePoint)) {
    const fields = Object.entries(jsonSchemaOf(schema).properties ?? {})
    const use = command(name, summary)
      .argument('<dir>', 'the folder of a run')
      .argument('[inputs...]', 'what to use it on: texts, or files for runs that read files')
      .option('--prompt <text>', 'the same as a text argument; may be repeated', collect, [])
      .option('--input <file>', "a file with an input in each line; '-', or nothing at all, reads standard input")
    for (const [key, field] of fields) use.addOption(optionFor(key, field))
    use.action((directory: string, given: string[], options) => {
      const inputs = { texts: [...given, ...options.prompt], file: options.input, command: `${name} ${directory}` }
      checkInputs(inputs)
      const config = givenFields(fields, options)
      return useCommand(name, directory, inputs, { ...options, config }, registry, outputOf(options))
    })
  }
  return program
}

/** The values of a config's fields, as far as they were given. */
function givenFields(
  fields: readonly (readonly [key: string, schema: JsonSchema])[],
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(fields.map(([key]) => [key, options[key]]).filter(([, value]) => value !== undefined))
}

/** The options and settings that every command has. */
function common(command: Command, summary: string): Command {
  return command
    .description(summary)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .option('--json', 'print one line of JSON on stdout and everything else on stderr')
    .option('--plugin <path or package>', 'add a plugin; may be repeated', collect, [])
    .addOption(new Option('--backend <name>', 'what computes').choices([...BACKENDS]).default('wasm'))
    .option('--threads <n>', 'threads of the wasm backend (default: one per core)', wholeNumber('--threads', 1))
}

const outputOf = ({ json = false }: CommonOptions) => new Output(json)

const collect = (value: string, before: string[]) => [...before, value]

/** A command-line option for a field of a config schema: beamWidth becomes --beam-width. */
function optionFor(key: string, field: JsonSchema): Option {
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const standard = field.default === undefined ? '' : ` (default: ${show(field.default)})`
  const repeated = field.type === 'array' ? '; may be repeated' : ''
  const description = `${field.description ?? ''}${repeated}${standard}`
  if (field.type === 'boolean')
    return new Option(field.default === true ? flag.replace('--', '--no-') : flag, description)
  const option = new Option(`${flag} <value>`, description)
  if (field.type === 'array') option.argParser((value: string, before: string[] = []) => [...before, value])
  if (field.type === 'integer' || field.type === 'number') option.argParser(number(flag, field.type === 'integer'))
  const kinds = field.anyOf ?? field.oneOf ?? [field]
  if (kinds.some(({ type }) => type === 'object')) option.argParser(nameOrPart(flag))
  return option
}

/** Reads the name of a part, or the part as JSON: `greedy`, `{"type":"random","topK":5}`. */
function nameOrPart(flag: string): (text: string) => unknown {
  return (text) => {
    if (!text.trimStart().startsWith('{')) return text
    try {
      return JSON.parse(text)
    } catch (error) {
      throw new HeddleError('usage', `${flag}: expected JSON, got ${show(text)} (${(error as Error).message}).`)
    }
  }
}

function number(flag: string, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
      throw new HeddleError('usage', `${flag}: expected a ${whole ? 'whole ' : ''}number, got ${show(text)}.`)
    }
    return value
  }
}

function wholeNumber(flag: string, least: number): (text: string) => number {
  return (text) => {
    const value = number(flag, true)(text)
    if (value < least)
      throw new HeddleError('usage', `${flag}: expected a whole number from ${least} on, got ${show(text)}.`)
    return value
  }
}

/** Milliseconds of a time such as `15m`, `90s` or `1h30m`. */
function duration(flag: string): (text: string) => number {
  return (text) => {
    const [, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? []
    const milliseconds = 1000 * (3600 * Number(hours) + 60 * Number(minutes) + Number(seconds))
    if (milliseconds > 0) return milliseconds
    throw new HeddleError('usage', `${flag}: expected a time such as 15m, 90s or 1h30m, got ${show(text)}.`)
  }
}

function pluginsIn(argv: readonly string[]): string[] {
  const found: string[] = []
  for (const [i, argument] of argv.entries()) {
    if (argument === '--') break
    if (argument === '--plugin' && argv[i + 1] !== undefined) found.push(argv[i + 1]!)
    else if (argument.startsWith('--plugin=')) found.push(argument.slice('--plugin='.length))
  }
  return found
}

function settingsHelp(registry: Registry, argv: readonly string[]): string {
  const recipe = argv[1]
  if (recipe === undefined || recipe.startsWith('-'))
    return "\n'heddle train <recipe> --help' shows the recipe's settings."
  const named = recipeNamed(registry, recipe)
  const presets = presetLines(named)
  const settings = `\nSettings of ${recipe}:\n${settingLines(recipeSchema(registry, named)).join('\n')}`
  return presets.length === 0 ? settings : `\nPresets of ${recipe}:\n${presets.join('\n')}\n${settings}`
}

function versionOf(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return manifest.version
}
