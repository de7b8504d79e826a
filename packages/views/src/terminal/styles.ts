import pc from 'picocolors'

/** Functions that style text of a terminal, or leave it as it is where there are no colors. */
export const styles = (colors: boolean): Pick<typeof pc, 'bold' | 'dim' | 'green' | 'red' | 'underline'> =>
  pc.createColors(colors)

/** A heading with an empty line before it. */
export const heading = (text: string, colors: boolean): string[] => ['', styles(colors).bold(text)]
