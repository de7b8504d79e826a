import { KernelError } from './errors.ts'
import { Control } from './generated/exports.ts'
import type { NodeModules } from './node-modules.ts'
import type { Tile } from './probe.ts'
import { workerSource } from './worker-source.ts'

/** The data that every worker gets. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** The control block, of `Control`. */
  readonly control: number
  readonly tile: Tile
  readonly threads: number
}

const START_TIMEOUT = 20_000

/** Milliseconds that an error of a worker waits for the event that names a policy as its reason. */
const POLICY_DELAY = 50

interface WorkerMessage {
  readonly ready?: true
  readonly error?: string
}

/** A worker thread, in Node or in a browser. */
interface WorkerHandle {
  terminate(): void
}

/**
 * Workers 1 … threads - 1 that wait in WebAssembly for jobs. They do not keep a program alive that is done otherwise.
 */
export class ThreadPool {
  readonly #workers: WorkerHandle[] = []
  readonly #failed: Int32Array
  #reason: string | undefined

  private constructor({ memory, control }: WorkerSetup) {
    this.#failed = new Int32Array(memory.buffer, control + Control.FAILED, 1)
  }

  /**
   * Starts the workers and returns when all of them serve.
   *
   * @param scratch the addresses of each worker's scratch memory
   * @throws when a worker cannot be started; none is left running then
   */
  static async start(
    setup: WorkerSetup,
    scratch: readonly number[],
    node: NodeModules | undefined,
  ): Promise<ThreadPool> {
    const pool = new ThreadPool(setup)
    try {
      await Promise.all(
        scratch.map((address, i) =>
          pool.#startWorker({ ...setup, scratch: address, failed: Control.FAILED, thread: i + 1 }, node),
        ),
      )
    } catch (error) {
      pool.stop()
      throw error
    }
    return pool
  }

  #startWorker(data: object, node: NodeModules | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`a worker gave no answer for ${START_TIMEOUT / 1000} s`)),
        START_TIMEOUT,
      )
      const onMessage = (message: WorkerMessage) => {
        clearTimeout(timer)
        if (message.error !== undefined) fail(message.error)
        else resolve()
      }
      const fail = (reason: string) => {
        clearTimeout(timer)
        this.fail(reason)
        reject(new Error(`workers could not be started (${reason})`))
      }
      if (node !== undefined) {
        const worker = new node.workers.Worker(workerSource, { eval: true, workerData: data, execArgv: [] })
        this.#workers.push(worker)
        worker.on('message', onMessage)
        worker.on('error', (error) => fail(String(error)))
        worker.on('exit', (code) => fail(`worker exited with code ${code}`))
        worker.unref()
      } else {
        const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
        // Browsers report a policy by an event, and the worker by an error without a reason; which comes first differs.
        let policy: string | undefined
        const onViolation = (event: Event) => {
          const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent
          if (/worker|child|script|default/.test(effectiveDirective) && blockedURI.startsWith('blob')) {
            policy = `the content security policy forbids workers from blob: (${effectiveDirective}); add worker-src blob:`
          }
        }
        addEventListener('securitypolicyviolation', onViolation)
        const end = () => {
          URL.revokeObjectURL(url)
          removeEventListener('securitypolicyviolation', onViolation)
        }
        const failed = (reason: string) =>
          setTimeout(() => {
            end()
            fail(policy ?? reason)
          }, POLICY_DELAY)
        try {
          const worker = new Worker(url)
          this.#workers.push(worker)
          worker.onmessage = ({ data: message }) => {
            end()
            onMessage(message as WorkerMessage)
          }
          worker.onerror = (event) => failed(event.message ?? 'the worker could not be loaded')
          worker.postMessage(data)
        } catch (error) {
          failed(String(error))
        }
      }
    })
  }

  /** Marks the pool as broken: every thread that waits for another one stops with a trap. */
  fail(reason: string): void {
    this.#reason ??= reason
    Atomics.store(this.#failed, 0, 1)
  }

  /** The error to throw instead of a trap, where a crashed worker is its cause. */
  explain(error: unknown): unknown {
    if (!(error instanceof WebAssembly.RuntimeError) || Atomics.load(this.#failed, 0) === 0) return error
    const why = this.#reason === undefined ? '' : ` (${this.#reason})`
    return new KernelError(
      'backend',
      `wasm: expected all worker threads to answer, but one has crashed${why}. Results of this run are lost; start the program again, with threads: 1 if it happens again.`,
      { cause: error },
    )
  }

  stop(): void {
    for (const worker of this.#workers) worker.terminate()
  }
}
