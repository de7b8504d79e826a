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
    await checkCompilation()
    const bytes = shared ? withSharedMemory(binary) : binary
    const names = ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd']
    setWasmPaths(Object.fromEntries(names.map((name) => [`${name}.wasm`, BINARY_NAME])), true)
    const undo = [rememberListeners(), provideNodeNames(), provideBinary(bytes)]
    const started = await setBackend('wasm').finally(() => {
      for (const forget of undo) forget()
    })
    if (!started)
      throw new KernelError('backend', "useWasm: tfjs could not start its 'wasm' backend; its message is above.")
  } else await setBackend('wasm')
  return backend() as BackendWasm
}

/** @throws HeddleError `backend` where a policy forbids to compile WebAssembly: tfjs would wait for it for ever */
async function checkCompilation(): Promise<void> {
  try {
    await WebAssembly.compile(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))
  } catch (error) {
    throw new KernelError(
      'backend',
      `useWasm: expected to be allowed to compile WebAssembly, got "${(error as Error).message}". Add 'wasm-unsafe-eval' to script-src of the content security policy.`,
    )
  }
}

/** A name that no server has: the binary is in this package. */
const BINARY_NAME = 'heddle-tfjs-simd.wasm'

/** Lets tfjs fetch the binary from memory, without an address that a content security policy could forbid. */
function provideBinary(bytes: Uint8Array<ArrayBuffer>): () => void {
  const { platform } = env()
  const { fetch } = platform
  platform.fetch = (path, init) =>
    path === BINARY_NAME ? Promise.resolve(new Response(bytes)) : fetch.call(platform, path, init)
  return () => {
    platform.fetch = fetch
  }
}

/**
 * Emscripten's start-up code in Node asks for `__dirname` and `require`, which a program that was bundled into one ESM file
 * does not have. It uses neither for a binary that it is given.
 */
function provideNodeNames(): () => void {
  const { process } = globalThis as { process?: NodeJS.Process }
  const names = globalThis as Record<string, unknown>
  if (process?.getBuiltinModule === undefined) return () => {}
  const missing = Object.entries({ __dirname: '', require: process.getBuiltinModule }).filter(
    ([name]) => names[name] === undefined,
  )
  for (const [name, value] of missing) names[name] = value
  return () => {
    for (const [name] of missing) delete names[name]
  }
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
