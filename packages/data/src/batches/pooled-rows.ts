import { HeddleError, type RandomState, RandomStream, show } from '@heddle/core'

/** A part of a corpus, which is read when its turn comes. */
export interface SizedPart {
  /** Number of bytes. */
  readonly size: number
}

/** Bytes of text whose rows are shuffled with one another. */
const POOL = 2 ** 22

/** Makes rows of some parts; the same stream gives the same ones. */
export type MakeRows<P, R> = (parts: readonly P[], rng: RandomStream) => Promise<readonly R[]>

/** A row with a number of its own; in epochs that share their draws the same rows have the same numbers. */
export type Numbered<R> = R & { readonly number: number }

/** Numbers of the rows of a pool. */
const NUMBERS = 2 ** 24

interface PooledRowsState {
  readonly kind: 'pooled-rows'
  readonly numParts: number
  readonly epoch: number
  /** Number of pools of the epoch that were read before this one. */
  readonly pool: number
  /** Number of rows of the pool that were taken. */
  readonly position: number
  readonly rng: RandomState
}

export interface PooledRowsOptions<R = never> {
  /** The order of the parts and everything drawn for a pool come from it. */
  readonly rng: RandomStream
  /**
   * Number of epochs after which the draws of a pool are used again; 0 (default) for new ones in every epoch. With 1 every epoch sees the same
   * pairs.
   */
  readonly copies?: number
  /** Name for messages, and what to do about a corpus without rows. */
  readonly where: string
  readonly ifEmpty: string
  /** Bytes of text of a pool (default 4 MiB). */
  readonly poolSize?: number
  /** Groups `count` rows of similar `size`, so that a batch has little padding (default: rows in any order). */
  readonly alike?: { size(row: R): number; readonly count: number }
}

/**
 * Endless rows from a corpus that may be larger than memory: parts in random order, epoch after epoch, a few of which are read at a time into
 * a pool and shuffled. Every draw is a function of seed, epoch and pool, so a position is enough to go on exactly.
 */
export class PooledRows<P extends SizedPart, R extends object> {
  readonly #parts: readonly P[]
  readonly #make: MakeRows<P, R>
  #root: RandomState
  readonly #copies: number
  readonly #poolSize: number
  readonly #where: string
  readonly #ifEmpty: string
  readonly #alike: PooledRowsOptions<R>['alike']
  /** Bytes and rows of the pools that rows were taken of. */
  readonly #met = { bytes: 0, rows: 0 }
  #epoch = 0
  #pool = 0
  #position = 0
  /** The pool that rows are taken from, and the one after it, which is made ahead. */
  #rows: Promise<readonly Numbered<R>[]> | undefined
  #ahead: Promise<readonly Numbered<R>[]> | undefined

  constructor(
    parts: readonly P[],
    make: MakeRows<P, R>,
    { rng, copies = 0, poolSize = POOL, where, ifEmpty, alike }: PooledRowsOptions<R>,
  ) {
    this.#where = where
    this.#ifEmpty = ifEmpty
    this.#parts = parts
    this.#make = make
    this.#root = rng.split().state()
    this.#copies = copies
    this.#poolSize = poolSize
    this.#alike = alike
  }

  /** Number of complete passes over the corpus. */
  get epoch(): number {
    return this.#epoch
  }

