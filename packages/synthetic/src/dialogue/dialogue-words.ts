export const NAMES = [
  'Mina',
  'Tom',
  'Sora',
  'Anna',
  'Jonas',
  'Lea',
  'Omar',
  'Yuna',
  'Peter',
  'Nadia',
  'Emil',
  'Clara',
  'Hugo',
  'Ines',
  'Karl',
  'Maya',
  'Felix',
  'Rosa',
  'Simon',
  'Vera',
  'Paul',
  'Jisu',
  'Lina',
  'David',
  'Nora',
]

export const CITIES = [
  'Seoul',
  'Oslo',
  'Lisbon',
  'Vienna',
  'Dublin',
  'Prague',
  'Athens',
  'Busan',
  'Geneva',
  'Kyoto',
  'Lima',
  'Cairo',
  'Helsinki',
  'Bergen',
  'Porto',
  'Boston',
]

export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export const TIMES = [
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'noon',
  'two',
  'three',
  'half past four',
  'midnight',
]

export const FEELINGS = [
  { word: 'happy', good: true },
  { word: 'proud', good: true },
  { word: 'glad', good: true },
  { word: 'excited', good: true },
  { word: 'relieved', good: true },
  { word: 'sad', good: false },
  { word: 'angry', good: false },
  { word: 'worried', good: false },
  { word: 'disappointed', good: false },
  { word: 'upset', good: false },
]

/** Events in the speaker's life, in the words of the speaker and of the listener. */
export const EVENTS = [
  { mine: 'I found my key', yours: 'you found your key', good: true },
  { mine: 'my team won the game', yours: 'your team won the game', good: true },
  { mine: 'I passed my exam', yours: 'you passed your exam', good: true },
  { mine: 'my sister visited me', yours: 'your sister visited you', good: true },
  { mine: 'my boss praised my work', yours: 'your boss praised your work', good: true },
  { mine: 'I repaired my bike myself', yours: 'you repaired your bike yourself', good: true },
  { mine: 'my friends sang for me', yours: 'your friends sang for you', good: true },
  { mine: 'I am going home', yours: 'you are going home', good: true },
  { mine: 'I was given a new job', yours: 'you were given a new job', good: true },
  { mine: 'I lost my key', yours: 'you lost your key', good: false },
  { mine: 'my train was late', yours: 'your train was late', good: false },
  { mine: 'I failed my exam', yours: 'you failed your exam', good: false },
  { mine: 'my neighbor shouted at me', yours: 'your neighbor shouted at you', good: false },
  { mine: 'somebody took my bike', yours: 'somebody took your bike', good: false },
  { mine: 'I cut myself', yours: 'you cut yourself', good: false },
  { mine: 'my friends forgot me', yours: 'your friends forgot you', good: false },
  { mine: 'I am working on Sunday', yours: 'you are working on Sunday', good: false },
  { mine: 'I was left alone with my work', yours: 'you were left alone with your work', good: false },
]

export const REMINDERS = [
  { mine: 'call my sister', yours: 'call your sister' },
  { mine: 'water my plants', yours: 'water your plants' },
  { mine: 'write to my uncle', yours: 'write to your uncle' },
  { mine: 'pay my rent', yours: 'pay your rent' },
  { mine: 'take my pills', yours: 'take your pills' },
  { mine: 'return the books', yours: 'return the books' },
  { mine: 'feed the cat', yours: 'feed the cat' },
  { mine: 'meet my teacher at my school', yours: 'meet your teacher at your school' },
  { mine: 'buy myself some bread', yours: 'buy yourself some bread' },
  { mine: 'bring my coat with me', yours: 'bring your coat with you' },
  { mine: 'wash my car', yours: 'wash your car' },
  { mine: 'pick up my son', yours: 'pick up your son' },
  { mine: 'practise the piano', yours: 'practise the piano' },
  { mine: 'close my windows', yours: 'close your windows' },
]

const WEEKEND = ['Saturday', 'Sunday']

