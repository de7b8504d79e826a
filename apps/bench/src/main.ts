import { isHeddleError, suggest } from '@heddle/core'
import { benchFused } from './kernels/bench-fused.ts'
import { benchKernels } from './kernels/bench-kernels.ts'
import { benchModels } from './models/bench-models.ts'
import { benchTokenizers } from './tokenizers/bench-tokenizers.ts'

const HELP = `Times Heddle, and compares it with other implementations in the same run.

usage: pnpm bench [models]   training steps and generation of whole models, beside PyTorch or stock tfjs
       pnpm bench kernels    kernels, beside those of tfjs
       pnpm bench fused      fused operations
       pnpm bench tokenizer  training and encoding of tokenizers, beside the Rust library

'pnpm bench kernels --help' and the like show the options.`

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  models: benchModels,
  kernels: benchKernels,
  fused: benchFused,
  tokenizer: benchTokenizers,
}

async function main([first, ...rest]: readonly string[]): Promise<void> {
  if (first === '--help') return console.log(HELP)
  if (first === undefined || first.startsWith('-')) return benchModels(first === undefined ? [] : [first, ...rest])
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined
  if (command !== undefined) return command(rest)
  console.error(`bench: expected a benchmark, got '${first}'. ${suggest(first, Object.keys(commands))}`)
  process.exitCode = 2
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const { code = '' } = error as { code?: string }
  if (!isHeddleError(error) && !code.startsWith('ERR_PARSE_ARGS')) throw error
  console.error((error as Error).message)
  process.exitCode = 2
}
