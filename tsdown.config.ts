import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsdown'

/**
 * The one build configuration: every package runs `tsdown -c ../../tsdown.config.ts` in its own folder. The entries are the
 * sources that `exports` and `bin` of its package.json name: src/index.ts, further suites or parts, src/node.ts for what needs
 * Node, src/main.ts for a command.
 */
interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly source?: string }>>
  readonly bin?: Readonly<Record<string, string>>
}

const { exports = {}, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const sources = Object.values(exports).flatMap((target) =>
  typeof target === 'object' && target.source !== undefined ? [target.source.replace('./', '')] : [],
)
const commands = Object.values(bin).map((file) => file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))
const forNode = commands.length > 0 || sources.includes('src/node.ts')

export default defineConfig({
  cwd: process.cwd(),
  entry: [...new Set([...sources, ...commands])],
  format: 'esm',
  platform: forNode ? 'node' : 'neutral',
  target: 'es2022',
  fixedExtension: false,
  dts: { sourcemap: false },
  sourcemap: true,
  clean: true,
  logLevel: 'warn',
})
