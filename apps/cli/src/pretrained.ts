import { type PretrainedFolder, pretrainedFolder } from '@heddle/hub/node'
import { DownloadProgress } from './download-progress.ts'
import type { Interruption } from './interruptible.ts'
import type { Output } from './output.ts'

/** The folder of a run or a checkpoint that is given by its path or its name on the hub, from which it is downloaded. */
export async function openPretrained(
  name: string,
  { signal, hold }: Interruption,
  output: Output,
): Promise<PretrainedFolder> {
  const progress = new DownloadProgress(output)
  try {
    return await pretrainedFolder(name, {
      signal,
      onProgress: (state) => {
        // From here on there is something to keep.
        hold()
        progress.update(state)
      },
      onWarning: (text) => output.line(text),
    })
  } finally {
    progress.stop()
  }
}
