import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'apps/cli/src/main.ts')
const POLL_MS = 2
/** Exit code of a command that a signal has stopped. */
const INTERRUPTED = 130

/** When a run came to a point, in milliseconds from the start of its process. */
export interface Moments {
  /** A run with a config.json can be resumed. */
  readonly created?: number | undefined
  readonly firstCheckpoint?: number | undefined
  readonly lastCheckpoint?: number | undefined
  /** Step of the last checkpoint. */
  readonly lastStep?: number | undefined
  readonly ended: number
}

/** Ends a process some time after its run has come to a point. */
export interface Kill {
  readonly signal: 'SIGKILL' | 'SIGINT'
  /** The start of the process, config.json, or the checkpoint of a step at least this large. */
  readonly after: 'start' | 'created' | number
  /** Milliseconds. */
  readonly delay: number
}

export interface Ended {
  readonly ending: 'killed' | 'interrupted' | 'ended'
  readonly moments: Moments
}

/** Runs the command until it ends or is killed, watching the run in `folder`. */
export async function heddle(args: readonly string[], folder: string, kill?: Kill): Promise<Ended> {
  const start = performance.now()
  const now = () => performance.now() - start
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args, '--threads', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compile') },
  })
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>
  let errors = ''
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  let created: number | undefined
  let firstCheckpoint: number | undefined
  let lastCheckpoint: number | undefined
  let step = checkpointStep(folder)
  while (child.exitCode === null && child.signalCode === null) {
    if (created === undefined && existsSync(join(folder, 'config.json'))) created = now()
    const newest = checkpointStep(folder)
    if (newest !== step) {
      step = newest
      lastCheckpoint = now()
      firstCheckpoint ??= lastCheckpoint
    }
    if (kill !== undefined && hasCome(kill.after, created, step)) {
      await wait(kill.delay)
      child.kill(kill.signal)
      break
    }
    await wait(POLL_MS)
  }
  const [code, signal] = await exited
  const moments = { created, firstCheckpoint, lastCheckpoint, lastStep: checkpointStep(folder), ended: now() }
  if (signal === 'SIGKILL') return { ending: 'killed', moments }
  // Before there is something to save, the signal ends the process as it ends any other.
  if (code === INTERRUPTED || signal === 'SIGINT') return { ending: 'interrupted', moments }
  if (code !== 0) throw new Error(`heddle ${args.join(' ')} ended with ${code ?? signal}:\n${errors}`)
  return { ending: 'ended', moments }
}

function hasCome(point: Kill['after'], created: number | undefined, step: number | undefined): boolean {
  if (point === 'start') return true
  return point === 'created' ? created !== undefined : step !== undefined && step >= point
}

function checkpointStep(folder: string): number | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'trainer/state.json'), 'utf8')).step
  } catch {
    // There is none yet.
    return undefined
  }
}
