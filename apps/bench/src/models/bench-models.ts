import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { HeddleError, show, suggest } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { type Measurement, measurement, median, timeRuns, type Workload } from '../measure.ts'
import { Peer } from '../peer.ts'
import { openInOrt } from './ort.ts'
import { formatProfile, profileKernels } from './profile.ts'
import { trainerOverhead } from './trainer-overhead.ts'
import { forwardPasses, workloads } from './workloads/workloads.ts'

const HELP = `Times training steps and generation of whole models.

usage: pnpm bench [models] [--workloads a,b] [--threads N] [--seconds S] [--revectorize auto|on|off] [--exact]
                  [--vs torch --python PATH | --vs tfjs | --vs ort] [--profile] [--trainer] [--json]

  --workloads    names, separated by commas (default: ${Object.keys(workloads).join(',')})
  --threads      threads of the kernels (default: one for each core)
  --seconds      seconds for which each side of a workload is timed (default: 4)
  --revectorize  use the 256-bit vectors of V8 where there are any (default: auto)
  --exact        the same results on every machine, somewhat slower
  --vs           another implementation to compare with, in turns: torch (with --python PATH), stock tfjs, or
                 ort: onnxruntime-web on WASM with the same weights (inference: ${Object.keys(forwardPasses).join(',')})
  --profile      show the time of each kernel instead
  --trainer      show instead what a Trainer adds to a step of nanogpt in a bare loop, in turns with it
  --json         print JSON lines`

interface BenchOptions {
  /** Names of workloads (default: all). */
  readonly workloads?: readonly string[]
  /** Number of threads (default: one for each core). */
  readonly threads?: number
  /** Seconds for which each side of a workload is timed. */
  readonly seconds: number
  readonly revectorize: 'auto' | 'on' | 'off'
  readonly exact: boolean
  readonly vs?: keyof typeof peers
  /** Interpreter that has torch. */
  readonly python: string
  readonly profile: boolean
  readonly json: boolean
}

// Both sides take this many turns, so that a change of the machine's speed meets both.
const TURNS = 4

interface Answer {
  readonly tokens: number
  /** Milliseconds of each run of the turn. */
  readonly ms: readonly number[]
}

/** `pnpm bench models`: times workloads and prints a line for each side of each, or a profile. */
export async function benchModels(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workloads: { type: 'string' },
      threads: { type: 'string' },
      seconds: { type: 'string', default: '4' },
      revectorize: { type: 'string', default: 'auto' },
      exact: { type: 'boolean', default: false },
      vs: { type: 'string' },
      python: { type: 'string', default: 'python3' },
      profile: { type: 'boolean', default: false },
      trainer: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  if (values.trainer) return timeTrainer(Number(values.seconds), values)
  await timeWorkloads({
    ...(values.workloads !== undefined && { workloads: values.workloads.split(',') }),
    ...(values.threads !== undefined && { threads: Number(values.threads) }),
    seconds: Number(values.seconds),
    revectorize: values.revectorize as BenchOptions['revectorize'],
    exact: values.exact,
    ...(values.vs !== undefined && { vs: values.vs as keyof typeof peers }),
    python: values.python,
    profile: values.profile,
    json: values.json,
  })
}

async function timeTrainer(seconds: number, { threads, json }: { threads?: string; json: boolean }): Promise<void> {
  await useWasm({ threads: threads === undefined ? cpus().length : Number(threads) })
  const measured = await trainerOverhead(seconds)
  const { bare, trainer, difference, turns } = measured
  const share = difference / bare
  if (json) return console.log(JSON.stringify({ workload: 'nanogpt', ...measured, share }))
  const ms = (time: number) => `${time.toFixed(2)} ms`
  console.log(
    `nanogpt      bare loop: ${ms(bare)} a step; Trainer: ${ms(trainer)}; difference ${ms(difference)} (${(100 * share).toFixed(1)} %) over ${turns} turns of ten steps`,
  )
}

