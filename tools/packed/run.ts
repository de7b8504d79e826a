import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** The pinned pnpm, as a command and its first arguments. */
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
export const pnpm = ['npx', '-y', packageManager as string]

/** A command of the workspace's devDependencies. */
export const bin = (name: string) => join(root, 'node_modules/.bin', name)

export interface Finished {
  readonly code: number | null
  /** Standard output and errors, as they came. */
  readonly output: string
}

/** Runs a command without a shell. */
export function run(cwd: string, command: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const { NODE_OPTIONS: _, FORCE_COLOR: __, ...inherited } = process.env
    const child = spawn(command[0]!, command.slice(1), { cwd, env: { ...inherited, NO_COLOR: '1', ...env } })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** @throws Error with the output unless the command succeeds */
export async function runOrThrow(cwd: string, command: readonly string[]): Promise<string> {
  const { code, output } = await run(cwd, command)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code} in ${cwd}:\n${output}`)
  return output
}

/** Applies `work` to all items, a few at a time. */
export async function forEachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items]
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
