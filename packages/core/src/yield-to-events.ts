/** Lets waiting events (timers, signals, a page's clicks) be handled: at once where there is setImmediate, as in Node. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
