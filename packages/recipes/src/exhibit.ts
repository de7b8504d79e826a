import type { AttendedPictureExhibit } from './caption/picture-exhibit.ts'
import type { ConfusionExhibit, LabelledTextExhibit, PicturesExhibit } from './classification/class-exhibits.ts'
import type { SeriesExhibit } from './forecast/series-exhibit.ts'

/** One line of a table of samples: an input, what the model made of it, and what was expected. */
export interface Sample {
  readonly input: string
  readonly output: string
  readonly expected?: string
}

/** Inputs with outputs, such as translations of unseen sentences. */
export interface SamplesExhibit {
  readonly kind: 'samples'
  readonly title: string
  readonly samples: readonly Sample[]
}

/** Where the decoder looked while it wrote each token: `weights[t][s]`, each row summing to 1. */
export interface AttentionExhibit {
  readonly kind: 'attention'
  readonly title: string
  readonly source: readonly string[]
  readonly target: readonly string[]
  readonly weights: readonly (readonly number[])[]
}

/** A text that the model wrote, after the prompt that it was given. */
export interface TextExhibit {
  readonly kind: 'text'
  readonly title: string
  readonly prompt: string
  readonly text: string
}

/** Something that shows what a trained model does, as data: the terminal, the report and the playground draw it. */
export type Exhibit =
  | AttendedPictureExhibit
  | SamplesExhibit
  | AttentionExhibit
  | TextExhibit
  | ConfusionExhibit
  | LabelledTextExhibit
  | PicturesExhibit
  | SeriesExhibit
