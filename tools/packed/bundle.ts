import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { run } from './run.ts'

const PROGRAM = `
import { useWasm } from '@heddle/kernels'
import { Linear } from '@heddle/layers'
import { RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
await useWasm()
const linear = new Linear({ inputSize: 3, outputSize: 2 }, new RandomStream(1))
console.log(tf.getBackend(), linear.forward(tf.ones([4, 3])).shape.join())
process.exit(0)
`

/** Bundles a Node program into one ESM file and runs it where there are no packages. @returns what is wrong */
export async function runBundle(installed: string, folder: string): Promise<string[]> {
  mkdirSync(folder)
  const [source, bundle] = [join(installed, 'program.mjs'), join(folder, 'program.mjs')]
  writeFileSync(source, PROGRAM)
  await build({
    entryPoints: [source],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // tfjs-core requires Node's modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    logLevel: 'error',
  })
  const { code, output } = await run(folder, [process.execPath, bundle])
  return code === 0 && output.includes('wasm 4,2') ? [] : [output]
}
