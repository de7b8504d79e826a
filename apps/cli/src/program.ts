import { readFileSync } from 'node:fs'
import { jsonSchemaOf, type Registry } from '@heddle/core'
import { inspectionPoint } from '@heddle/inspect'
import { recipeNamed, recipeSchema, usePoint } from '@heddle/tasks'
import { Command, Option } from 'commander'
import { BACKENDS, type BackendName } from './backend.ts'
import { checkDataCommand } from './commands/check-data.ts'
import { combineCommand } from './commands/combine.ts'
import { compareCommand } from './commands/compare.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { exportCommand, exportFormats } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { inspectCommand } from './commands/inspect.ts'
import { inspectModelCommand } from './commands/inspect-model.ts'
import { listCommand, listPoints, presetLines, settingLines } from './commands/list.ts'
import { lrFindCommand } from './commands/lr-find.ts'
import { addSearchCommands } from './commands/search-commands.ts'
import { addTokenizerCommands } from './commands/tokenizer.ts'
import { trainCommand } from './commands/train.ts'
import { useCommand } from './commands/use.ts'
import { useFileCommand } from './commands/use-file.ts'
import { dataOptions } from './data-options.ts'
import { reportFailure } from './failure.ts'
import { helpFormat } from './help-format.ts'
import { checkInputs, checkOutput } from './inputs.ts'
import { interruptible } from './interruptible.ts'
import { collect, duration, givenFields, number, optionFor, wholeNumber } from './option-values.ts'
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
    .configureHelp(helpFormat)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError()
  const command = (usage: string, summary: string) => common(program.command(usage), summary)

  command('list', 'show the recipes, or the settings of one')
    .argument('[recipe]')
    .option('--points', 'show every kind of part that plugins contribute, and the parts of each kind')
    .action((recipe: string | undefined, options: CommonOptions & { points?: boolean }) =>
      options.points ? listPoints(registry, outputOf(options)) : listCommand(recipe, registry, outputOf(options)),
    )

  newRun(command('train', 'train a recipe').argument('[recipe]', RECIPE))
    .option('--out <dir>', 'the folder of the run (default: runs/<recipe>-<seed>)')
    .option(
      '--budget <time>',
      'train for about this long, such as 15m, instead of training.steps',
      duration('--budget'),
    )
    .option(
      '--against-scratch',
      'with --from: train the same network from scratch too, and show both (default: as the recipe says)',
    )
    .option('--no-against-scratch', 'with --from: do not train the same network from scratch')
    .option(
      '--vectors <file>',
      'start from pre-trained word vectors (.vec, GloVe text, .bin of word2vec), for the words that a model reads',
    )
    .option('--target-vectors <file>', 'the same for the words that it writes: translations, replies, captions')
    .option(
      '--tensorboard',
      "write TensorBoard's event files into the run: scalars, histograms, texts and pictures (default: only where the resumed run has them)",
    )
    .option('--resume <dir>', 'continue the run in this folder')
    .option(
      '--steps <n>',
      'with --resume: total number of steps, where the schedule allows another number',
      wholeNumber('--steps', 1),
    )
    .addHelpText('after', () => settingsHelp(registry, argv))
    .action(async (recipe: string | undefined, options) => {
      exitWith(
        await interruptible((interruption) =>
          trainCommand(recipe, { ...options, interruption }, registry, outputOf(options)),
        ),
      )
    })

  newRun(command('check-data', 'find problems in data before training on them').argument('<recipe>', RECIPE))
    .option('--quick', 'leave out the first steps, which train a model')
    .action(async (recipe: string, options) => {
      exitWith(
        await interruptible((interruption) =>
          checkDataCommand(recipe, { ...options, interruption }, registry, outputOf(options)),
        ),
      )
    })

  newRun(command('lr-find', 'find a learning rate: the loss while the rate grows').argument('<recipe>', RECIPE))
    .option('--lowest <rate>', 'first learning rate', number('--lowest', false), 1e-6)
    .option('--highest <rate>', 'last learning rate', number('--highest', false), 1)
    .option('--steps <n>', 'steps from the first rate to the last', wholeNumber('--steps', 10), 100)
    .option('--out <file>', 'file of the page', 'lr-find.html')
    .action(async (recipe: string, options) => {
      await interruptible(async (interruption) => {
        await lrFindCommand(recipe, { ...options, interruption }, registry, outputOf(options))
        return 0
      })
    })

  addSearchCommands((usage, summary, options) => common(program.command(usage, options), summary), registry, exitWith)

  command('evaluate', 'compute all metrics of a run')
    .argument('<dirs...>', 'the folder of a run, or of several with --ensemble')
    .option('--ensemble', 'evaluate the runs as one, by the mean of their probabilities')
    .option('--data <path>', 'evaluate on this; may be repeated', collect, [])
    .option('--predictions <file>', 'write each example with its answer, prediction and loss (.tsv, .csv, .jsonl)')
    .action((directories: string[], options) => evaluateCommand(directories, options, registry, outputOf(options)))

  command(
    'compare',
    'compare runs in a table and on a page, each with the settings that differ from those of the run before it',
  )
    .argument('<dirs...>', 'the folders of the runs')
    .option('--out <file>', 'file of the page', 'compare.html')
    .action((directories: string[], options) => compareCommand(directories, options, registry, outputOf(options)))

  for (const [way, summary] of [
    ['average', 'write a run whose weights are the mean of those of several runs, or of the best validations of one'],
    ['ensemble', 'combine several runs into one that predicts with the mean of their probabilities'],
  ] as const) {
    command(way, summary)
      .argument('<dirs...>', 'the folders of the runs')
      .requiredOption('--out <dir>', 'the folder to write; it must be new or empty')
      .action((directories: string[], options) =>
        combineCommand(way, directories, options, registry, outputOf(options)),
      )
  }

  command('export', 'write a run as a folder for another library: transformers, peft, PyTorch or ONNX')
    .argument('<dir>', 'the folder of a run')
    .requiredOption('--out <dir>', 'the folder to write; it must be new or empty')
    .addOption(
      new Option(
        '--to <library>',
        'transformers: a checkpoint; pytorch: code, weights and a training script; onnx: graphs with weights',
      )
        .choices(exportFormats)
        .default('transformers'),
    )
    .option(
      '--batches <n>',
      'number of training batches to write: for pytorch beside train.py (default: 100; 0 leaves train.py out), for transformers in training/ (default: 0)',
      wholeNumber('--batches', 0),
    )
    .option('--data <path>', "with --batches: the run's data, if they have moved; may be repeated", collect, [])
    .option('--merge-adapters', "add the run's adapters to the weights")
    .option('--adapters-only', 'write the adapters alone, in the layout of peft')
    .option(
      '--base <name>',
      'with --adapters-only: name or folder of the base model for peft (default: the folder that the run started from)',
    )
    .action((directory: string, options) => exportCommand(directory, options, registry, outputOf(options)))

  command('import', 'make a run from a folder of export --to pytorch whose weights were trained in PyTorch')
    .argument('<dir>', 'the folder with model.safetensors and heddle/')
    .requiredOption('--out <dir>', 'the folder of the new run; it must be new or empty')
    .action((directory: string, options) => importCommand(directory, options, registry, outputOf(options)))

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
      .argument('[inputs...]', 'texts, or files for runs that read files')
      .option('--prompt <text>', 'the same as a text argument; may be repeated', collect, [])
      .option('--input <file>', "a file with an input in each line; '-', or nothing at all, reads standard input")
      .option(
        '--output <file>',
        "write a row for each input to this file (.tsv, .csv, .jsonl; '-' for standard output); --input may then be a table, whose columns are kept",
      )
      .option(
        '--column <name>',
        'column of a table to read, by name or by number from 1; repeat it for inputs of two texts (default: columns with the usual names)',
        collect,
        [],
      )
    for (const [key, field] of fields) use.addOption(optionFor(key, field))
    use.action(async (directory: string, given: string[], options) => {
      if (options.output !== undefined) {
        checkOutput(name, [...given, ...options.prompt])
        const { input = '-' } = options
        exitWith(
          await interruptible((interruption) => {
            const own = { ...options, input, config: givenFields(fields, options), interruption }
            return useFileCommand(name, directory, own, registry, outputOf(options))
          }),
        )
        return
      }
      const inputs = { texts: [...given, ...options.prompt], file: options.input, command: `${name} ${directory}` }
      checkInputs(inputs)
      const config = givenFields(fields, options)
      await useCommand(name, directory, inputs, { ...options, config }, registry, outputOf(options))
    })
  }
  return program
}

