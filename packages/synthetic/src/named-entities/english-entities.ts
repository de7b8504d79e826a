import type { RandomStream } from '@heddle/core'
import type { EntityKind, Language } from './language.ts'

const list = (words: string) => words.split(' ')

const FIRST_NAMES = list(
  'Anna Ben Carla David Elif Farid Greta Hiro Iris Jonas Kavya Lena Marta Nils Olga Pavel Rosa Samir Tara Viktor May Paris Georgia Austin',
)
const ONSETS = list(
  'Ab Al Bar Ber Cal Cor Dal Dun El Far Fen Gar Gil Hal Har Kel Kin Lan Lin Mar Mor Nor Oak Pel Ros Sal Stan Tor Ver Wil',
)
const MIDDLES = list('a e i o en er in an')
const ENDINGS = list('field ton ford berg man wood dale stad ley mont wick ham')
const MONTHS = list('January February March April May June July August September October November December')
const SEASONS = list('spring summer autumn winter')

/** A name that may be a person's, a town's or a company's: Kelinford. */
function stem(rng: RandomStream): string {
  return rng.pick(ONSETS) + (rng.uniform() < 0.6 ? rng.pick(MIDDLES) : '') + rng.pick(ENDINGS)
}

function person(rng: RandomStream): string {
  const kind = rng.uniform()
  if (kind < 0.55) return `${rng.pick(FIRST_NAMES)} ${stem(rng)}`
  if (kind < 0.7) return `${rng.pick(ONSETS)[0]} . ${stem(rng)}`
  return kind < 0.85 ? rng.pick(FIRST_NAMES) : stem(rng)
}

function place(rng: RandomStream): string {
  const kind = rng.uniform()
  if (kind < 0.15) return `New ${stem(rng)}`
  if (kind < 0.25) return `${stem(rng)} Valley`
  return kind < 0.35 ? rng.pick(list('Paris Georgia Austin Berlin Seoul Cairo')) : stem(rng)
}

function organization(rng: RandomStream): string {
  const kind = rng.uniform()
  if (kind < 0.2) return `University of ${stem(rng)}`
  if (kind < 0.35) return `${stem(rng)} & ${stem(rng)}`
  if (kind < 0.6) return `${stem(rng)} ${rng.pick(list('Group Bank Motors Ltd Museum United'))}`
  return stem(rng)
}

function date(rng: RandomStream): string {
  const kind = rng.integer(5)
  if (kind === 0) return `${1 + rng.integer(30)} ${rng.pick(MONTHS)} ${1950 + rng.integer(80)}`
  if (kind === 1) return `the ${rng.pick(SEASONS)} of ${1950 + rng.integer(80)}`
  if (kind === 2) return `${rng.pick(MONTHS)} ${1 + rng.integer(30)}`
  return kind === 3 ? `${1950 + rng.integer(80)}` : rng.pick(MONTHS)
}

const FILLERS: Readonly<Record<EntityKind, (rng: RandomStream) => string>> = {
  PER: person,
  LOC: place,
  ORG: organization,
  DATE: date,
}

const PATTERNS = `
PER was born in LOC in DATE .
PER moved from LOC to LOC in DATE .
PER has worked for ORG since DATE .
ORG will open an office in LOC in DATE .
The mayor of LOC , PER , met the workers of ORG .
Shares of ORG fell after PER left .
PER and PER traveled to LOC together .
" We may leave LOC in DATE , " said PER .
Heavy rain closed the roads around LOC on Friday evening .
According to PER , ORG sold its factory in LOC .
ORG and ORG signed the contract in LOC .
Nobody at ORG answered the letter of PER .
The old bridge of LOC was built in DATE by ORG .
PER , who studied at ORG , returned to LOC in DATE .
In DATE the lawyers of PER sued ORG .
May we visit LOC before PER arrives ?
The river near LOC is deep and cold .
We have not heard from PER since DATE .
PER thanked ORG for the new school in LOC .
The report of ORG was ready in DATE .
The storm reached LOC two days later .
After the match ORG beat ORG on points .
The trains to LOC were late again .
It was a long and quiet winter .
Yesterday the market was full of people .`
  .trim()
  .split('\n')
  .map((pattern) => pattern.split(' '))

/** English: names that stand as they are. */
export const english: Language = {
  patterns: PATTERNS,
  fill: (kind, rng) => FILLERS[kind](rng).split(' '),
}
