const DIGIT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** The digits in words: `four two`. */
export const wordsOf = (digits: readonly number[]): string => digits.map((digit) => DIGIT_WORDS[digit]!).join(' ')
