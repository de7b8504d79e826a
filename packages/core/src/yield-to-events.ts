/** Lets waiting events run, such as timers, signals and a page's clicks. Takes no time where setImmediate exists, as in Node. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
