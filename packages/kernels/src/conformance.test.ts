import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

interface Report {
  readonly passed: number
  readonly failed: readonly { readonly name: string; readonly messages: readonly string[] }[]
}

/** Why a test of tfjs-core fails here, by its message or its name. */
const explained: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/Kernel 'Complex' not registered/, "tfjs's wasm backend has no complex numbers"],
  [/tile .* string tensor/, "tfjs's wasm backend holds strings outside of its memory and cannot tile them"],
  [/string comparison/, "tfjs's wasm backend holds strings outside of its memory and cannot compare them"],
  [
    /avgPool gradient .* p=explicit/,
    'tfjs counts padding in the gradient, though not in the mean; ours is its derivative',
  ],
  [/GatherV2: the index value .* is not in/, 'we refuse such an index too, in words of our own'],
  [
    /conv2dTranspose input=8x8x8,output=4x4x8/,
    'the operands do not fit each other (a stride of 1 makes no 4x4 from 8x8); we refuse them, as TensorFlow does',
  ],
]

it("tfjs-core's own tests of the operations that we add or replace pass, but for those explained here", async () => {
  const script = fileURLToPath(new URL('../scripts/conformance.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', script, '--json'])
  const report = JSON.parse(stdout.trim().split('\n').at(-1)!) as Report
  const unexplained = report.failed.filter(
    ({ name, messages }) =>
      !explained.some(([pattern]) => pattern.test(name) || messages.every((message) => pattern.test(message))),
  )
  expect(unexplained).toEqual([])
  expect(report.passed).toBeGreaterThan(1000)
})
