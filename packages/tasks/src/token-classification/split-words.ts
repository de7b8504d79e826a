/** The words of a text: parts between spaces, without the punctuation at their ends, each mark of which is a word. */
export function splitWords(text: string): string[] {
  return text.split(/\s+/u).flatMap((part) => {
    const [, before = '', word = '', after = ''] = /^(\p{P}*)(.*?)(\p{P}*)$/su.exec(part) ?? []
    return [...before, word, ...after].filter((piece) => piece !== '')
  })
}
