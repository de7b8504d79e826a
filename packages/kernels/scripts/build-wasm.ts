import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import zopfli from '@gfx/zopfli'
import asc, { version } from 'assemblyscript/asc'
import { borderSource } from './border-source.ts'
import { comparisonSource, comparisonsModule } from './comparison-source.ts'
import { elementwiseSource, operationsModule } from './elementwise-source.ts'
import { entrySource, jobIdsSource, jobsSource } from './jobs-source.ts'
import { kernelListSource } from './kernel-list.ts'
import { readAssembly } from './read-assembly.ts'
import { tileSource } from './tile-source.ts'
import { unusedExports } from './unused-exports.ts'
import { withoutExports } from './without-exports.ts'

/**
 * Compiles assembly/ into the two binaries and writes them as TypeScript modules of base64 text under src/generated/, with
 * tfjs's own SIMD binary, from which the functions are left out that our kernels replace: no bundler needs to be told about
 * .wasm files then, and no application about paths. Beside them go the TypeScript side of the border (exports.ts) and the
 * names of element-wise operations; src/all-kernels.ts lists the kernels.
 */

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const generated = join(root, 'src/generated')

const sources = await readSources()
const assembly = readAssembly(sources)

/** Sources that are written by a program, by the name under which assembly/ imports them. */
const generatedSources: Readonly<Record<string, string>> = {
  'assembly/generated/tiles.ts': tileSource(
    [16, 8].flatMap((columns) => [1, 2, 3, 4, 5, 6].map((rows) => [rows, columns] as const)),
    [16, 8].map((columns) => [4, columns] as const),
  ),
  'assembly/generated/elementwise.ts': elementwiseSource(),
  'assembly/generated/comparisons.ts': comparisonSource(),
  'assembly/generated/job-ids.ts': jobIdsSource(assembly),
  'assembly/generated/jobs.ts': jobsSource(assembly),
  'assembly/generated/entries.ts': entrySource(assembly),
}

/** All sources, by their path in assembly/ without the extension. */
async function readSources(): Promise<Map<string, string>> {
  const folder = join(root, 'assembly')
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'))
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return new Map(files.map((file, i) => [file.replaceAll('\\', '/').slice(0, -3), texts[i]!]))
}

async function compile(name: string, flags: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const messages: string[] = []
  const { error } = await asc.main(
    [
      'assembly/generated/entries.ts',
      ...['--outFile', `${name}.wasm`, '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
      // tfjs's memory: 64 Ki pages at most. The loader turns the import into a shared one where threads are used.
      ...['--importMemory', '--maximumMemory', '65536', '--enable', 'simd,threads,bulk-memory'],
      // The warning that v128 cannot cross to JavaScript: none of ours does.
      ...['--disableWarning', '112'],
      ...flags,
    ],
    {
      stdout: { write: () => true },
      stderr: { write: (text: unknown) => messages.push(String(text)) > 0 },
      readFile: async (file, baseDir) => {
        return generatedSources[file] ?? readFile(resolve(baseDir, file), 'utf8').catch(() => null)
      },
      writeFile: (file, contents) => {
        if (file.endsWith('.wasm')) binary = contents as Uint8Array
      },
      listFiles: () => [],
    },
  )
  if (messages.length > 0) console.error(messages.join(''))
  if (error !== null || binary === undefined) throw error ?? new Error(`build-wasm: no binary for ${name}`)
  refuseStaticData(name, binary)
  return binary
}

/** A data segment would overwrite tfjs's memory. */
function refuseStaticData(name: string, binary: Uint8Array): void {
  const DATA_SECTION = 11
  let position = 8
  while (position < binary.length) {
    const id = binary[position++]
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = binary[position++]!
      length |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    if (id === DATA_SECTION && binary[position] !== 0) {
      throw new Error(`build-wasm: ${name} has static data. Remove strings, static arrays and function values.`)
    }
    position += length
  }
}

async function embed(name: string, binary: Uint8Array, notice = ''): Promise<void> {
  const text = Buffer.from(await zopfli.gzipAsync(binary, { numiterations: 5 })).toString('base64')
  await writeFile(join(generated, `${name}.ts`), `${notice}export default '${text}'\n`)
  console.log(`${name}: ${binary.length} bytes, ${text.length} as text`)
}

/** Compiles and embeds, unless that has been done with the same sources, flags and compiler. */
async function compileAndEmbed(name: string, flags: readonly string[]): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify([...sources, generatedSources, flags, version, 'zopfli']))
  const notice = `// Compiled from ${hash.digest('hex')}.\n`
  if (await isEmbedded(name, notice)) console.log(`${name}: unchanged`)
  else await embed(name, await compile(name, flags), notice)
}

async function isEmbedded(name: string, notice: string): Promise<boolean> {
  const present = await readFile(join(generated, `${name}.ts`), 'utf8').catch(() => '')
  return present.startsWith(notice)
}

await mkdir(generated, { recursive: true })
await writeFile(join(generated, 'operations.ts'), operationsModule() + comparisonsModule())
await writeFile(join(generated, 'exports.ts'), borderSource(assembly))
await writeFile(join(root, 'src/all-kernels.ts'), await kernelListSource(join(root, 'src')))
await compileAndEmbed('kernels-simd', [])
await compileAndEmbed('kernels-relaxed-simd', ['--enable', 'relaxed-simd'])
const tfjs = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))
const tfjsVersion = JSON.parse(await readFile(join(tfjs, 'package.json'), 'utf8')).version
const { allKernels } = await import('../src/all-kernels.ts')
const unused = await unusedExports(allKernels, tfjs)
const tfjsNotice = `/* A binary of @tensorflow/tfjs-backend-wasm ${tfjsVersion}, Copyright Google LLC, Apache License 2.0. Changed: left out are ${unused.join(', ')}. */\n`
if (await isEmbedded('tfjs-simd', tfjsNotice)) console.log('tfjs-simd: unchanged')
else {
  const binary = await readFile(join(tfjs, 'dist/tfjs-backend-wasm-simd.wasm'))
  await embed('tfjs-simd', withoutExports(binary, unused), tfjsNotice)
}