  /** Number of rows of an epoch, estimated from the pools that rows were taken of; undefined before the first. */
  get rowsPerEpoch(): number | undefined {
    const { bytes, rows } = this.#met
    return bytes === 0 ? undefined : (rows / bytes) * bytesOf(this.#parts)
  }

  /** @throws HeddleError `data` when a whole epoch has no row */
  async take(count: number): Promise<Numbered<R>[]> {
    const taken: Numbered<R>[] = []
    let empty = 0
    while (taken.length < count) {
      this.#rows ??= this.#read(this.#epoch, this.#pool)
      const rows = await this.#rows
      this.#ahead ??= this.#read(...this.#next())
      if (this.#position === 0) {
        this.#met.bytes += bytesOf(this.#pools(this.#epoch)[this.#pool]!)
        this.#met.rows += rows.length
      }
      const some = rows.slice(this.#position, this.#position + count - taken.length)
      taken.push(...some)
      this.#position += some.length
      empty = rows.length === 0 ? empty + 1 : 0
      if (empty > 0 && empty >= this.#pools(this.#epoch).length) {
        throw new HeddleError(
          'data',
          `${this.#where}: expected text that rows can be made of, got none${this.#ifEmpty}`,
        )
      }
      if (this.#position >= rows.length) this.#advance()
    }
    return taken
  }

  state(): PooledRowsState {
    const { epoch, pool, position } = { epoch: this.#epoch, pool: this.#pool, position: this.#position }
    return { kind: 'pooled-rows', numParts: this.#parts.length, epoch, pool, position, rng: this.#root }
  }

  /** @throws HeddleError `format` when `state` is not a state, `data` when it belongs to another corpus */
  restore(state: unknown): void {
    const { kind, numParts, epoch, pool, position, rng } = (state ?? {}) as Partial<PooledRowsState>
    const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0
    if (kind !== 'pooled-rows' || ![epoch, pool, position].every(isCount)) {
      throw new HeddleError(
        'format',
        `${this.#where}: expected a state { kind: 'pooled-rows', epoch, pool, position, … }, got ${show(state)}. The state is damaged.`,
      )
    }
    if (numParts !== this.#parts.length) {
      throw new HeddleError(
        'data',
        `${this.#where}: expected a state of a corpus in ${this.#parts.length} parts, got one in ${numParts}. Resume with the data that the run began with.`,
      )
    }
    this.#root = RandomStream.fromState(rng!).state()
    this.#epoch = epoch!
    this.#pool = pool!
    this.#position = position!
    this.#rows = undefined
    this.#ahead = undefined
  }

  #advance(): void {
    ;[this.#epoch, this.#pool] = this.#next()
    this.#position = 0
    this.#rows = this.#ahead
    this.#ahead = undefined
  }

  #next(): [epoch: number, pool: number] {
    const isLast = this.#pool + 1 >= this.#pools(this.#epoch).length
    return isLast ? [this.#epoch + 1, 0] : [this.#epoch, this.#pool + 1]
  }

  #read(epoch: number, pool: number): Promise<readonly Numbered<R>[]> {
    const rng = this.#stream(epoch, 1 + pool)
    const pools = this.#pools(epoch)
    const first = (this.#shared(epoch) * pools.length + pool) * NUMBERS
    const rows = this.#make(pools[pool]!, rng).then((made) =>
      this.#ordered(made, rng).map((row, i) => ({ ...row, number: first + i })),
    )
    // An error of a pool that is made ahead shows when its turn comes.
    rows.catch(() => {})
    return rows
  }

  /** Rows of a pool in random order, or groups of rows of similar size in random order. */
  #ordered(rows: readonly R[], rng: RandomStream): R[] {
    const shuffled = rng.shuffled(rows)
    if (this.#alike === undefined) return shuffled
    const { size, count } = this.#alike
    const groups: R[][] = []
    for (const row of shuffled.toSorted((a, b) => size(a) - size(b))) {
      if ((groups.at(-1)?.length ?? count) === count) groups.push([])
      groups.at(-1)!.push(row)
    }
    return rng.shuffled(groups).flat()
  }

  /** The parts of an epoch in their order, in pools. */
  #pools(epoch: number): P[][] {
    const pools: P[][] = []
    let size = Number.POSITIVE_INFINITY
    for (const part of this.#stream(epoch, 0).shuffled(this.#parts)) {
      if (size + part.size > this.#poolSize) {
        pools.push([])
        size = 0
      }
      pools.at(-1)!.push(part)
      size += part.size
    }
    return pools
  }

  /** The stream of draw `n` of an epoch, or of the epoch whose draws it shares. */
  #stream(epoch: number, n: number): RandomStream {
    const ofEpoch = RandomStream.fromState({ ...this.#root, splits: this.#shared(epoch) }).split()
    return RandomStream.fromState({ ...ofEpoch.state(), splits: n }).split()
  }

  #shared(epoch: number): number {
    return this.#copies === 0 ? epoch : epoch % this.#copies
  }
}

const bytesOf = (parts: readonly SizedPart[]) => parts.reduce((sum, { size }) => sum + size, 0)
