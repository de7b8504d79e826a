/**
 * The program of a worker thread, as text: it runs in Node (CommonJS) and in browsers without a file of its own.
 *
 * It instantiates our module on the shared memory, says so, and serves jobs for ever. Should it crash, it raises the flag
 * in the control block that waiting threads look at, wakes them, and reports why.
 */
export const workerSource = `'use strict'
const serve = ({ module, memory, scratch, control, failed, tile, thread, threads }, post) => {
  try {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    exports.setScratch(scratch)
    exports.setTile(tile[0], tile[1])
    post({ ready: true })
    exports.serve(control, thread, threads)
  } catch (error) {
    Atomics.store(new Int32Array(memory.buffer), (control + failed) / 4, 1)
    post({ error: String(error) })
  }
}
if (typeof require === 'function' && typeof process === 'object') {
  const { parentPort, workerData } = require('node:worker_threads')
  serve(workerData, (message) => parentPort.postMessage(message))
} else self.onmessage = ({ data }) => serve(data, (message) => self.postMessage(message))
`
