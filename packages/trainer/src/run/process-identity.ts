import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Names a process so that another one can tell whether it still runs. */
export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** Start of the process, ISO 8601. */
  readonly started: string
  /** Start of the process in the system's own ticks (Linux only); tells it from a later process with the same number. */
  readonly ticks: string | null
  /** Different for each claim. */
  readonly token: string
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    host: hostname(),
    started: new Date(performance.timeOrigin).toISOString(),
    ticks: await startTicks(process.pid),
    token: randomUUID(),
  }
}

/** Whether the process runs; a process of another host counts as running, as nothing can be known about it. */
export async function isRunning({ pid, host, ticks }: ProcessIdentity): Promise<boolean> {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = await startTicks(pid)
  return ticks === null || now === null || ticks === now
}

/** @returns undefined when `text` does not hold an identity, as after a crash in the middle of writing it */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const parsed = JSON.parse(text) as ProcessIdentity | null
    const whole =
      Number.isSafeInteger(parsed?.pid) &&
      parsed!.pid > 0 &&
      [parsed!.host, parsed!.started, parsed!.token].every((field) => typeof field === 'string') &&
      (parsed!.ticks === null || typeof parsed!.ticks === 'string')
    return whole ? parsed! : undefined
  } catch {
    return undefined
  }
}

async function startTicks(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
    // Field 22; the name of the program, field 2, may hold spaces and ends with the last parenthesis.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
