import type { Plugin } from '@heddle/core'
import { accuracyByLengthView } from './exhibits/accuracy-by-length.ts'
import { attendedPictureView } from './exhibits/attended-picture.ts'
import { attentionView } from './exhibits/attention.ts'
import { attentionHeadsView } from './exhibits/attention-heads.ts'
import { confusionView } from './exhibits/confusion.ts'
import { gradientFlowView } from './exhibits/gradient-flow.ts'
import { labelScoresView } from './exhibits/label-scores.ts'
import { labeledTextView } from './exhibits/labeled-text.ts'
import { logitLensView } from './exhibits/logit-lens.ts'
import { maskProbeView } from './exhibits/mask-probe.ts'
import { mistakesView } from './exhibits/mistakes.ts'
import { picturesView } from './exhibits/pictures.ts'
import { projectionView } from './exhibits/projection.ts'
import { samplesView } from './exhibits/samples.ts'
import { selectiveUnitsView } from './exhibits/selective-units.ts'
import { seriesView } from './exhibits/series.ts'
import { textView } from './exhibits/text.ts'
import { tokenScoresView } from './exhibits/token-scores.ts'
import { weightChangesView } from './exhibits/weight-changes.ts'

/** Views of the exhibits of the tasks and of looking inside a model. */
export const viewsPlugin: Plugin = {
  name: '@heddle/views',
  contributes: [
    samplesView,
    attentionView,
    attentionHeadsView,
    logitLensView,
    maskProbeView,
    textView,
    tokenScoresView,
    confusionView,
    mistakesView,
    labelScoresView,
    labeledTextView,
    picturesView,
    attendedPictureView,
    seriesView,
    accuracyByLengthView,
    selectiveUnitsView,
    gradientFlowView,
    projectionView,
    weightChangesView,
  ],
}
