/**
 * Runs tfjs-core's own tests of operations against our backend.
 *
 * usage: node --conditions=source scripts/conformance.ts [--all | file ...] [--json] [--stock]
 * --stock leaves our kernels out, to tell which failures are tfjs's own.
 * Files are names under tfjs-core's dist/ops without `_test.js`; by default those of the operations that we add or replace.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { build } from 'esbuild'
import jasmineCore from 'jasmine-core'
import { useWasm } from '../src/use-wasm.ts'

/** The test files of the operations that src/all-kernels.ts names. */
const replaced = [
  'abs add arithmetic avg_pool broadcast_to ceil clone concat conv1d conv2d conv2d_separable conv2d_transpose',
  'cumsum depthwise_conv2d dot einsum elu equal erf exp floor fused_conv2d fused_depthwise_conv2d fused_mat_mul',
  'gather greater greater_equal leaky_relu less less_equal linalg log log_softmax logical_and logical_or',
  'logical_xor logsumexp mat_mul max max_pool maximum mean min minimum moments neg norm not_equal outer pool pow',
  'reciprocal relu relu6 reverse reverse_1d reverse_2d reverse_3d reverse_4d rsqrt segment sigmoid slice slice1d',
  'slice2d slice3d slice4d softmax split sqrt square squared_difference stack step strided_slice sub sum tanh',
  'tile transpose unstack where',
].flatMap((line) => line.split(' '))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, json: { type: 'boolean' }, stock: { type: 'boolean' } },
})

const core = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'))
const available = (await readdir(join(core, 'dist/ops'), { recursive: true }))
  .filter((file) => file.endsWith('_test.js'))
  .map((file) => file.slice(0, -'_test.js'.length))
const wanted = positionals.length > 0 ? positionals : values.all ? available : replaced
const files = available.filter((name) => wanted.some((file) => file === name || file === basename(name)))

/** In place of tfjs-core's own: one environment, and no reset of the engine, which would take our backend away. */
const jasmineUtil = `
import { env } from '${join(core, 'dist/environment.js')}'
import { ENGINE } from '${join(core, 'dist/engine.js')}'
const testEnv = { name: 'wasm', backendName: 'wasm', flags: {}, isDataSync: true }
export const ALL_ENVS = {}
export const SYNC_BACKEND_ENVS = { predicate: (e) => e.isDataSync }
export const NODE_ENVS = { predicate: () => env().platformName === 'node' }
export const BROWSER_ENVS = { predicate: () => env().platformName === 'browser' }
export const CHROME_ENVS = { flags: { IS_CHROME: true } }
export function describeWithFlags(name, constraints, tests) {
  if (Object.entries(constraints?.flags ?? {}).some(([flag, value]) => env().get(flag) !== value)) return
  if (constraints?.predicate && !constraints.predicate(testEnv)) return
  describe(name, () => {
    // What ENGINE.reset() does, but for the backend.
    beforeAll(() => {
      ENGINE.state.dispose()
      ENGINE.state = new ENGINE.state.constructor()
    })
    beforeEach(() => ENGINE.startScope())
    afterEach(() => {
      ENGINE.endScope()
      ENGINE.disposeVariables()
    })
    tests(testEnv)
  })
}
`

interface Spec {
  readonly fullName: string
  readonly status: string
  readonly failedExpectations: readonly { readonly message: string }[]
}

const firstMessages = ({ fullName, failedExpectations }: Spec) => ({
  name: fullName,
  messages: failedExpectations.map(({ message }) => message.split('\n')[0]!),
})

const folder = await mkdtemp(join(tmpdir(), 'heddle-conformance-'))
const description = values.stock ? 'stock' : await useWasm()
if (values.stock) {
  const stock = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))
  setWasmPaths(`${join(stock, 'dist')}/`)
  await tf.setBackend('wasm')
}
tf.env().set('IS_TEST', true)
const failures: Spec[] = []
let passed = 0
let skipped = 0
try {
  await build({
    stdin: {
      contents: [
        'public/chained_ops/register_all_chained_ops',
        'register_all_gradients',
        ...files.map((file) => `ops/${file}_test`),
      ]
        .map((file) => `import '${join(core, 'dist', file)}.js'`)
        .join('\n'),
      resolveDir: core,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    // The package says that importing its files does nothing; for tests it is all that they do.
    ignoreAnnotations: true,
    outfile: join(folder, 'tests.mjs'),
    logLevel: 'error',
    plugins: [
      {
        name: 'jasmine-util',
        setup({ onLoad }) {
          onLoad({ filter: /dist\/jasmine_util\.js$/ }, () => ({ contents: jasmineUtil, loader: 'js' }))
        },
      },
    ],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  const environment = jasmineCore.boot().getEnv()
  environment.configure({ random: false })
  environment.addReporter({
    specDone(spec: Spec) {
      if (spec.status === 'passed') passed++
      else if (spec.status === 'failed') failures.push(spec)
      else skipped++
    },
  })
  await import(pathToFileURL(join(folder, 'tests.mjs')).href)
  await environment.execute()
} finally {
  await rm(folder, { recursive: true })
}

if (values.json) {
  console.log(
    JSON.stringify({ description, files: files.length, passed, skipped, failed: failures.map(firstMessages) }),
  )
} else {
  for (const { name, messages } of failures.map(firstMessages))
    console.log(`failed: ${name}\n  ${messages.join('\n  ')}`)
  console.log(
    `${files.length} files on ${JSON.stringify(description)}: ${passed} passed, ${failures.length} failed, ${skipped} skipped`,
  )
}
