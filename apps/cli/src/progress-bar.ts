import { Presets, SingleBar } from 'cli-progress'

/** A bar that vanishes at the end and leaves Ctrl-C to the command, which keeps what has been done so far. */
export const progressBar = (format: string, stream: NodeJS.WritableStream, barsize: number): SingleBar =>
  new SingleBar(
    {
      ...{ format, stream, barsize },
      clearOnComplete: true,
      stopOnComplete: false,
      hideCursor: true,
      gracefulExit: false,
      fps: 8,
    },
    Presets.shades_classic,
  )

/** Width of a bar beside a text of `text` characters. */
export const barsizeBeside = (text: number, columns: number): number => Math.max(10, Math.min(36, columns - text))
