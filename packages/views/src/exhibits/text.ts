import type { TextExhibit } from '@heddle/tasks'
import { exhibitView } from '../exhibit-view.ts'
import { languageAttribute, markup } from '../page/markup.ts'
import { heading, styles } from '../terminal/styles.ts'

/** Generated texts after their prompts; in a terminal the middle one, which is the most readable of rising temperatures. */
export const textView = exhibitView<TextExhibit>({
  name: 'text',
  summary: 'generated texts after their prompts',
  html: (exhibits) =>
    markup`<section><h2>Generated text</h2><div class="texts">${exhibits.map(({ title, prompt, text }) => markup`<div><h3>${title}</h3><pre class="text" ${languageAttribute(text)}><i>${prompt}</i>${text}</pre></div>`)}</div></section>`,
  terminal(exhibits, { colors }) {
    const { title, prompt, text } = exhibits[Math.floor((exhibits.length - 1) / 2)]!
    const shown = styles(colors).dim(prompt) + text
    return [
      ...heading(`Generated text (${title.toLowerCase()})`, colors),
      ...shown.split('\n').map((line) => `  ${line}`),
    ]
  },
})
