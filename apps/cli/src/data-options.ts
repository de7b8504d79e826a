import type { Command } from 'commander'
import { collect } from './option-values.ts'

/** The options that say which data a recipe learns from, and which it holds out. */
export function dataOptions(command: Command): Command {
  return command
    .option('--data <path>', "a file or folder instead of the recipe's built-in data; may be repeated", collect, [])
    .option(
      '--validation <path or size>',
      'files of the validation part, or its size: a number of examples, a share below 1, or 0 for none; may be repeated',
      collect,
      [],
    )
    .option(
      '--test <path or size>',
      'files of the test part, or its size, as for --validation; may be repeated',
      collect,
      [],
    )
}
