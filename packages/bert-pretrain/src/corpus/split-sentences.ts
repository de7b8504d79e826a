/** Words before a full stop that end no sentence, in lower case and without their last stop. */
const ABBREVIATIONS = new Set(
  (
    'mr mrs ms dr prof rev hon st sr jr gen col capt lt sgt gov sen rep pres messrs ' +
    'vs etc cf al approx dept est fig figs eq eqs no nos vol vols ch sec pp ed eds ' +
    'inc ltd co corp bros univ ave blvd rd e.g i.e a.m p.m u.s u.k u.n ph.d b.c a.d d.c ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat'
  ).split(' '),
)

/** Signs that end a sentence, with what closes it; full-width ones need no space after them. */
const END =
  /(?:[.!?\u2026]+["'\u201d\u2019)\]}\u00bb\u300d\u300f\u300b\u3009\u3011]*(?=\s|$))|(?:[\u3002\uff01\uff1f\uff61]+["'\u201d\u2019)\]}\u300d\u300f\u300b\u3009\u3011]*)/g

/**
 * Splits a text into its sentences. Signs of Korean, English, Japanese and Chinese end one, with the quotes and brackets that close
 * after them; an abbreviation, an initial, a numbered item and a stop before a small letter do not. The rules are fixed, so that every
 * engine gives the same sentences. White space around sentences falls away, and nothing else.
 */
export function splitSentences(text: string): string[] {
  const sentences: string[] = []
  let start = 0
  for (const { 0: sign, index } of text.matchAll(END)) {
    const end = index + sign.length
    if (sign.startsWith('.') && !endsSentence(text, start, index, end)) continue
    push(sentences, text.slice(start, end))
    start = end
  }
  push(sentences, text.slice(start))
  return sentences
}

/** Whether the stop at `at` ends a sentence that began at `start`; `end` is after the quotes that close it. */
function endsSentence(text: string, start: number, at: number, end: number): boolean {
  let from = at
  while (from > start && !/[\s("'\u201c\u2018[]/.test(text[from - 1]!)) from--
  const word = text.slice(from, at)
  // 'J.' of a name, and '1.' of a list, when nothing stands before it.
  if (/^\p{Lu}$/u.test(word)) return false
  if (/^\d{1,3}$/.test(word) && text.slice(start, from).trim() === '') return false
  if (text[at + 1] !== '.' && ABBREVIATIONS.has(word.toLowerCase())) return false
  const next = text.slice(end, end + 40).trimStart()
  return !/^\p{Ll}/u.test(next)
}

function push(sentences: string[], sentence: string): void {
  const trimmed = sentence.trim()
  if (trimmed !== '') sentences.push(trimmed)
}
