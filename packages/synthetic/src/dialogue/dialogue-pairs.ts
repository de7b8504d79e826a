import type { RandomStream } from '@heddle/core'
import { capitalized } from '../shared/capitalized.ts'
import { distinctPairs, type PairPattern, type TextPair } from '../shared/distinct-pairs.ts'
import {
  ACTIVITIES,
  CITIES,
  DAYS,
  EVENTS,
  FACTS,
  FEELINGS,
  NAMES,
  ORDERS,
  PLACES,
  REMINDERS,
  TIMES,
  TOPICS,
} from './dialogue-words.ts'

/** An introduction. The reply repeats names and towns. */
function introduction(rng: RandomStream): TextPair {
  const [name, city] = [rng.pick(NAMES), rng.pick(CITIES)]
  return rng.pick([
    () => ({ source: `My name is ${name}.`, target: `Nice to meet you, ${name}.` }),
    () => ({ source: `I am ${name} from ${city}.`, target: `Nice to meet you, ${name}. What is ${city} like?` }),
    () => ({ source: `My name is ${name} and I live in ${city}.`, target: `${city} is a fine place, ${name}.` }),
    () => {
      const friend = rng.pick(NAMES.filter((other) => other !== name))
      return { source: `I am ${name} and this is ${friend}.`, target: `Welcome, ${name} and ${friend}.` }
    },
  ])()
}

/** A feeling and its reason. The reply repeats the reason with "you" instead of "I". */
function feeling(rng: RandomStream): TextPair {
  const { mine, yours, good } = rng.pick(EVENTS)
  const word = rng.pick(FEELINGS.filter((each) => each.good === good)).word
  const source = rng.pick([
    `I am ${word} because ${mine}.`,
    `I feel ${word}, ${mine}.`,
    `${capitalized(mine)} and now I am ${word}.`,
  ])
  return {
    source,
    target: good
      ? `How nice that ${yours}. You may well be ${word}.`
      : `I am sorry that ${yours}. Anybody would be ${word}.`,
  }
}

function reminder(rng: RandomStream): TextPair {
  const { mine, yours } = rng.pick(REMINDERS)
  const [time, day] = [rng.pick(TIMES), rng.pick(DAYS)]
  return rng.pick([
    () => ({ source: `Remind me to ${mine} at ${time}.`, target: `At ${time} I will remind you to ${yours}.` }),
    () => ({
      source: `Do not let me forget to ${mine} on ${day}.`,
      target: `On ${day} I will remind you to ${yours}.`,
    }),
    () => ({
      source: `On ${day} at ${time} I have to ${mine}.`,
      target: `I have noted that you have to ${yours} on ${day} at ${time}.`,
    }),
  ])()
}

/** A question for opening hours. The reply depends on place and day. */
function openingHours(rng: RandomStream): TextPair {
  const { name, opens, closedOn } = rng.pick(PLACES)
  const day = rng.pick(DAYS)
  const source = rng.pick([
    `When does the ${name} open on ${day}?`,
    `Is the ${name} open on ${day}?`,
    `I want to go to the ${name} on ${day}.`,
  ])
  return {
    source,
    target: closedOn.includes(day) ? `On ${day} the ${name} is closed.` : `The ${name} opens at ${opens} on ${day}.`,
  }
}

function directions(rng: RandomStream): TextPair {
  const { name, where } = rng.pick(PLACES)
  const source = rng.pick([`Where is the ${name}?`, `How do I find the ${name}?`, `I am looking for the ${name}.`])
  return { source, target: `The ${name} is ${where}.` }
}

function fact(rng: RandomStream): TextPair {
  const { ask, answers } = rng.pick(FACTS)
  const [about, answer] = rng.pick(answers)
  const question = ask(about)
  const source = rng.pick([`What is ${question}?`, `Do you know ${question}?`, `Tell me ${question}, please.`])
  return { source, target: `${capitalized(question)} is ${answer}.` }
}

/** A like or dislike, alone or in comparison. */
function taste(rng: RandomStream): TextPair {
  const [one, other] = rng.shuffled(rng.uniform() < 0.5 ? ACTIVITIES : TOPICS) as [string, string]
  return rng.pick([
    () => ({ source: `I really like ${one}.`, target: `What do you like about ${one}?` }),
    () => ({ source: `I do not like ${one} at all.`, target: `What is wrong with ${one}?` }),
    () => ({ source: `I like ${one} more than ${other}.`, target: `So no ${other} for you. Why ${one}?` }),
    () => ({ source: `I like neither ${one} nor ${other}.`, target: `Not ${one}, not ${other}: what do you like?` }),
  ])()
}

function order(rng: RandomStream): TextPair {
  const [first, second] = rng.shuffled(ORDERS) as [string, string]
  return rng.pick([
    () => ({ source: `I would like ${first}, please.`, target: `${capitalized(first)}, with pleasure.` }),
    () => ({ source: `I would like ${first} and ${second}.`, target: `${capitalized(first)} and ${second}, at once.` }),
    () => ({ source: `No ${first.replace(/^an? /, '')} for me, just ${second}.`, target: `Only ${second}, then.` }),
  ])()
}

/** Greetings with their replies. */
const GREETINGS: readonly (readonly [said: string, returned: string])[] = [
  ['Hello.', 'Hello!'],
  ['Good morning.', 'Good morning!'],
  ['Good evening.', 'Good evening!'],
  ['Hi there.', 'Hi!'],
]

/** Puts a greeting before half of the lines, and its reply before the reply. */
function greeted(draw: (rng: RandomStream) => TextPair): PairPattern['draw'] {
  return (rng) => {
    const { source, target } = draw(rng)
    if (rng.uniform() < 0.5) return { source, target }
    const [said, returned] = rng.pick(GREETINGS)
    return { source: `${said} ${source}`, target: `${returned} ${target}` }
  }
}

const PATTERNS: readonly PairPattern[] = [
  { weight: 3, draw: greeted(introduction) },
  { weight: 3, draw: greeted(feeling) },
  { weight: 4, draw: greeted(reminder) },
  { weight: 3, draw: greeted(openingHours) },
  { weight: 1, draw: greeted(directions) },
  { weight: 2, draw: greeted(fact) },
  { weight: 4, draw: greeted(taste) },
  { weight: 3, draw: greeted(order) },
]

/**
 * Lines of small talk with an assistant, each with exactly one reply. Replies repeat names, turn "my" into "your", return
 * greetings, and give opening hours by place and day.
 *
 * @throws HeddleError `config` when there are not that many distinct lines
 */
export function dialoguePairs(count: number, rng: RandomStream): TextPair[] {
  return distinctPairs('dialoguePairs', PATTERNS, count, rng)
}
