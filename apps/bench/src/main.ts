import { parseArgs } from 'node:util'
import { isHeddleError } from '@heddle/core'
import { type BenchOptions, bench } from './bench.ts'

const help = `heddle bench: Heddle's workloads, timed, and compared with PyTorch or stock tfjs

usage: pnpm bench [--workloads a,b] [--threads N] [--seconds S] [--revectorize auto|on|off] [--exact]
                  [--vs torch --python PATH | --vs tfjs] [--profile] [--json]`

const { values } = parseArgs({
  options: {
    workloads: { type: 'string' },
    threads: { type: 'string' },
    seconds: { type: 'string', default: '4' },
    revectorize: { type: 'string', default: 'auto' },
    exact: { type: 'boolean', default: false },
    vs: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    profile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(help)
} else {
  try {
    await bench({
      ...(values.workloads !== undefined && { workloads: values.workloads.split(',') }),
      ...(values.threads !== undefined && { threads: Number(values.threads) }),
      seconds: Number(values.seconds),
      revectorize: values.revectorize as BenchOptions['revectorize'],
      exact: values.exact,
      ...(values.vs !== undefined && { vs: values.vs as 'torch' | 'tfjs' }),
      python: values.python,
      profile: values.profile,
      json: values.json,
    })
  } catch (error) {
    if (!isHeddleError(error)) throw error
    console.error(error.message)
    process.exitCode = 2
  }
}
