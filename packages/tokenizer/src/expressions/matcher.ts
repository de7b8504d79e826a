import { HeddleError } from '@heddle/core'
import { codePointAt, countCharacters, stepBack, unitsAt } from '../unicode/code-point.ts'
import { referenceEnd } from './back-reference.ts'
import { BacktrackStack } from './backtrack-stack.ts'
import { Failures } from './failures.ts'
import { Op, type Program } from './program.ts'
import { Surroundings } from './surroundings.ts'

/** A search may take this many steps, and this many more for each unit of the text. */
const STEPS = 5_000_000
const STEPS_PER_UNIT = 200
/** After this many steps for each unit, failures are remembered. */
const STEPS_BEFORE_TABLE = 16

// Kinds of entries on the stack; the number of the fork, span or register is in the higher bits.
const ALTERNATIVE = 0
const FAILURE = 1
const SHORTER = 2
const RESTORE = 3

/**
 * Runs a program on one text after the other, with backtracking. Places are UTF-16 units, and never within a surrogate pair.
 */
export class Matcher {
  readonly #program: Program
  readonly #registers: Int32Array
  // The second place of each fork, and the place after each span.
  readonly #forkPlaces: Int32Array
  readonly #spanPlaces: Int32Array
  // The run of each span that was looked at last.
  readonly #runStarts: Int32Array
  readonly #runEnds: Int32Array
  readonly #stack = new BacktrackStack()
  #text = ''
  #steps = 0
  #mostSteps = 0
  #stepsBeforeTable = 0
  #failures: Failures | undefined
  #triedTable = false
  #surroundings = new Surroundings('')

  constructor(program: Program) {
    this.#program = program
    this.#registers = new Int32Array(program.registers).fill(-1)
    this.#forkPlaces = new Int32Array(program.forks)
    this.#spanPlaces = new Int32Array(program.spans.length)
    for (const [pc, op] of program.ops.entries()) {
      if (op === Op.Fork) this.#forkPlaces[program.c[pc]!] = program.b[pc]!
      else if (op === Op.Span) this.#spanPlaces[program.a[pc]!] = pc + 1
    }
    this.#runStarts = new Int32Array(program.spans.length)
    this.#runEnds = new Int32Array(program.spans.length)
  }

  /** Takes the text to search from now on. */
  start(text: string): void {
    this.#text = text
    this.#stack.start(text.length)
    this.#steps = 0
    this.#mostSteps = STEPS + STEPS_PER_UNIT * text.length
    this.#stepsBeforeTable = STEPS_BEFORE_TABLE * text.length + 1000
    this.#failures = undefined
    this.#triedTable = false
    this.#surroundings = new Surroundings(text)
    this.#runStarts.fill(-1)
    this.#runEnds.fill(-1)
  }

  /** Number of steps that the search of the current text has taken so far. */
  get steps(): number {
    return this.#steps
  }

