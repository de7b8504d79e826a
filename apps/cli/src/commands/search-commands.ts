import type { Registry } from '@heddle/core'
import { prunerPoint, searchMethodPoint } from '@heddle/search'
import type { Command, CommandOptions } from 'commander'
import { dataOptions } from '../data-options.ts'
import { interruptible } from '../interruptible.ts'
import { collect, duration, nameOrPart, wholeNumber } from '../option-values.ts'
import { Output } from '../output.ts'
import { searchCommand } from './search.ts'
import { searchTrialCommand } from './search-trial.ts'
import { searchWorkerCommand } from './search-worker.ts'

/**
 * Adds `heddle search`, `heddle search-worker` and the process of a trial.
 *
 * @param command adds a command with the options that all have
 */
export function addSearchCommands(
  command: (usage: string, summary: string, options?: CommandOptions) => Command,
  registry: Registry,
  exitWith: (code: number) => void,
): void {
  dataOptions(command('search', 'search for the best settings of a recipe'))
    .argument('[recipe]', "a recipe's name; 'heddle list' shows them")
    .option(
      '--space <file>',
      'JSON file with the range of each setting: {"training.learningRate": {"type": "log-uniform", "low": 1e-4, "high": 0.1}}',
    )
    .option(
      '--method <name>',
      `${partNames(registry, searchMethodPoint)}, or as JSON with settings (default: random)`,
      nameOrPart('--method'),
    )
    .option(
      '--pruner <name>',
      `rule that stops bad trials early: ${partNames(registry, prunerPoint)} (default: none; halving has its own)`,
      nameOrPart('--pruner'),
    )
    .option('--trials <n>', 'number of trials (default: 20)', wholeNumber('--trials', 1))
    .option(
      '--jobs <n>',
      'trials that run at once, each with its share of the cores (default: 1)',
      wholeNumber('--jobs', 1),
    )
    .option('--out <dir>', 'the folder of the search (default: runs/search-<recipe>-<seed>)')
    .option('--seed <n>', 'the same seed gives the same search (default: 1)', wholeNumber('--seed', 0))
    .option('--preset <name>', "a named set of the recipe's settings; 'heddle list <recipe>' shows them")
    .option(
      '--budget <time>',
      'train each trial for about this long, such as 5m, instead of training.steps',
      duration('--budget'),
    )
    .option('--set <key=value>', 'a setting that all trials share; may be repeated', collect, [])
    .option(
      '--queue <address>',
      "hand trials to the workers of a Redis server, redis://host:6379; see 'heddle search-worker'",
    )
    .option('--resume <dir>', 'continue the search in this folder; --trials may raise the number of trials')
    .action(async (recipe: string | undefined, options) => {
      exitWith(
        await interruptible((interruption) =>
          searchCommand(recipe, { ...options, interruption }, registry, outputOf(options)),
        ),
      )
    })

  command('search-worker', 'run trials of the searches on a Redis server')
    .requiredOption('--queue <address>', 'the Redis server: redis://host:6379')
    .option('--out <dir>', "the folder of the runs (default: the search's folder, which this machine must then reach)")
    .option(
      '--jobs <n>',
      'trials that run at once, each with its share of the cores (default: 1)',
      wholeNumber('--jobs', 1),
    )
    .option(
      '--lock <seconds>',
      'time after which the trial of a worker that died goes to another one (default: 30)',
      wholeNumber('--lock', 1),
    )
    .action(async (options) => {
      exitWith(
        await interruptible((interruption) => searchWorkerCommand({ ...options, interruption }, outputOf(options))),
      )
    })

  // Internal: the process of a trial.
  command('search-trial', 'run a trial of a search', { hidden: true }).action((options) =>
    searchTrialCommand(options, registry),
  )
}

const partNames = (registry: Registry, point: Parameters<Registry['list']>[0]) =>
  registry
    .list(point)
    .map(({ name }) => name)
    .join(', ')

const outputOf = ({ json = false }: { readonly json?: boolean }) => new Output(json)
