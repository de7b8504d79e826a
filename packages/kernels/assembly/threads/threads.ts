// Work on several threads. Every thread runs an instance of this module on the same memory; a control block there holds the
// job at hand. Workers sleep in `atomic.wait` between jobs, after a short spin, since the next job is often near.
//
// Entering a job: STATE counts the workers inside and has a bit that says that the job is over. A worker that wakes too
// late finds the bit and goes back to sleep, so that nobody waits for it.

import { runJob } from '../generated/jobs'

/** The control block: byte offsets, on cache lines of their own where several threads write. */
export const enum Control {
  /** Raised for every job; sleeping workers wait for it. */
  GENERATION = 0,
  /** Number of workers that sleep on GENERATION. */
  SLEEPING = 64,
  /** Workers inside the job, and CLOSED. */
  STATE = 128,
  /** The next part of a `parallelFor`. */
  NEXT = 192,
  /** Workers that are through with an `everyThread`. */
  DONE = 256,
  /** Threads that have come to the barrier, and how many times it has opened. */
  ARRIVED = 320,
  PHASE = 384,
  /** Set by a worker that has crashed. */
  FAILED = 448,
  // The job: its number, arguments, parts, and a serial number.
  JOB = 512,
  ARGUMENTS = 516,
  TOTAL = 520,
  GRAIN = 524,
  SERIAL = 528,
}

// @ts-ignore: decorator
@inline const CLOSED: i32 = 1 << 30
/** TOTAL of a job for every thread. */
// @ts-ignore: decorator
@inline const EVERY_THREAD: i32 = -1

// How many times a thread looks at a value before it sleeps: some ten microseconds inside of a job, and about what waking
// up costs, fifty, between jobs.
// @ts-ignore: decorator
@inline const SPINS: i32 = 20000
// @ts-ignore: decorator
@inline const IDLE_SPINS: i32 = 80000
/** The same number after a job that is soon followed by another one of its kind: about a millisecond. */
// @ts-ignore: decorator
@inline const LONG_SPINS: i32 = 1600000
// @ts-ignore: decorator
@inline const NANOSECONDS_BETWEEN_CHECKS: i64 = 100000000
// A job that makes no progress for a minute or so has lost a worker: this number of checks, or rounds of spins where the thread may
// not sleep.
// @ts-ignore: decorator
@inline const CHECKS: i32 = 600
// @ts-ignore: decorator
@inline const ROUNDS: i32 = 6000000

/** Number of threads that `parallelFor` and `everyThread` use when called now: 1 inside of a job. */
export let threadCount: i32 = 1

let control: usize = 0
let poolSize: i32 = 1
/** A browser's window may not sleep; it spins instead. */
let maySleep: bool = false
/** Number of times that this thread looks for the next job before it sleeps. */
let idleSpins: i32 = IDLE_SPINS
/** Threads in the job at hand that meet at the barrier. */
let companions: i32 = 1

/** @entry Bytes of a control block; it has to be all zero at first. */
export function controlBytes(): usize {
  return 576
}

/** @entry Tells the main thread's instance of its pool. */
export function startPool(address: usize, threads: i32, mainMaySleep: bool): void {
  control = address
  poolSize = threads
  threadCount = threads
  maySleep = mainMaySleep
  atomic.store<i32>(control + Control.STATE, CLOSED)
}

/**
 * Runs job(args, begin, end) over parts of 0 … total and returns when all are done. Parts have `grain` elements, the last
 * one may have fewer. A thread that is done early takes the next part, so that which thread runs a part is not fixed.
 */
export function parallelFor(job: i32, args: usize, total: i32, grain: i32): void {
  if (threadCount == 1 || total <= grain) {
    if (total > 0) runJob(job, args, 0, total)
    return
  }
  open(job, args, total, grain)
  takeParts(job, args, total, grain)
  close()
}

/** Runs job(args, thread, threads) once on every thread at the same time; such a job may call `barrier`. */
export function everyThread(job: i32, args: usize): void {
  if (threadCount == 1) {
    runJob(job, args, 0, 1)
    return
  }
  atomic.store<i32>(control + Control.DONE, 0)
  open(job, args, EVERY_THREAD, 0)
  companions = poolSize
  runJob(job, args, 0, poolSize)
  companions = 1
  awaitValue(Control.DONE, poolSize - 1)
  close()
}

