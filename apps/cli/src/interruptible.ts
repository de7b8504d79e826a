/** Tells a command that the user wants it to stop. */
export interface Interruption {
  /** Aborts at the first signal once {@link Interruption.hold} was called. */
  readonly signal: AbortSignal
  /** From now on the first signal asks the command to stop by itself; before, it ends the process. */
  hold(): void
}

/** Shows the cursor, which a progress bar hides. */
const SHOW_CURSOR = '\x1b[?25h'

/**
 * Runs a command that Ctrl-C may interrupt. Until the command has something to save, the first signal ends the process; then the
 * first one asks it to stop, and the second one ends the process.
 */
export async function interruptible(command: (interruption: Interruption) => Promise<number>): Promise<number> {
  const controller = new AbortController()
  let holds = false
  const interrupt = (name: NodeJS.Signals) => {
    if (holds && !controller.signal.aborted) {
      controller.abort()
      return
    }
    for (const stream of [process.stdout, process.stderr]) if (stream.isTTY) stream.write(SHOW_CURSOR)
    // The code by which a shell knows the signal.
    process.exit(name === 'SIGTERM' ? 143 : 130)
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await command({
      signal: controller.signal,
      hold: () => {
        holds = true
      },
    })
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
