import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { HeddleError } from '@heddle/core'

interface Answer {
  readonly tokens: number
  /** Times of the runs of this turn. */
  readonly ms: readonly number[]
}

/** Another implementation of the workloads, in a process of its own that is idle between its turns. */
export class Peer {
  readonly name: string
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface

  private constructor(name: string, child: ChildProcess, reader: Interface, lines: AsyncIterator<string>) {
    this.name = name
    this.#child = child
    this.#reader = reader
    this.#lines = lines
  }

  /** @throws HeddleError `usage` when the command cannot be started */
  static async start(command: string, args: readonly string[]): Promise<Peer> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const failed = once(child, 'error').then(([error]) => {
      throw new HeddleError('usage', `bench: expected to start '${command}', got ${(error as Error).message}.`)
    })
    const reader = createInterface({ input: child.stdout! })
    const lines = reader[Symbol.asyncIterator]()
    const first = await Promise.race([lines.next(), failed])
    if (first.done)
      throw new HeddleError(
        'usage',
        `bench: expected '${command}' to answer, got its end. Does that Python have torch?`,
      )
    return new Peer((JSON.parse(first.value) as { peer: string }).peer, child, reader, lines)
  }

  async run(workload: string, seconds: number): Promise<Answer> {
    this.#child.stdin!.write(`${JSON.stringify({ workload, seconds })}\n`)
    const line = await this.#lines.next()
    if (line.done) throw new HeddleError('usage', `bench: ${this.name} ended while it ran ${workload}.`)
    const answer = JSON.parse(line.value) as Answer & { error?: string }
    if (answer.error !== undefined) throw new HeddleError('usage', `bench: ${this.name}: ${answer.error}.`)
    return answer
  }

  stop(): void {
    this.#child.stdin!.end()
    this.#reader.close()
    this.#child.kill()
  }
}