/** Inside a job of `everyThread`: waits until all threads have come here. */
export function barrier(): void {
  if (companions == 1) return
  const phase = atomic.load<i32>(control + Control.PHASE)
  if (atomic.add<i32>(control + Control.ARRIVED, 1) == companions - 1) {
    atomic.store<i32>(control + Control.ARRIVED, 0)
    atomic.add<i32>(control + Control.PHASE, 1)
    atomic.notify(control + Control.PHASE, companions)
  } else awaitChange(Control.PHASE, phase)
}

/**
 * Inside a job: this thread watches longer than usual for the next one. For jobs that follow each other with other work in between,
 * where waking up would take a good part of the next.
 */
export function watchLonger(): void {
  idleSpins = LONG_SPINS
}

/** @entry A worker's life: the thread with this number, 1 … threads - 1, serves jobs for ever. */
export function serve(address: usize, thread: i32, threads: i32): void {
  control = address
  poolSize = threads
  maySleep = true
  let seen = 0
  let lastSerial = 0
  while (true) {
    awaitGeneration(seen)
    seen = atomic.load<i32>(control + Control.GENERATION)
    if (!(atomic.add<i32>(control + Control.STATE, 1) & CLOSED)) {
      const serial = i32.load(control + Control.SERIAL)
      if (serial != lastSerial) {
        lastSerial = serial
        work(thread)
      }
    }
    if ((atomic.sub<i32>(control + Control.STATE, 1) & ~CLOSED) == 1) atomic.notify(control + Control.STATE, 1)
  }
}

function work(thread: i32): void {
  const job = i32.load(control + Control.JOB)
  const args = <usize>i32.load(control + Control.ARGUMENTS)
  const total = i32.load(control + Control.TOTAL)
  if (total == EVERY_THREAD) {
    companions = poolSize
    runJob(job, args, thread, poolSize)
    companions = 1
    atomic.add<i32>(control + Control.DONE, 1)
    atomic.notify(control + Control.DONE, 1)
  } else takeParts(job, args, total, i32.load(control + Control.GRAIN))
}

function takeParts(job: i32, args: usize, total: i32, grain: i32): void {
  while (true) {
    const begin = atomic.add<i32>(control + Control.NEXT, grain)
    if (begin >= total) return
    runJob(job, args, begin, min(total, begin + grain))
  }
}

function open(job: i32, args: usize, total: i32, grain: i32): void {
  if (atomic.load<i32>(control + Control.FAILED)) unreachable()
  threadCount = 1
  i32.store(control + Control.JOB, job)
  i32.store(control + Control.ARGUMENTS, <i32>args)
  i32.store(control + Control.TOTAL, total)
  i32.store(control + Control.GRAIN, grain)
  i32.store(control + Control.SERIAL, i32.load(control + Control.SERIAL) + 1)
  atomic.store<i32>(control + Control.NEXT, 0)
  atomic.and<i32>(control + Control.STATE, ~CLOSED)
  atomic.add<i32>(control + Control.GENERATION, 1)
  if (atomic.load<i32>(control + Control.SLEEPING) > 0) atomic.notify(control + Control.GENERATION, poolSize)
}

/** Shuts the job and waits for the workers inside: afterwards nobody reads its arguments or writes its results. */
function close(): void {
  atomic.or<i32>(control + Control.STATE, CLOSED)
  awaitValue(Control.STATE, CLOSED)
  threadCount = poolSize
}

function awaitGeneration(seen: i32): void {
  const spins = idleSpins
  idleSpins = IDLE_SPINS
  for (let i = 0; i < spins; i++) {
    if (atomic.load<i32>(control + Control.GENERATION) != seen) return
  }
  atomic.add<i32>(control + Control.SLEEPING, 1)
  while (atomic.load<i32>(control + Control.GENERATION) == seen) atomic.wait<i32>(control + Control.GENERATION, seen, -1)
  atomic.sub<i32>(control + Control.SLEEPING, 1)
}

function awaitValue(offset: usize, wanted: i32): void {
  while (true) {
    const value = atomic.load<i32>(control + offset)
    if (value == wanted) return
    awaitChange(offset, value)
  }
}

/** Returns when the value is no longer `value`; traps when a worker has crashed. */
function awaitChange(offset: usize, value: i32): void {
  const address = control + offset
  let left = maySleep ? CHECKS : ROUNDS
  while (true) {
    for (let i = 0; i < SPINS; i++) {
      if (atomic.load<i32>(address) != value) return
    }
    if (atomic.load<i32>(control + Control.FAILED)) unreachable()
    const timedOut = !maySleep || atomic.wait<i32>(address, value, NANOSECONDS_BETWEEN_CHECKS) == 2
    if (timedOut && --left == 0) {
      atomic.store<i32>(control + Control.FAILED, 1)
      unreachable()
    }
  }
}
