import { defineConfig } from 'vitest/config'

/** Where CI wants the counts as JSON. */
const report = process.env['HEDDLE_TEST_REPORT']

const conditions = ['source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
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
          exclude: ['**/node_modules/**', '**/*.parity.test.ts'],
        },
      },
      { extends: true, test: { name: 'parity', include: ['packages/parity/src/*.parity.test.ts'] } },
    ],
  },
})
