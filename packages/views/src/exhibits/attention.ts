import type { AttentionExhibit } from '@heddle/tasks'
import { attentionSvg } from '../charts/attention-svg.ts'
import { cellPicture } from '../charts/cell-picture.ts'
import { weightBar } from '../charts/scale-bar.ts'
import { exhibitView } from '../exhibit-view.ts'
import { markup } from '../page/markup.ts'
import { drawHeatMap } from '../terminal/heat-map.ts'
import { heading } from '../terminal/styles.ts'

/** Attention maps; in a terminal the first one. */
export const attentionView = exhibitView<AttentionExhibit>({
  name: 'attention',
  summary: 'heat maps of attention over a source',
  html: (exhibits) =>
    markup`<section><h2>Attention</h2><p>Each row is an output token. The stronger a cell, the more the decoder attends to the source token above it. Each row sums to 100 %.</p>${weightBar()}<div class="maps">${exhibits.map((map) => markup`<div class="scroll">${attentionSvg(map)}</div>`)}</div></section>`,
  terminal: ([map], options) => [
    ...heading('Attention', options.colors),
    ...drawHeatMap(map!, { ...options, columns: options.columns - 2 }).map((line) => `  ${line}`),
  ],
  pictures: ({ source, target, weights }) => [
    {
      ...cellPicture(weights),
      description:
        'Rows are output tokens, columns the tokens that they attend to. The stronger a cell, the larger the weight.',
      caption: `Output tokens: ${target.join(' · ')}. Tokens that they attend to: ${source.join(' · ')}.`,
    },
  ],
})
