export const PEOPLE: readonly { readonly name: string; readonly they: 'he' | 'she' }[] = [
  ...[
    'Tom Berg',
    'Omar Said',
    'Peter Lund',
    'Emil Roth',
    'Hugo Marsh',
    'Karl Weber',
    'Felix Grand',
    'Simon Park',
    'Paul Novak',
  ].map((name) => ({ name, they: 'he' as const })),
  ...[
    'Mina Cho',
    'Sora Kim',
    'Anna Holm',
    'Lea Fontaine',
    'Nadia Petrov',
    'Clara Stone',
    'Ines Costa',
    'Rosa Vidal',
    'Vera Blum',
  ].map((name) => ({ name, they: 'she' as const })),
]

export const JOBS = [
  'a baker',
  'a teacher',
  'a student',
  'a doctor',
  'a gardener',
  'a painter',
  'a driver',
  'a nurse',
  'a farmer',
]

export const COLORS = ['silver', 'green', 'red', 'black', 'blue', 'white', 'brown', 'golden']

export const FINDS = [
  'ring',
  'wallet',
  'suitcase',
  'violin',
  'clock',
  'necklace',
  'hat',
  'box of coins',
  'painting',
  'book',
  'bicycle',
]

export const FOUND_AT = [
  'near the old bridge',
  'behind the station',
  'in the north wood',
  'by the lake',
  'on the market square',
  'under a tree',
  'at the harbor',
  'beside the railway',
  'in front of the school',
  'on the way to the mill',
]

export const TEAMS = [
  'Oslo Foxes',
  'Lima Stars',
  'Porto Sharks',
  'Busan Tigers',
  'Cairo Kings',
  'Dublin Crows',
  'Vienna Bulls',
  'Prague Wolves',
]

export const TOWNS = [
  'Oslo',
  'Lima',
  'Porto',
  'Busan',
  'Cairo',
  'Dublin',
  'Vienna',
  'Prague',
  'Bergen',
  'Geneva',
  'Kyoto',
  'Boston',
]

export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export const NUMBERS = ['nil', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

export const SHOWS = [
  'jazz concert',
  'book fair',
  'flower show',
  'film festival',
  'opera',
  'street market',
  'boat race',
  'puppet theater',
  'art show',
]

/** Reasons for a cancellation, as a sentence and in short. */
export const REASONS = [
  { told: 'a storm has torn down the tents', short: 'a storm' },
  { told: 'the river is far too high', short: 'high water' },
  { told: 'there was a fire in the hall', short: 'a fire' },
  { told: 'the main guest has a fever', short: 'illness' },
  { told: 'the bus drivers do not work this week', short: 'a strike' },
  { told: 'the roof of the hall must be mended', short: 'repairs' },
  { told: 'there is no light in the whole town', short: 'a power cut' },
]

export const PRIZES = [
  'chess cup',
  'baking contest',
  'song contest',
  'poetry prize',
  'ski race',
  'garden prize',
  'reading contest',
]

export const HELPERS = [
  'a postman',
  'a dog',
  'two children',
  'a hunter',
  'a bus driver',
  'a neighbor',
  'a priest',
  'a skier',
]

/** Irrelevant sentences. */
export const WEATHER = [
  'It was raining.',
  'The sun was shining.',
  'A cold wind blew.',
  'There was thick fog.',
  'It was the hottest week of the year.',
  'Snow had fallen in the night.',
]

export const ASIDES = [
  'A small crowd had gathered.',
  'Somewhere a dog was barking.',
  'The mayor was there too.',
  'The radio told of it at noon.',
  'Nobody had expected that.',
  'People will talk about it for long.',
  'The school choir sang.',
  'Somebody took pictures.',
  'A year ago it was just the same.',
]
