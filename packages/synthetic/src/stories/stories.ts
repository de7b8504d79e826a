import type { RandomStream } from '@heddle/core'
import { capitalized } from '../shared/capitalized.ts'
import { checkInteger } from '../shared/check-integer.ts'

interface Hero {
  readonly name: string
  readonly kind: string
  readonly they: 'he' | 'she'
}

const HEROES: readonly Hero[] = [
  { name: 'Nari', kind: 'fox', they: 'she' },
  { name: 'Bodo', kind: 'bear', they: 'he' },
  { name: 'Ina', kind: 'weaver', they: 'she' },
  { name: 'Tomas', kind: 'miller', they: 'he' },
  { name: 'Pip', kind: 'mouse', they: 'he' },
  { name: 'Sora', kind: 'heron', they: 'she' },
  { name: 'Old Gale', kind: 'sailor', they: 'he' },
  { name: 'Mira', kind: 'baker', they: 'she' },
  { name: 'Fenn', kind: 'shepherd', they: 'he' },
  { name: 'Lotte', kind: 'painter', they: 'she' },
]
const PLACES = [
  'the old mill',
  'the river',
  'the market',
  'the north wood',
  'the harbor',
  'the hill',
  'the lighthouse',
  'the empty house',
  'the bridge',
  'the apple garden',
]
const THINGS = [
  'a silver key',
  'a red scarf',
  'a wooden box',
  'a small lamp',
  'a torn map',
  'a green bottle',
  'a brass bell',
  'a loaf of warm bread',
  'a ball of blue thread',
  'an old clock',
]
const WEATHER = [
  'It was raining',
  'The wind was cold',
  'The sun was low',
  'Snow lay on the roofs',
  'It was a clear morning',
  'The fog was thick',
  'It was late in the year',
]
const MOODS = ['tired', 'curious', 'hungry', 'happy', 'afraid', 'angry', 'proud', 'lonely']
const WAYS = ['slowly', 'quietly', 'at once', 'with great care', 'without a word', 'as fast as the wind']

/** A thing at its second mention: "a silver key" becomes "the silver key". */
const known = (thing: string) => thing.replace(/^an? /, 'the ')

/** State of a story. Later sentences refer to the same hero, friend, place and thing. */
interface Scene {
  readonly hero: Hero
  readonly friend: Hero
  thing: string
  place: string
  has: boolean
}

type Beat = (scene: Scene, rng: RandomStream) => string

const SAYINGS: readonly ((scene: Scene, rng: RandomStream) => string)[] = [
  ({ thing }) => `"Where did you find ${known(thing)}?"`,
  ({ place }) => `"Nobody goes to ${place} after dark."`,
  ({ friend }) => `"You should ask ${friend.name}."`,
  (_, rng) => `"I am ${rng.pick(MOODS)}, and you are ${rng.pick(MOODS)}."`,
  (_, rng) => `"Give me ${2 + rng.integer(8)} days, and I will come back."`,
  ({ thing }) => `"If you keep ${known(thing)}, keep it well."`,
]

const BEATS: readonly Beat[] = [
  (scene, rng) => {
    scene.place = rng.pick(PLACES)
    return `${capitalized(scene.hero.they)} went ${rng.pick(WAYS)} to ${scene.place}.`
  },
  (scene, rng) => {
    if (scene.has) return `${scene.hero.name} still had ${known(scene.thing)}.`
    scene.has = true
    scene.thing = rng.pick(THINGS)
    return `There ${scene.hero.they} found ${scene.thing}.`
  },
  (scene, rng) => {
    if (!scene.has) return `At ${scene.place} there was nothing at all.`
    scene.has = false
    return `${capitalized(scene.hero.they)} gave ${known(scene.thing)} to ${scene.friend.name}${rng.uniform() < 0.5 ? ` and went home` : ''}.`
  },
  (scene, rng) => `${rng.pick(SAYINGS)(scene, rng).slice(0, -1)}" said ${scene.friend.name}.`.replace('."', ',"'),
  (scene, rng) => `"${capitalized(rng.pick(WAYS))}?" asked ${scene.hero.name}, who was ${rng.pick(MOODS)}.`,
  (_, rng) => `${rng.pick(WEATHER)}, and the road was long.`,
  ({ hero, friend }, rng) => `${hero.name} and ${friend.name} waited for ${2 + rng.integer(9)} hours.`,
  ({ hero }, rng) => `${capitalized(hero.they)} was ${rng.pick(MOODS)} now, but not ${rng.pick(MOODS)}.`,
]

const ENDINGS: readonly Beat[] = [
  ({ hero, place }) => `And so ${hero.name} never went back to ${place}.`,
  ({ hero, friend }) => `From that day on ${hero.name} and ${friend.name} were friends.`,
  ({ thing, place }) => `If you go to ${place}, you may still find ${known(thing)}.`,
]

function drawStory(rng: RandomStream): string {
  const [hero, friend] = rng.shuffled(HEROES) as [Hero, Hero]
  const scene: Scene = { hero, friend, thing: rng.pick(THINGS), place: rng.pick(PLACES), has: false }
  const title = `${hero.name.toUpperCase()} AND THE ${friend.kind.toUpperCase()}`
  const article = /^[aeiou]/.test(hero.kind) ? 'an' : 'a'
  const opening = `${rng.pick(WEATHER)} when ${hero.name}, ${article} ${hero.kind}, met ${friend.name}, the ${friend.kind}.`
  const beats = Array.from({ length: 4 + rng.integer(6) }, () => rng.pick(BEATS)(scene, rng))
  return [title, '', opening, ...beats, rng.pick(ENDINGS)(scene, rng), '', ''].join('\n')
}

/**
 * A text of short stories with titles, dialogue and line breaks, for character language models. A story refers back to its hero,
 * friend and thing, and closes its quotation marks, which gives a model long dependencies to learn.
 *
 * @param characters least number of characters; the last story is complete
 */
export function stories(characters: number, rng: RandomStream): string {
  checkInteger('stories', 'a number of characters', characters, 0)
  const written: string[] = []
  for (let total = 0; total < characters; total += written.at(-1)!.length) written.push(drawStory(rng))
  return written.join('')
}
