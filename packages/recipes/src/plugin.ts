import type { Plugin } from '@heddle/core'
import { addition } from './addition.ts'
import { bertAnswer } from './bert-answer.ts'
import { bertClassify } from './bert-classify.ts'
import { bertPairs } from './bert-pairs.ts'
import { bertPretrain } from './bert-pretrain.ts'
import { bertTag } from './bert-tag.ts'
import { caption } from './caption.ts'
import { charLm } from './char-lm.ts'
import { chatbot } from './chatbot.ts'
import { clipCaption } from './clip-caption.ts'
import { clipClass } from './clip-class.ts'
import { copy } from './copy.ts'
import { dyck } from './dyck.ts'
import { forecast } from './forecast.ts'
import { frames } from './frames.ts'
import { g2p } from './g2p.ts'
import { gpt } from './gpt.ts'
import { jigsaw } from './jigsaw.ts'
import { maskedPatches } from './masked-patches.ts'
import { names } from './names.ts'
import { ngramLm } from './ngram-lm.ts'
import { reverse } from './reverse.ts'
import { rows } from './rows.ts'
import { sentiment } from './sentiment.ts'
import { sort } from './sort.ts'
import { spokenDigits } from './spoken-digits.ts'
import { summarize } from './summarize.ts'
import { tagger } from './tagger.ts'
import { textToCode } from './text-to-code.ts'
import { translate } from './translate.ts'

/** The recipes of this package, as a plugin. */
export const recipesPlugin: Plugin = {
  name: '@heddle/recipes',
  contributes: [
    translate,
    chatbot,
    summarize,
    textToCode,
    g2p,
    charLm,
    gpt,
    ngramLm,
    bertPretrain,
    bertClassify,
    bertTag,
    bertPairs,
    bertAnswer,
    sentiment,
    names,
    tagger,
    maskedPatches,
    jigsaw,
    rows,
    frames,
    spokenDigits,
    caption,
    clipClass,
    clipCaption,
    forecast,
    copy,
    reverse,
    sort,
    addition,
    dyck,
  ],
}
