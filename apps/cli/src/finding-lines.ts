import type { Finding } from '@heddle/tasks'

/** A line for each finding about data, with some of the examples behind it. */
export const findingLines = (findings: readonly Finding[]): string[] =>
  findings.map(({ isWarning, message, shown = [] }) => {
    const examples = shown.length === 0 ? '' : `: ${shown.map((text) => JSON.stringify(text)).join(', ')}`
    return `${isWarning ? '!' : '✓'} ${examples === '' ? message : message.replace(/\.$/, '')}${examples}`
  })
