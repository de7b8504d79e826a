import { readFileSync, writeFileSync } from 'node:fs'
import { defineConfig } from 'tsdown'
import { markPure } from './tools/mark-pure.ts'

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

const entry = [...new Set([...sources, ...commands])]

// The declarations of this package alone, on those that the packages below it were built with; the workspace's tsconfig.json would emit
// all packages each time.
const tsconfig = '.tsconfig.build.json'
writeFileSync(
  tsconfig,
  JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions: { customConditions: [] }, files: entry }),
)

export default defineConfig({
  cwd: process.cwd(),
  entry,
  tsconfig,
  format: 'esm',
  platform: forNode ? 'node' : 'neutral',
  target: 'es2022',
  fixedExtension: false,
  dts: { sourcemap: false },
  sourcemap: true,
  clean: true,
  logLevel: 'warn',
  // Bundles that a script generated have files of their own, which bundlers leave out as a whole when nothing in them is used.
  outputOptions: { codeSplitting: { groups: [{ name: 'generated', test: /\/generated\/[^/]+\.js$/ }] } },
  plugins: [
    {
      name: 'mark-pure',
      // The marks stay within their lines, so the source map stays right by line.
      renderChunk(code, { fileName }) {
        if (!fileName.endsWith('.js')) return null
        return { code: markPure(code, (text) => this.parse(text)), map: null }
      },
    },
    {
      name: 'plain-typed-arrays',
      // TypeScript before 5.7 knows typed arrays without a type argument only.
      renderChunk(code, { fileName }) {
        if (!fileName.endsWith('.d.ts')) return null
        return { code: code.replaceAll(/\b(\w+Array)<ArrayBuffer(Like)?>/g, '$1'), map: null }
      },
    },
  ],
})
