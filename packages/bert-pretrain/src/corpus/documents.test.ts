import { expect, it } from 'vitest'
import { splitDocuments } from './documents.ts'

const text = 'One. Two.\nThree\r\n\n\n나는 갔다. 그가\n왔다.\n'

it('splits at empty lines; a line ends a sentence', () => {
  expect(splitDocuments(text, { documents: 'blank-lines', wrapped: false })).toEqual([
    ['One.', 'Two.', 'Three'],
    ['나는 갔다.', '그가', '왔다.'],
  ])
})

it('joins the lines of a wrapped text', () => {
  expect(splitDocuments(text, { documents: 'blank-lines', wrapped: true })).toEqual([
    ['One.', 'Two.', 'Three'],
    ['나는 갔다.', '그가 왔다.'],
  ])
})

it('takes each line for a document', () => {
  expect(splitDocuments(text, { documents: 'lines', wrapped: false })).toEqual([
    ['One.', 'Two.'],
    ['Three'],
    ['나는 갔다.', '그가'],
    ['왔다.'],
  ])
})
