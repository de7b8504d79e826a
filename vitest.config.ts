import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** File that CI reads the counts from, as JSON. */
const report = process.env['HEDDLE_TEST_REPORT']

const conditions = ['source', 'node', 'import', 'module', 'default']

/** Runs files that take long first, so that no worker begins one when the others are done; files of one project stay together. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => ORDER.indexOf(file.project.name)
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => rank(a) - rank(b))
  }
}

const ORDER = ['training', 'process', 'kernels', 'unit', 'parity']

/** Suffixes that put a file into another project than `unit`. */
const suffixes = ['training', 'process', 'parity'].map((project) => `**/*.${project}.test.ts`)

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // A busy machine may take several times as long as a quiet one.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    // Every core: the default leaves one to vitest itself, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // Tests that start the command load its compiled sources instead of compiling them each time.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compile') },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'tools/**/*.test.ts',
            'examples/**/*.test.{ts,js}',
          ],
          exclude: ['**/node_modules/**', 'packages/kernels/**', ...suffixes],
          // One process a worker: modules are read and backends are started once, not once for each file.
          isolate: false,
        },
      },
      // These start the backend with all threads, other tests with one.
      {
        extends: true,
        test: { name: 'kernels', include: ['packages/kernels/src/**/*.test.ts'], exclude: suffixes, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'training',
          include: ['{packages,apps}/*/src/**/*.training.test.ts'],
          isolate: false,
          testTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          include: ['{packages,apps,tools,examples}/**/*.process.test.ts'],
          exclude: ['**/node_modules/**'],
        },
      },
      { extends: true, test: { name: 'parity', include: ['packages/parity/src/*.parity.test.ts'] } },
    ],
  },
})
