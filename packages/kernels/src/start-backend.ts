import { type BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { backend, engine, env, setBackend } from '@tensorflow/tfjs-core'
import { unpack } from './embedded.ts'
import { KernelError } from './errors.ts'
import { withSharedMemory } from './shared-memory.ts'

/**
 * Starts tfjs's 'wasm' backend on its own SIMD binary, which we carry along, or takes the one that runs already.
 *
 * @param shared let its memory be one that other threads can use too
 */
export async function startBackend(shared: boolean): Promise<BackendWasm> {
  if (engine().registry['wasm'] === undefined) {
    const binary = await unpack((await import('./generated/tfjs-simd.ts')).default)
    if (!WebAssembly.validate(binary)) {
      throw new KernelError(
        'backend',
        'useWasm: expected an engine with WebAssembly SIMD, got one without. Use a newer one, or the cpu backend.',
      )
    }
    // tfjs would start eight workers of its own for its threaded binary; our workers share the memory of the plain one.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
    const bytes = shared ? withSharedMemory(binary) : binary
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/wasm' }))
    const names = ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd']
    setWasmPaths(Object.fromEntries(names.map((name) => [`${name}.wasm`, url])), true)
    const forget = rememberListeners()
    const started = await setBackend('wasm')
    forget()
    URL.revokeObjectURL(url)
    if (!started)
      throw new KernelError('backend', "useWasm: tfjs could not start its 'wasm' backend; its message is above.")
  } else await setBackend('wasm')
  return backend() as BackendWasm
}

/**
 * Emscripten's start-up code listens for uncaught errors of the whole program only to throw them again, which hides where
 * they come from. The returned function removes what was added since.
 */
function rememberListeners(): () => void {
  const { process } = globalThis as { process?: NodeJS.Process }
  if (typeof process?.listeners !== 'function') return () => {}
  const events = ['uncaughtException', 'unhandledRejection']
  const before = events.map((event) => new Set(process.listeners(event as 'uncaughtException')))
  return () => {
    events.forEach((event, i) => {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[i]!.has(listener)) process.removeListener(event, listener)
      }
    })
  }
}
