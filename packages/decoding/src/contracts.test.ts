import { samplerContract } from '@heddle/testing/sampler'
import { greedySampler, randomSampler } from './index.ts'

samplerContract('greedySampler', { make: () => greedySampler })
samplerContract('randomSampler', { make: (rng) => randomSampler({}, rng) })
samplerContract('randomSampler with every option', {
  make: (rng) => randomSampler({ temperature: 0.7, topK: 5, topP: 0.9, minP: 0.05 }, rng),
})
samplerContract('randomSampler at temperature 0', { make: (rng) => randomSampler({ temperature: 0 }, rng) })
