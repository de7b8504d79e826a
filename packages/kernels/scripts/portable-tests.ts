/**
 * Runs the tests of the kernels where vitest does not run: in other versions of Node and in headless Chromium.
 *
 * usage: node --conditions=source scripts/portable-tests.ts [--node PATH ...] [--chromium PATH ...] [--options JSON]
 *        [--files PART]
 * Only the test files whose path contains PART are run. The options are those of useWasm; with "exact" the results of all runs have to agree in every bit. Chromium runs the
 * tests twice: in a page, and in a worker of a page.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { build, type Plugin } from 'esbuild'
import { runInChromium } from '../../../tools/browser/run-in-chromium.ts'

const { values } = parseArgs({
  options: {
    node: { type: 'string', multiple: true, default: [] },
    chromium: { type: 'string', multiple: true, default: [] },
    options: { type: 'string', default: '{}' },
    files: { type: 'string', default: '' },
  },
})

interface Report {
  readonly description: { readonly exact?: boolean }
  readonly passed: number
  /** Hashes of the results of a set of operations. */
  readonly digests?: readonly string[]
  readonly failures: readonly { readonly name: string; readonly message: string }[]
}

const source = fileURLToPath(new URL('../src/', import.meta.url))
const all = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.test.ts')).sort()
// Not those that start processes, or choose the options themselves.
const processes = /from 'node:|run-program|rejects\.toThrow\(\/useWasm/
const texts = await Promise.all(all.map((file) => readFile(join(source, file), 'utf8')))
const files = all.filter((file, i) => file.includes(values.files) && !processes.test(texts[i]!))

const runner = fileURLToPath(new URL('../src/testing/portable-runner.ts', import.meta.url))

const replaceVitest: Plugin = {
  name: 'replace-vitest',
  setup({ onResolve }) {
    onResolve({ filter: /^vitest$/ }, () => ({ path: runner }))
  },
}

/** All tests in one file, split where the embedded binaries are imported lazily. */
async function bundle(folder: string, platform: 'node' | 'browser'): Promise<void> {
  await build({
    stdin: {
      contents: [
        "import { useWasm } from './use-wasm.ts'",
        "import { digests } from './testing/digests.ts'",
        "import { runTests } from './testing/portable-runner.ts'",
        ...files.map((file) => `import './${file}'`),
        'const messages = []',
        'export async function run(options) {',
        '  const description = await useWasm({ ...options, log: (message) => messages.push(message) })',
        '  return { description: { ...description, messages }, ...(await runTests()), digests: digests() }',
        '}',
      ].join('\n'),
      resolveDir: source,
    },
    bundle: true,
    splitting: true,
    // The package says that importing its files does nothing; for tests it is all that they do.
    ignoreAnnotations: true,
    format: 'esm',
    platform,
    target: 'es2022',
    conditions: ['source'],
    entryNames: 'tests',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    logLevel: 'error',
    plugins: [replaceVitest],
    ...(platform === 'node'
      ? {
          banner: {
            js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __filename = import.meta.filename, __dirname = import.meta.dirname;",
          },
        }
      : {}),
  })
}

async function inNode(executable: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-portable-'))
  try {
    await bundle(folder, 'node')
    const program = `import('${join(folder, 'tests.mjs')}').then(({ run }) => run(${values.options})).then((report) => console.log(JSON.stringify(report)))`
    const { stdout } = await promisify(execFile)(executable, ['-e', program], { maxBuffer: 1e8 })
    const { stdout: version } = await promisify(execFile)(executable, ['--version'])
    show(`node ${version.trim()}`, JSON.parse(stdout.trim().split('\n').at(-1)!) as Report)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const RUN = `import('/tests.mjs').then(({ run }) => run(${values.options})).catch((error) => ({ description: {}, passed: 0, failures: [{ name: 'start', message: String(error?.stack ?? error) }] })).then((report) => fetch('/report', { method: 'POST', body: JSON.stringify(report) }))`

const pages: Readonly<Record<string, string>> = {
  '/window.html': `<!doctype html><script type="module">${RUN}</script>`,
  '/worker.html': '<!doctype html><script type="module">new Worker("/worker.mjs", { type: "module" })</script>',
}

async function inChromium(executable: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-portable-'))
  try {
    await bundle(folder, 'browser')
    for (const page of Object.keys(pages)) {
      const report = await runInChromium(executable, page, (path) =>
        path === '/worker.mjs' ? RUN : (pages[path] ?? readFile(join(folder, path)).catch(() => undefined)),
      )
      show(`chromium, ${page.replace(/^.|\.html$/g, '')}`, report as Report)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Of the first run; exact runs have to agree with it in every bit. */
let exactDigests: readonly string[] | undefined

function show(where: string, { description, passed, failures, digests = [] }: Report): void {
  if (description.exact === true) {
    exactDigests ??= digests
    const different = digests.filter((digest, i) => digest !== exactDigests![i])
    if (different.length > 0 || digests.length !== exactDigests.length) {
      console.log(`failed: exact results differ from those of the first run:\n  ${different.join('\n  ')}`)
      process.exitCode = 1
    }
  }

  for (const { name, message } of failures) console.log(`failed: ${name}\n  ${message}`)
  console.log(
    `${where} ${JSON.stringify(description)}: ${passed} passed, ${failures.length} failed, ${digests.length} digests`,
  )
  if (failures.length > 0) process.exitCode = 1
}

for (const executable of values.node) await inNode(executable)
for (const executable of values.chromium) await inChromium(executable)
