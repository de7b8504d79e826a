import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

const root = join(import.meta.dirname, '../../..')

it('each suite finds the fault of the part that has one, and no other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-broken-parts-'))
  const [config, report] = [
    join(import.meta.dirname, 'test-support/broken-parts.config.ts'),
    join(folder, 'report.json'),
  ]
  spawnSync(join(root, 'node_modules/.bin/vitest'), ['run', '--config', config, '--outputFile', report], {
    cwd: root,
    env: { PATH: process.env['PATH'] },
  })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  rmSync(folder, { recursive: true })
  const failed: Record<string, string[]> = {}
  for (const { ancestorTitles, title, status } of testResults[0]!.assertionResults) {
    if (status === 'failed') (failed[ancestorTitles.at(-1)!.replace(/ keeps the contract.*/, '')] ??= []).push(title)
  }
  expect(failed).toMatchInlineSnapshot(`
    {
      "Cell whose sequence reads the padding": [
        "over a padded batch, forwards, each row is as if it ran alone",
        "over a padded batch, in reverse, each row is as if it ran alone",
        "steps past a length change nothing, not even when they are NaN",
      ],
      "Cell whose state is not its output": [
        "its first state is its output and has the stated size",
      ],
      "Encoder whose summary reads the padding": [
        "outputs, summary and state do not depend on what stands past a length",
        "a padded row is as if it stood alone without its padding",
      ],
      "Layer of another shape": [
        "its outputs have the stated shapes and finite numbers",
      ],
      "Layer that draws for itself": [
        "the same seed gives the same numbers, another seed others",
      ],
      "Layer that draws in evaluation": [
        "its gradients are those of finite differences",
        "its weights, saved and loaded into another one, give the same numbers",
        "training and evaluation compute the same",
      ],
      "Layer that leaks": [
        "a pass forward and back leaves no tensor behind and frees none that it was given",
      ],
      "Layer with a wrong gradient": [
        "its gradients are those of finite differences",
        "a pass forward and back leaves no tensor behind and frees none that it was given",
      ],
      "Normalizer that is written as another": [
        "written as tokenizer.json and read again, it gives the same encodings and the same file",
      ],
      "Normalizer that remembers": [
        "written as tokenizer.json and read again, it gives the same encodings and the same file",
        "a text gives the same tokens whatever was encoded before it",
      ],
      "Optimizer that forgets its state": [
        "restored from its state it makes the same steps, bit for bit",
        "the names of its state are paths of parameters, and a state that does not fit is refused",
      ],
      "Optimizer that frees the gradients": [
        "it lowers the loss of a regression",
        "with a learning rate of 0 the parameters stay as they are",
        "gradients times 4 with a gradient scale of 1/4 make the same step",
        "restored from its state it makes the same steps, bit for bit",
        "the names of its state are paths of parameters, and a state that does not fit is refused",
        "a step leaves no tensor behind and does not free the gradients; dispose frees all but the parameters",
      ],
      "Optimizer that goes up": [
        "it lowers the loss of a regression",
      ],
      "Optimizer that ignores the gradient scale": [
        "gradients times 4 with a gradient scale of 1/4 make the same step",
      ],
      "Optimizer that is not disposed": [
        "a step leaves no tensor behind and does not free the gradients; dispose frees all but the parameters",
      ],
      "Optimizer that leaks": [
        "a step leaves no tensor behind and does not free the gradients; dispose frees all but the parameters",
      ],
      "Sampler that chooses past the end": [
        "it chooses tokens of the vocabulary",
        "it never chooses a forbidden token, whose logit is -Infinity",
        "it chooses the only token that is allowed, and one that is certain",
        "it also serves logits that are large, equal or of both signs of zero",
      ],
      "Sampler that draws for itself": [
        "it never chooses a forbidden token, whose logit is -Infinity",
        "it chooses the only token that is allowed, and one that is certain",
        "the same stream gives the same tokens",
      ],
      "Schedule that counts its calls": [
        "the rate depends on the step alone, not on what was asked before",
      ],
      "Schedule that goes below 0": [
        "every rate is a finite number of at least 0, past its end too",
      ],
      "Task that is not disposed": [
        "disposed it leaves no tensor behind, also after an error in the middle of fit",
      ],
      "Task that leaves a metric out": [
        "it reports every metric that it states, as a finite number",
        "saved and opened, it predicts and evaluates the same, and has the same settings",
      ],
      "Task whose predictions depend on their neighbors": [
        "it gives one prediction an input, whatever stands beside it, as data and as a line",
        "saved and opened, it predicts and evaluates the same, and has the same settings",
      ],
      "recipe 'acme/draws-for-itself'": [
        "its built-in examples follow from the seed",
        "no example is in two parts, and the same seed gives the same parts",
        "it trains, is opened with the same numbers, goes on after a crash, and leaves no tensor behind",
      ],
      "recipe 'acme/too-easy'": [
        "it states what its first metric reaches, which its baseline does not",
      ],
      "schedule 'acme/undescribed'": [
        "has a summary of one line",
        "describes its config as a JSON schema in which each field has a description",
        "refuses an unknown key in its config",
      ],
    }
  `)
})
