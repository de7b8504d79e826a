// Trains every recipe with real processes that are killed at random moments and resumed, and compares the files with those of a run
// that was not killed, bit for bit.
//
//   node --conditions=source tools/kill-and-resume.ts [recipe …] [--kills N] [--seed N]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RandomStream } from '@heddle/core'
import { mergeSettings, type Settings } from '@heddle/tasks'
import { runFiles } from '@heddle/testing/stores'
import { FolderStore } from '@heddle/trainer/node'
import { TINY } from '../packages/recipes/src/test-support/tiny.ts'

const MAIN = join(import.meta.dirname, '../apps/cli/src/main.ts')
const STEPS = { steps: 12, checkpointEvery: 1, evaluateEvery: 3 }

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' } },
})
const names = positionals.length > 0 ? positionals : Object.keys(TINY)
const rng = new RandomStream(Number(values.seed))

/** Runs the command until it ends, or for a time. */
async function heddle(args: readonly string[], killAfter?: number): Promise<'killed' | 'ended'> {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args, '--threads', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  clearTimeout(timer)
  if (signal === 'SIGKILL') return 'killed'
  if (code !== 0) throw new Error(`heddle ${args.join(' ')} ended with ${code ?? signal}:\n${errors}`)
  return 'ended'
}

function trainArguments(name: string, folder: string): string[] {
  const settings: Settings = mergeSettings(TINY[name]!, name === 'ngram-lm' ? {} : { training: STEPS })
  return ['train', name, '--out', folder, ...assignments(settings, '').flatMap((each) => ['--set', each])]
}

function assignments(settings: Settings, path: string): string[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    if (value === undefined) return []
    // A part inside the model is not in the schema of every recipe's settings; as JSON it is checked with the model.
    if (path + key !== 'model' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return assignments(value as Settings, `${path}${key}.`)
    }
    return [`${path}${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`]
  })
}

/** Kills and resumes a run until it has been killed often enough, then lets it end. */
async function killed(name: string, folder: string, times: number, wholeMs: number): Promise<number> {
  let kills = 0
  for (;;) {
    // Without a config.json there is no run to resume yet.
    const exists = existsSync(join(folder, 'config.json'))
    if (!exists) await rm(folder, { recursive: true, force: true })
    const args = exists ? ['train', '--resume', folder] : trainArguments(name, folder)
    // The first half is mostly the start of the process.
    const moment = kills < times ? wholeMs * (0.35 + 0.65 * rng.uniform()) : undefined
    if ((await heddle(args, moment)) === 'ended') return kills
    kills++
  }
}

async function compared(name: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'heddle-kill-'))
  try {
    const [whole, other] = [join(root, 'whole'), join(root, 'killed')]
    const start = performance.now()
    await heddle(trainArguments(name, whole))
    const ms = performance.now() - start
    const kills = await killed(name, other, Number(values.kills), ms)
    const [expected, got] = [await runFiles(new FolderStore(whole)), await runFiles(new FolderStore(other))]
    const paths = [...new Set([...Object.keys(expected), ...Object.keys(got)])]
    const different = paths.filter((path) => expected[path] !== got[path])
    const lines = (await readFile(join(other, 'log.jsonl'), 'utf8')).trim().split('\n').length
    const verdict = different.length === 0 ? 'equal' : `DIFFERENT: ${different.join(', ')}`
    if (different.length > 0) process.exitCode = 1
    console.log(`${name.padEnd(14)} ${kills} kills, ${paths.length} files, ${lines} lines of the log: ${verdict}`)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

for (const name of names) await compared(name)
