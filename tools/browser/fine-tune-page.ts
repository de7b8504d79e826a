/** A page whose worker fine-tunes, while a timer on the page tells how long the page itself was held up at most. */
const worker = new Worker('/fine-tune-worker.js', { type: 'module' })

let ticks = 0
let longestGap = 0
let last = 0
worker.onmessage = ({ data }) => {
  if (data === 'ready') {
    last = performance.now()
    setInterval(() => {
      const now = performance.now()
      longestGap = Math.max(longestGap, now - last)
      last = now
      ticks++
    }, 5)
    return
  }
  void fetch('/report', { method: 'POST', body: JSON.stringify({ ...data, ticks, longestGap }) })
}
worker.onerror = ({ message }) => void fetch('/report', { method: 'POST', body: JSON.stringify({ error: message }) })
