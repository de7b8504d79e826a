/**
 * A program of its own: prints what `useWasm` says with the options given as JSON, then a hash of the results of every kind
 * of operation.
 *
 * usage: node --conditions=source digest.ts '{"threads": 2, "exact": true}'
 */
import { type UseWasmOptions, useWasm } from '../use-wasm.ts'
import { digests } from './digests.ts'

console.log(JSON.stringify(await useWasm(JSON.parse(process.argv[2] ?? '{}') as UseWasmOptions)))
for (const line of digests()) console.log(line)
