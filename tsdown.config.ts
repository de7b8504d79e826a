import { existsSync } from 'node:fs'
import { defineConfig } from 'tsdown'

/**
 * The one build configuration: every package runs `tsdown -c ../../tsdown.config.ts` in its own folder. A package's public
 * entries are src/index.ts and, where they exist, src/node.ts (what needs Node) and src/main.ts (a command).
 */
const entries = ['src/index.ts', 'src/node.ts', 'src/main.ts'].filter((file) => existsSync(file))

export default defineConfig({
  cwd: process.cwd(),
  entry: entries,
  format: 'esm',
  platform: entries.length > 1 || entries[0] !== 'src/index.ts' ? 'node' : 'neutral',
  target: 'es2022',
  fixedExtension: false,
  dts: true,
  sourcemap: true,
  clean: true,
  logLevel: 'warn',
})
