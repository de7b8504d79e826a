import { type FileFolder, HeddleError, type Registry, readSafetensors, writeSafetensors } from '@heddle/core'
import { namedParameters } from '@heddle/layers'
import { readRunConfig, restoreTask } from '@heddle/tasks'
import { RUN_FOLDER } from './export-pytorch.ts'
import { describeModel } from './python-file.ts'
import { fromPyTorchWeights } from './weights.ts'

const WEIGHTS = 'model.safetensors'

/**
 * The files of a run with the weights of a folder that {@link exportPyTorch} wrote, which PyTorch may have trained further.
 *
 * @param folder the exported folder
 * @param name its name for messages
 * @throws HeddleError `file` for a folder of another kind, `state-dict`, listing every weight that is missing, unknown or of another
 * shape
 */
export async function importPyTorch(
  folder: FileFolder,
  registry: Registry,
  name: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  const config = await folder.read(`${RUN_FOLDER}/config.json`)
  const weights = await folder.read(WEIGHTS)
  if (config === undefined || weights === undefined) {
    const missing = config === undefined ? `${RUN_FOLDER}/config.json` : WEIGHTS
    throw new HeddleError(
      'file',
      `${name}: expected a folder of heddle export --to pytorch, got one without ${missing}. Name the folder with model.py.`,
    )
  }
  const where = `${name}/${RUN_FOLDER}`
  const store = {
    async read(path: string) {
      const bytes = await folder.read(`${RUN_FOLDER}/${path}`)
      if (bytes !== undefined) files.set(path, bytes)
      return bytes
    },
  }
  const run = await readRunConfig(store, registry, where)
  const task = await restoreTask({ store, registry, name: where }, run)
  try {
    const { weights: described } = await describeModel(task.model)
    const shapes = new Map(namedParameters(task.model).map(([path, { shape }]) => [path, shape]))
    const { tensors } = readSafetensors(weights, `${name}/${WEIGHTS}`)
    const state = fromPyTorchWeights(tensors, described, shapes, `${name}/${WEIGHTS}`)
    // In the order of the model's parameters, so that an import without training gives the same file.
    const ordered = new Map([...shapes.keys()].map((path) => [path, state.get(path)!]))
    files.set(WEIGHTS, writeSafetensors(ordered, { format: 'pt' }))
    return files
  } finally {
    task.dispose()
  }
}
