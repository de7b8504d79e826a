import type { Registry } from '@heddle/core'
import type { PreparedRun, TrainedRun } from '@heddle/tasks'
import type { TensorBoard } from '@heddle/trainer'
import { exhibitLines, exhibitPictures } from '@heddle/views'

/** Columns of a text in TensorBoard. */
const COLUMNS = 100

const code = (text: string, language = '') => `\`\`\`${language}\n${text}\n\`\`\``

/** The settings of a run in Markdown. */
export function settingsText({ recipe, task, seed, provenance }: PreparedRun): string {
  const { model: _, ...config } = task.config
  const settings = { recipe: recipe.name, seed, data: provenance.data ?? provenance.recipe?.data, ...config }
  return code(JSON.stringify({ ...settings, model: task.modelSpec }, null, 2), 'json')
}

/** Records what a run has come to: metrics, and its exhibits as texts and pictures. */
export async function recordResults(
  tensorBoard: TensorBoard,
  { result, evaluation, exhibits }: TrainedRun,
  registry: Registry,
): Promise<void> {
  const { steps } = result
  if (evaluation !== undefined) {
    const { examples: _, ...metrics } = evaluation.metrics
    await tensorBoard.scalars(evaluation.part === 'test' ? 'test' : 'end', metrics, steps)
  }
  for (const kind of new Set(exhibits.map((exhibit) => exhibit.kind))) {
    const some = exhibits.filter((exhibit) => exhibit.kind === kind)
    const lines = exhibitLines(some, registry, { colors: false, columns: COLUMNS })
    await tensorBoard.text(kind, code(lines.join('\n').trim()), steps)
  }
  for (const { name, ...picture } of exhibitPictures(exhibits, registry)) await tensorBoard.image(name, picture, steps)
  await tensorBoard.flush()
}
