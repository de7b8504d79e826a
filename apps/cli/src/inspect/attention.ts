import { HeddleError } from '@heddle/core'
import type { Run } from '@heddle/recipes'
import type { Output } from '../output.ts'
import { attentionSvg } from '../report/exhibits/attention-svg.ts'
import { markup } from '../report/markup.ts'
import { drawHeatMap } from '../show/heat-map.ts'
import { insidePage } from './page.ts'
import type { Shown } from './shown.ts'

const MAX_LENGTH = 100

/** `heddle inspect --attention`: what a text-to-text run writes for a source, and where it looks meanwhile. */
export async function showAttention(name: string, run: Run, source: string, output: Output): Promise<Shown> {
  const { translator } = run.pipeline.abilities
  if (translator === undefined) {
    throw new HeddleError(
      'usage',
      `--attention: expected a run that writes a text for a text, got ${name}, a run of '${run.config.recipe.type}'. Use a run of translate, chatbot, summarize or text-to-code.`,
    )
  }
  const [written] = await translator.translate([source], { beamWidth: 1, maxLength: MAX_LENGTH })
  const { text, logProbability, attention } = written!
  if (attention === undefined) {
    throw new HeddleError(
      'usage',
      `--attention: expected a model with attention, got ${name}, which has none. Train with --set attention=additive.`,
    )
  }
  output.heading(text)
  for (const line of drawHeatMap(attention, output)) output.line(`  ${line}`)
  const html = insidePage('Where it looked', `${name} · ${source}`, [
    markup`<section><h2>${text}</h2><p>Each row is a piece that was written; the fuller a cell, the more the decoder looked at the piece above it.</p><div class="scroll">${attentionSvg(attention)}</div></section>`,
  ])
  return { file: 'attention.html', html, json: { source, text, logProbability, attention } }
}
