import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const RUN_MANY = fileURLToPath(new URL('./run-many.ts', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the command from its source, as its own process. */
export const startHeddle = (cwd: string, ...args: string[]) => start(cwd, MAIN, args)

/** Runs the command with a text as its standard input. */
export const heddleWithInput = (cwd: string, input: string, ...args: string[]): Promise<Finished> =>
  start(cwd, MAIN, args, input).finished

function start(
  cwd: string,
  script: string,
  args: string[],
  input?: string,
): { process: ChildProcess; finished: Promise<Finished> } {
  // The test runner sets colors and more for itself.
  const { HEDDLE_DEBUG: _, FORCE_COLOR: __, NO_COLOR: ___, NODE_OPTIONS: ____, ...env } = process.env
  const child = spawn(process.execPath, ['--conditions=source', script, ...args], {
    cwd,
    env,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  child.stdin?.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { process: child, finished }
}

export const heddle = (cwd: string, ...args: string[]): Promise<Finished> => startHeddle(cwd, ...args).finished

/** Runs several command lines one after the other in one process, which saves the time of starting it. */
export async function heddleMany(cwd: string, lines: readonly string[][]): Promise<Finished[]> {
  const { stdout, stderr } = await start(cwd, RUN_MANY, [JSON.stringify(lines)]).finished
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

/** `--set` arguments for each field. */
export const set = (fields: Record<string, unknown>): string[] =>
  Object.entries(fields).flatMap(([key, value]) => ['--set', `${key}=${value}`])

/** The last line of an output, as JSON. */
export const lastLine = (output: string) => JSON.parse(output.trimEnd().split('\n').at(-1)!)
