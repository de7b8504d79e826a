import type { Registry } from '@heddle/core'
import type { Exhibit, PreparedRun, TaskRecorder, TrainedRun } from '@heddle/tasks'
import type { TensorBoard } from '@heddle/trainer'
import { exhibitLines, exhibitPictures } from '@heddle/views'

/** Columns of a text in TensorBoard. */
const COLUMNS = 100
/** Characters of a text. */
const MOST_CHARACTERS = 10_000
/** Pictures of a kind: at a validation, which training waits for, and at the end. */
const MOST_PICTURES = { validation: 2, test: 8, end: 8 }

const code = (text: string, language = '') => `\`\`\`${language}\n${text}\n\`\`\``

/** The settings of a run in Markdown. */
export function settingsText({ recipe, task, seed, provenance }: PreparedRun): string {
  const { model: _, ...config } = task.config
  const settings = { recipe: recipe.name, seed, data: provenance.data ?? provenance.recipe?.data, ...config }
  return code(JSON.stringify({ ...settings, model: task.modelSpec }, null, 2), 'json')
}

/** Adds the exhibits of validations to TensorBoard, which is a recorder of the same training. */
export function exhibitRecorder(tensorBoard: TensorBoard, registry: Registry): TaskRecorder {
  return {
    name: 'tensorboard-exhibits',
    async start() {},
    exhibits: (exhibits, step) => addExhibits(tensorBoard, exhibits, { group: 'validation', step, registry }),
    async checkpoint() {},
  }
}

/** Records what a run has come to: metrics, and its exhibits as texts and pictures. */
export async function recordResults(
  tensorBoard: TensorBoard,
  { result, evaluation, exhibits }: TrainedRun,
  registry: Registry,
): Promise<void> {
  const { steps: step } = result
  const group = evaluation?.part === 'test' ? 'test' : 'end'
  if (evaluation !== undefined) {
    const { examples: _, ...metrics } = evaluation.metrics
    await tensorBoard.scalars(group, metrics, step)
  }
  await addExhibits(tensorBoard, exhibits, { group, step, registry })
  await tensorBoard.flush()
}

/** A text for each kind of exhibit, and pictures of those that have some, under tags that stay the same from step to step. */
async function addExhibits(
  tensorBoard: TensorBoard,
  exhibits: readonly Exhibit[],
  {
    group,
    step,
    registry,
  }: { readonly group: keyof typeof MOST_PICTURES; readonly step: number; readonly registry: Registry },
): Promise<void> {
  for (const kind of new Set(exhibits.map((exhibit) => exhibit.kind))) {
    const some = exhibits.filter((exhibit) => exhibit.kind === kind)
    const lines = exhibitLines(some, registry, { colors: false, columns: COLUMNS })
    const text = lines.join('\n').trim()
    await tensorBoard.text(`${group}/${kind}`, code(text.slice(0, MOST_CHARACTERS)), step)
  }
  for (const { name, title, description, caption, ...picture } of exhibitPictures(
    exhibits,
    registry,
    MOST_PICTURES[group],
  )) {
    // TensorBoard keeps the description of the first step, so that it must not speak of what changes.
    const own = group === 'validation' ? [] : [`**${title}**`, ...(caption === undefined ? [] : [caption])]
    const described = { ...picture, description: [description, ...own].join('\n\n') }
    await tensorBoard.image(`${group}/${name}`, described, step)
  }
}
