/**
 * Something that shows what a trained model does, as data. Each kind has an interface of its own beside this one; who draws
 * exhibits looks up how to draw a kind by its name, so that plugins can add kinds.
 */
export interface Exhibit {
  readonly kind: string
  readonly title: string
}