export const PLACES = [
  { name: 'bakery', where: 'next to the church', opens: 'six', closedOn: ['Sunday'] },
  { name: 'library', where: 'behind the town hall', opens: 'ten', closedOn: ['Sunday', 'Monday'] },
  { name: 'museum', where: 'across the river', opens: 'eleven', closedOn: ['Monday'] },
  { name: 'bank', where: 'in Mill Street', opens: 'nine', closedOn: WEEKEND },
  { name: 'post office', where: 'in the station', opens: 'eight', closedOn: WEEKEND },
  { name: 'swimming pool', where: 'beside the stadium', opens: 'seven', closedOn: ['Wednesday'] },
  { name: 'pharmacy', where: 'opposite the hospital', opens: 'eight', closedOn: ['Sunday'] },
  { name: 'cinema', where: 'above the bookshop', opens: 'three', closedOn: ['Tuesday'] },
  { name: 'market', where: 'on the old square', opens: 'seven', closedOn: ['Thursday', 'Sunday'] },
  { name: 'theater', where: 'at the end of Garden Street', opens: 'seven', closedOn: ['Monday', 'Tuesday'] },
  { name: 'zoo', where: 'outside the east gate', opens: 'nine', closedOn: [] as string[] },
  { name: 'bookshop', where: 'under the cinema', opens: 'ten', closedOn: ['Sunday'] },
]

/** Questions with their answers, by kind. */
export const FACTS: readonly {
  readonly ask: (about: string) => string
  readonly answers: readonly (readonly [about: string, answer: string])[]
}[] = [
  {
    ask: (word) => `the opposite of ${word}`,
    answers: [
      ['hot', 'cold'],
      ['early', 'late'],
      ['big', 'small'],
      ['old', 'young'],
      ['rich', 'poor'],
      ['light', 'dark'],
      ['full', 'empty'],
      ['soft', 'hard'],
      ['clean', 'dirty'],
      ['wet', 'dry'],
      ['strong', 'weak'],
      ['loud', 'quiet'],
      ['deep', 'shallow'],
    ],
  },
  {
    ask: (animal) => `the young of ${animal}`,
    answers: [
      ['a dog', 'a puppy'],
      ['a cat', 'a kitten'],
      ['a cow', 'a calf'],
      ['a sheep', 'a lamb'],
      ['a horse', 'a foal'],
      ['a hen', 'a chick'],
      ['a goat', 'a kid'],
      ['a duck', 'a duckling'],
      ['a pig', 'a piglet'],
      ['a goose', 'a gosling'],
    ],
  },
  {
    ask: (day) => `the day after ${day}`,
    answers: DAYS.map((day, i) => [day, DAYS[(i + 1) % DAYS.length]!] as const),
  },
  {
    ask: (day) => `the day before ${day}`,
    answers: DAYS.map((day, i) => [day, DAYS[(i + 6) % DAYS.length]!] as const),
  },
  {
    ask: (thing) => `the color of ${thing}`,
    answers: [
      ['snow', 'white'],
      ['a lemon', 'yellow'],
      ['grass', 'green'],
      ['coal', 'black'],
      ['blood', 'red'],
      ['a carrot', 'orange'],
      ['the clear sky', 'blue'],
      ['an elephant', 'gray'],
      ['chocolate', 'brown'],
    ],
  },
]

export const ACTIVITIES = [
  'swimming',
  'cooking soup',
  'reading old letters',
  'dancing',
  'long walks',
  'playing chess',
  'climbing trees',
  'early mornings',
  'riding a bike',
  'singing',
  'fishing',
  'painting',
  'baking bread',
  'watching birds',
]

export const TOPICS = [
  'green tea',
  'black coffee',
  'cold weather',
  'loud music',
  'small dogs',
  'big cities',
  'old films',
  'warm milk',
  'red apples',
  'white chocolate',
  'modern art',
  'fresh fish',
  'mathematics',
  'fairy tales',
]

export const ORDERS = [
  'a cup of tea',
  'a bowl of rice',
  'a glass of water',
  'an omelet',
  'a slice of cake',
  'a salad',
  'a sandwich',
  'an apple',
  'a plate of cheese',
  'a pot of coffee',
  'a hot chocolate',
  'an orange juice',
]
