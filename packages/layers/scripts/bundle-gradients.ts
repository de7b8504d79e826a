/**
 * Bundles tfjs-core's gradient definitions into one module. tfjs-core ships them only as files that Node's ESM loader cannot
 * resolve (extensionless imports); the bundle shares the engine and the registries with the installed tfjs-core through its
 * process-wide globals.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('../src/generated/', import.meta.url))
await mkdir(folder, { recursive: true })
await build({
  stdin: {
    contents: `export function registerAllGradients() { require('@tensorflow/tfjs-core/dist/register_all_gradients.js') }`,
    resolveDir: fileURLToPath(new URL('..', import.meta.url)),
  },
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module'],
  minify: true,
  legalComments: 'none',
  banner: { js: '/* Contains parts of @tensorflow/tfjs-core, Copyright Google LLC, Apache License 2.0. */' },
  outfile: `${folder}gradients.js`,
})
await writeFile(`${folder}gradients.d.ts`, 'export declare function registerAllGradients(): void\n')
