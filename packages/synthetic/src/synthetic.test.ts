import { createHash } from 'node:crypto'
import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import {
  additionPairs,
  answeredQuestions,
  copyPairs,
  dialoguePairs,
  drawnDigits,
  drawnScenes,
  dyckWords,
  englishKoreanPairs,
  hourlyWeather,
  koreanReviews,
  movingScenes,
  movingShapes,
  namedEntities,
  namesByPeople,
  newsSummaries,
  pythonDescriptions,
  reversePairs,
  sentencePairs,
  shapeMotions,
  sortPairs,
  spelledWords,
  spokenDigits,
  stories,
  taggedSentences,
} from './index.ts'

/** Floats are rounded to four places, because the last bits of sines differ between versions of JavaScript engines. */
const plain = (_: string, value: unknown) =>
  value instanceof Float32Array
    ? Array.from(value, (x) => Math.round(1e4 * x))
    : value instanceof Uint8Array
      ? Array.from(value)
      : value
const digest = (examples: unknown) => createHash('sha256').update(JSON.stringify(examples, plain)).digest('hex')

type Generate = (count: number, rng: RandomStream) => unknown

// Models, metrics and saved runs depend on these examples: a seed must always give the same ones.
const GENERATORS: readonly (readonly [generate: Generate, count: number, digest: string])[] = [
  [englishKoreanPairs, 500, 'b5cde782702381e3654f3e17690a66a5a8c4e931c53492677a480a3c2c5ea8ef'],
  [dialoguePairs, 500, 'd975639042e38fdfced4e99d59802cc79ca21d1ea3c9d981fa4310992c28dddf'],
  [newsSummaries, 500, 'f7a157cdea01a7decc190e2eb8c39c7f2ce76218a88f806433eeb80ffe66d60e'],
  [pythonDescriptions, 500, '8fb09c23581be818ef7162452073046e814ea76efcd885578a1ad6301393e8ef'],
  [stories, 20_000, '2e31427e1488e96d700444634883723150a9191626721d4029a6f42daff88672'],
  [namesByPeople, 500, '108ded2f1992de4bc0b761408f80b8a7fd71c0201d2a9e3fe16dd9d3ce3a4e8f'],
  [koreanReviews, 500, 'adbd024eb8f366403b7d1dd3a20643428fe189374f0afe1f1d621f39fd019955'],
  [taggedSentences, 500, '2e3da6db26215d41f51b1ac060491e4d8607e7c9e22e2d2da1e3e5b0ba3889ea'],
  [namedEntities, 500, 'a37fbab64cd557dc4d0e49b9cc96a27272ed5128dbbbe702bc694cb8ea6c085c'],
  [sentencePairs, 500, '15089d81f44904aa985c9e99e0f43a0c422c283de90cb99fb1462e23e1efd965'],
  [answeredQuestions, 500, '9fe90dd38c34032cb59eda52480a5c32c7bb3016634807f5f6194e89b04f6891'],
  [drawnDigits, 30, '62805af0964c424a67fcb3b2af8d1612099b00b9d9b23b54a19c30064a97e150'],
  [movingShapes, 20, '02a8d2180261c69d97b1c6c13cf7d032bdcd56d9efcfd5780a35d7b34122270c'],
  [spokenDigits, 8, 'ec9ed561c1dc0a8e46cd72f76c06ba9663eb299932d3f608b42859049d064c32'],
  [drawnScenes, 20, '2b437e51bd2659b267ec67452763de83b63748a1d68b58c8c7cd0f84bf60cc9a'],
  [copyPairs, 500, '427d6347b0157afea9e4c202c823850cfaeabe84a324bcace15d2e3861daf3a5'],
  [reversePairs, 500, '4856761b251c393b007ecd33826cf2e363d33fdb439557943a10e316764053ef'],
  [sortPairs, 500, '2773e6681393bb3d5ae1d69b3e890550d12496e4d4b99f48cc77cf08bd499090'],
  [spelledWords, 500, '006b437cd036f4a2432eb82a2010236cff0e5f03ac012115eec71271c756657c'],
  [additionPairs, 500, 'c8e5fa6667f0ea8e2612926cc04939c392a05e1164a62e42cb0876a8e484c907'],
  [dyckWords, 500, '2ef22cb997f9675f51b83ad4d62edd30a80c3d7abd287e8248edaa8f47b0c706'],
  [shapeMotions, 20, 'e62a9b5ee9a05a040e48ccbe9219ee95f3b89aac6c26e3f4d75f50438040b409'],
  [movingScenes, 20, '205b0e54a43d207be6c711df7e7865b5bc3c9ee790dc0a6bd7960dd8d68d3946'],
  [hourlyWeather, 1000, 'a4917c9ad92e093f8961cd33c9fa88546063cb5a119d2f2ba7aeda1a8649c937'],
]

describe.each(GENERATORS.map(([generate, ...rest]) => [generate.name, generate, ...rest] as const))(
  '%s',
  (_, generate, count, expected) => {
    it('gives the same examples as ever for a seed', () => {
      expect(digest(generate(count, new RandomStream(7)))).toBe(expected)
    })

    it('gives other examples for another seed', () => {
      expect(digest(generate(count, new RandomStream(8)))).not.toBe(expected)
    })

    it('refuses a count that is no count', () => {
      for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        const call = () => generate(wrong, new RandomStream(7))
        expect(call).toThrow(`${generate.name}: expected a `)
        expect(call).toThrow(expect.objectContaining({ name: 'HeddleError', code: 'config' }))
      }
    })
  },
)
