import { type Contribution, ExtensionPoint } from '@heddle/core'
import type { Exhibit } from '@heddle/tasks'
import * as z from 'zod'
import type { Markup } from './page/markup.ts'

/** The terminal that lines are drawn for. */
export interface TerminalOptions {
  readonly colors: boolean
  /** Width in characters. */
  readonly columns: number
}

/**
 * Draws exhibits of one kind, in HTML and as lines of a terminal. Each function receives all exhibits of that kind, so that they
 * can share a heading.
 *
 * @typeParam E the exhibits of the kind
 */
export interface ExhibitView<E extends Exhibit> {
  /** Sections of a page. Build them with `markup`, which escapes. */
  html(exhibits: readonly E[]): Markup
  /** Lines with a heading before them (see `heading`). Control characters of the exhibits' texts are visible already. */
  terminal(exhibits: readonly E[], options: TerminalOptions): string[]
  /** Pictures of one exhibit for tools that show no HTML, such as TensorBoard (default none). */
  pictures?(exhibit: E): readonly ExhibitPicture[]
}

/** A picture as a PNG file. */
export interface ExhibitPicture {
  readonly png: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** Meaning of rows, columns and colors, in Markdown. */
  readonly description: string
  /** Further words on this picture alone, in Markdown. */
  readonly caption?: string
}

/** The extension point of views of exhibits. The name of a view is the kind of exhibit that it draws. */
// biome-ignore lint/suspicious/noExplicitAny: each view draws the exhibits of its own kind only
export const exhibitViewPoint = new ExtensionPoint<ExhibitView<any>>('exhibit-view')

/** A contribution to {@link exhibitViewPoint}. */
export function exhibitView<E extends Exhibit>(
  parts: { readonly name: E['kind']; readonly summary: string } & ExhibitView<E>,
): Contribution {
  const { name, summary, ...view } = parts
  return exhibitViewPoint.of({ name, summary, config: z.strictObject({}), create: () => view })
}