  /** Start and end of the first match at or after `from`; undefined if there is none. */
  find(from: number): [number, number] | undefined {
    const { first, keep, registers } = this.#program
    const text = this.#text
    const { length } = text
    this.#surroundings.searchStart = from
    for (let start = from; start <= length; start += start < length ? unitsAt(text, start) : 1) {
      if (first !== undefined) {
        start = first.next(text, start)
        if (start === length) return undefined
      }
      if (registers > 0) this.#registers.fill(-1)
      const end = this.#run(0, start)
      this.#stack.top = 0
      if (end >= 0) return [keep < 0 || this.#registers[keep]! < 0 ? start : this.#registers[keep]!, end]
    }
    return undefined
  }

  // The end of the first match of the program or body at `entry`, or -1.
  #run(entry: number, start: number): number {
    const { ops, a, b, c, texts, sets, assertions } = this.#program
    const text = this.#text
    const stack = this.#stack
    const base = stack.top
    let pc = entry
    let at = start
    for (;;) {
      if (++this.#steps > this.#stepsBeforeTable) this.#takeStock()
      let ok = true
      switch (ops[pc]) {
        case Op.Set: {
          if (b[pc] === 0) {
            if (at < text.length) {
              const code = codePointAt(text, at)
              ok = sets[a[pc]!]!.has(code)
              if (ok) at += code > 0xffff ? 2 : 1
            } else ok = false
          } else {
            const before = stepBack(text, at)
            ok = before >= 0 && sets[a[pc]!]!.has(codePointAt(text, before))
            if (ok) at = before
          }
          pc++
          break
        }
        case Op.Text: {
          const wanted = texts[a[pc]!]!
          if (b[pc] === 0) {
            ok = text.startsWith(wanted, at)
            if (ok) at += wanted.length
          } else {
            ok = at >= wanted.length && text.startsWith(wanted, at - wanted.length)
            if (ok) at -= wanted.length
          }
          pc++
          break
        }
        case Op.UnlessNext:
          if (at < text.length && sets[a[pc]!]!.has(codePointAt(text, at))) pc++
          else pc = b[pc]!
          break
        case Op.Span: {
          const end = this.#span(a[pc]!, at)
          ok = end >= 0
          if (ok) at = end
          pc++
          break
        }
        case Op.Fork: {
          const fork = c[pc]!
          const failures = this.#failures
          if (failures !== undefined) {
            if (failures.has(fork, at)) {
              ok = false
              break
            }
            if (entry !== 0) {
              const end = failures.end(fork, at)
              if (end >= 0) return this.#accepted(base, end, entry)
            }
          }
          stack.push2(at, fork * 4 + ALTERNATIVE)
          pc = a[pc]!
          break
        }
        case Op.Jump:
          pc = a[pc]!
          break
        case Op.Assert:
          ok = this.#surroundings.hold(assertions[a[pc]!]!, at, sets[b[pc]!])
          pc++
          break
        case Op.Look: {
          const end = this.#run(pc + 1, at)
          ok = end >= 0 === (b[pc] === 0)
          pc = a[pc]!
          break
        }
        case Op.Atomic: {
          const end = this.#run(pc + 1, at)
          ok = end >= 0
          if (ok) at = end
          pc = a[pc]!
          break
        }
        case Op.Save:
          this.#save(a[pc]!, at)
          if (b[pc] !== 0) this.#save(c[pc]!, this.#registers[b[pc]! - 1]!)
          pc++
          break
        case Op.LeaveIfEmpty:
          pc = this.#registers[a[pc]!] === at ? b[pc]! : pc + 1
          break
        case Op.BackReference: {
          const end = referenceEnd(this.#program.references[a[pc]!]!, this.#registers, text, at, b[pc] === 1)
          ok = end >= 0
          if (ok) at = end
          pc++
          break
        }
        case Op.Condition: {
          const { registers } = this.#program.references[a[pc]!]!
          pc = registers.some((register) => this.#registers[register + 1]! >= 0) ? pc + 1 : b[pc]!
          break
        }
        case Op.Accept:
          return this.#accepted(base, at, entry)
        default:
          ok = false
      }
      if (ok) continue
      // Takes back what was tried last.
      for (;;) {
        if (stack.top === base) return -1
        const tag = stack.pop()
        const number = tag >> 2
        const kind = tag & 3
        if (kind === RESTORE) this.#registers[number] = stack.pop()
        else if (kind === FAILURE) this.#failures?.add(number, stack.pop())
        else if (kind === ALTERNATIVE) {
          at = stack.pop()
          if (this.#failures !== undefined) stack.push2(at, number * 4 + FAILURE)
          pc = this.#forkPlaces[number]!
          break
        } else {
          const shorter = this.#shorter(number)
          if (shorter < 0) continue
          at = shorter
          pc = this.#spanPlaces[number]!
          break
        }
      }
    }
  }

  // Ends a run: its entries leave the stack, except those that restore registers, and what is known from them is remembered.
  #accepted(base: number, end: number, entry: number): number {
    if (entry === 0) return end
    const stack = this.#stack
    const { values } = stack
    const failures = this.#failures
    let from = stack.top
    const restores: number[] = []
    while (from > base) {
      const tag = values[--from]!
      const kind = tag & 3
      const value = values[--from]!
      if (kind === RESTORE) restores.push(tag, value)
      else if (kind === SHORTER) {
        const current = value
        const top = values[--from]!
        from--
        if (current < top) failures?.addSpan(tag >> 2, current + 1, top)
      } else failures?.setEnd(tag >> 2, value, end)
    }
    stack.top = base
    for (let i = restores.length - 2; i >= 0; i -= 2) stack.push2(restores[i + 1]!, restores[i]!)
    return end
  }

  // Takes the longest run of a span; shorter ones stay on the stack.
  #span(number: number, at: number): number {
    const { set, min, max, possessive } = this.#program.spans[number]!
    const text = this.#text
    let end: number
    if (max !== Number.POSITIVE_INFINITY) {
      end = set.runEnd(text, at, max)
      this.#steps += (end - at) >> 3
    } else if (at >= this.#runStarts[number]! && at < this.#runEnds[number]!) end = this.#runEnds[number]!
    else {
      end = set.runEnd(text, at, max)
      this.#runStarts[number] = at
      this.#runEnds[number] = end
    }
    const least = min === 0 ? at : min === 1 ? (at < end ? at + unitsAt(text, at) : -1) : set.runEnd(text, at, min)
    if (least < 0 || (min > 1 && countCharacters(text, at, least) < min)) return -1
    if (possessive || least === end) return end
    const failures = this.#failures
    let current = end
    if (failures !== undefined && failures.highs[number] === end) {
      const low = failures.lows[number]!
      if (low <= least) return -1
      current = stepBack(text, low)
    }
    if (current > least) this.#stack.push4(least, end, current, number * 4 + SHORTER)
    return current
  }

  // The next shorter run of the span on top of the stack, or -1.
  #shorter(number: number): number {
    const stack = this.#stack
    const current = stack.pop()
    const end = stack.pop()
    const least = stack.pop()
    if (current <= least) {
      this.#failures?.addSpan(number, least, end)
      return -1
    }
    const shorter = stepBack(this.#text, current)
    // Stays on the stack after the last one too, to remember that all have failed.
    stack.push4(least, end, shorter, number * 4 + SHORTER)
    return shorter
  }

  #save(register: number, value: number): void {
    this.#stack.push2(this.#registers[register]!, register * 4 + RESTORE)
    this.#registers[register] = value
  }

  // Called for each step after the first ones: failures are remembered from now on, and there is a limit.
  #takeStock(): void {
    if (!this.#triedTable) {
      this.#triedTable = true
      this.#failures = Failures.for(this.#program, this.#text.length)
    }
    if (this.#steps > this.#mostSteps) {
      throw new HeddleError(
        'data',
        `regular expression: expected a search of at most ${this.#mostSteps} steps for a text of ${this.#text.length} units, got more. ` +
          'Use an expression without nested repetitions, or split the text.',
      )
    }
  }
}