const RECIPE = "a recipe's name; 'heddle list' shows them"

/** The options that say which run is meant. */
function newRun(command: Command): Command {
  return dataOptions(command)
    .option('--seed <n>', 'the same seed gives the same run (default: 1)', wholeNumber('--seed', 0))
    .option('--preset <name>', "a named set of the recipe's settings; 'heddle list <recipe>' shows them")
    .option('--set <key=value>', 'a setting of the recipe, such as model.hiddenSize=128; may be repeated', collect, [])
    .option(
      '--from <name>',
      "start from the weights and the tokenizer of a run, of a folder in transformers' or peft's layout, or of org/name on the hub",
    )
    .option(
      '--from-base <name>',
      'with --from and adapters of peft: their base model (default: the one that they name)',
    )
    .option(
      '--merge-adapters',
      'with --from and adapters of peft: merge them into the weights instead of training them further',
    )
    .option(
      '--from-weights <path>',
      'with --from: take only the weights below this path, such as encoder; may be repeated',
      collect,
      [],
    )
}

/** The options and settings that every command has. */
function common(command: Command, summary: string): Command {
  return command
    .description(summary)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .option('--json', 'print one line of JSON on stdout and everything else on stderr')
    .option('--plugin <path or package>', 'add a plugin; may be repeated', collect, [])
    .addOption(new Option('--backend <name>', 'backend that computes').choices([...BACKENDS]).default('wasm'))
    .option('--threads <n>', 'threads of the wasm backend (default: one per core)', wholeNumber('--threads', 1))
}

const outputOf = ({ json = false }: CommonOptions) => new Output(json)

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
