/** A program of its own: looks like Deno, and prints why useWasm starts one thread. */
import { useWasm } from '../use-wasm.ts'

Object.defineProperty(process, 'versions', { value: { ...process.versions, deno: '2.9.6' } })
const messages: string[] = []
console.log(JSON.stringify(await useWasm({ threads: 2, log: (message) => messages.push(message) })))
console.log(messages.join('\n'))