async function timeWorkloads(options: BenchOptions): Promise<void> {
  const { seconds, vs, python, profile, json } = options
  const threads = options.threads ?? cpus().length
  const names = options.workloads ?? Object.keys(vs === 'ort' ? forwardPasses : workloads)
  check(options, names)
  const { variant } = await useWasm({ threads, revectorize: options.revectorize, exact: options.exact })
  const peer = vs === undefined ? undefined : await peers[vs](threads, python)
  try {
    for (const name of names) {
      const pass = vs === 'ort' ? forwardPasses[name]!() : undefined
      const workload = pass ?? workloads[name]!()
      const difference = pass === undefined || profile ? undefined : await openInOrt(peer!, name, pass)
      for (let i = 0; i < 3; i++) await workload.run()
      if (profile) {
        console.log(
          `${name}\n${formatProfile(await profileKernels(() => workload.run(), await runsIn(workload, seconds)))}\n`,
        )
      } else {
        const ours: number[] = []
        const theirs: number[] = []
        let tokens = workload.tokens
        for (let turn = 0; turn < TURNS; turn++) {
          ours.push(...(await timeRuns(workload, seconds / TURNS, Math.ceil(5 / TURNS))))
          if (peer === undefined) continue
          const answer = await peer.ask<Answer>({ workload: name, seconds: seconds / TURNS })
          theirs.push(...answer.ms)
          tokens = answer.tokens
        }
        report(
          [
            measurement(`heddle ${variant}`, name, threads, workload.tokens, ours),
            ...(peer === undefined ? [] : [measurement(peer.name, name, vs === 'tfjs' ? 1 : threads, tokens, theirs)]),
          ],
          json,
          difference,
        )
      }
      workload.dispose?.()
    }
  } finally {
    peer?.stop()
  }
}

function check({ seconds, threads, vs }: BenchOptions, names: readonly string[]): void {
  if (vs !== undefined && !Object.hasOwn(peers, vs))
    throw new HeddleError('usage', `bench: expected --vs torch, tfjs or ort, got ${show(vs)}.`)
  const known = vs === 'ort' ? forwardPasses : workloads
  for (const name of names) {
    if (!Object.hasOwn(known, name)) {
      const kind = vs === 'ort' ? 'workload that ort can do' : 'workload'
      throw new HeddleError(
        'unknown-name',
        `bench: no ${kind} is named ${show(name)}. ${suggest(name, Object.keys(known))}`,
      )
    }
  }
  if (!(seconds > 0)) throw new HeddleError('usage', `bench: expected --seconds above 0, got ${seconds}.`)
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) {
    throw new HeddleError('usage', `bench: expected --threads to be an integer above 0, got ${threads}.`)
  }
}

const pathOf = (file: string) => fileURLToPath(new URL(`./peers/${file}`, import.meta.url))

/** Starts the other implementations, by name. */
const peers = {
  torch: (threads: number, python: string) => Peer.start(python, [pathOf('torch_peer.py'), String(threads)], 'torch'),
  tfjs: () => Peer.start(process.execPath, [pathOf('tfjs-peer.ts')], '@tensorflow/tfjs'),
  ort: (threads: number) => Peer.start(process.execPath, [pathOf('ort-peer.ts'), String(threads)], 'onnxruntime-web'),
} satisfies Record<string, (threads: number, python: string) => Promise<Peer>>

async function runsIn(workload: Workload, seconds: number): Promise<number> {
  return Math.max(1, Math.round((seconds * 1000) / median(await timeRuns(workload, 0, 3))))
}

function report(sides: readonly Measurement[], json: boolean, difference?: number): void {
  const [ours, theirs] = sides
  const ratio = theirs && ours!.tokens_per_s / theirs.tokens_per_s
  if (json) {
    for (const side of sides) console.log(JSON.stringify(side))
    if (ratio !== undefined)
      console.log(
        JSON.stringify({
          workload: ours!.workload,
          ratio: Math.round(ratio * 1000) / 1000,
          vs: theirs!.peer,
          ...(difference !== undefined && { max_difference: difference }),
        }),
      )
    return
  }
  const text = sides.map(({ peer, ms, tokens_per_s: rate }) => `${peer}: ${ms} ms, ${rate} tokens/s`).join('; ')
  const compared = ratio === undefined ? '' : `; ratio ${ratio.toFixed(2)}`
  const differs = difference === undefined ? '' : `; outputs differ by at most ${difference.toExponential(1)}`
  console.log(`${ours!.workload.padEnd(12)} ${text}${compared}${differs}`)
}
