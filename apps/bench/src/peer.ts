import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { HeddleError } from '@heddle/core'

/**
 * Another implementation in a process of its own, which is idle between its turns: it prints its name as a JSON line
 * `{ "peer": … }`, then answers each JSON line on its standard input with one.
 */
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

  /**
   * @param needs package that the process needs, for the message when it ends at once
   * @throws HeddleError `usage` when the command cannot be started
   */
  static async start(command: string, args: readonly string[], needs: string): Promise<Peer> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const failed = once(child, 'error').then(([error]) => {
      throw new HeddleError(
        'usage',
        `bench: expected to start '${command}', got ${(error as Error).message}. Check the path.`,
      )
    })
    const reader = createInterface({ input: child.stdout! })
    const lines = reader[Symbol.asyncIterator]()
    const first = await Promise.race([lines.next(), failed])
    if (first.done) {
      throw new HeddleError('usage', `bench: expected '${command}' to answer, got its end. Install ${needs} for it.`)
    }
    return new Peer((JSON.parse(first.value) as { peer: string }).peer, child, reader, lines)
  }

  /** @throws HeddleError `usage` when the process ends or answers `{ "error": … }` */
  async ask<T extends object>(request: object): Promise<T> {
    const text = JSON.stringify(request)
    this.#child.stdin!.write(`${text}\n`)
    const line = await this.#lines.next()
    if (line.done) {
      throw new HeddleError(
        'usage',
        `bench: expected ${this.name} to answer ${text}, got its end. See its message above.`,
      )
    }
    const answer = JSON.parse(line.value) as T & { error?: string }
    if (answer.error !== undefined) {
      throw new HeddleError('usage', `bench: expected ${this.name} to answer ${text}, got '${answer.error}'.`)
    }
    return answer
  }

  stop(): void {
    this.#child.stdin!.end()
    this.#reader.close()
    this.#child.kill()
  }
}
