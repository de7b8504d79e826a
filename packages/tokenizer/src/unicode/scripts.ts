import { isAssigned } from './assigned.ts'

/** Names of the scripts of Unicode. */
export const SCRIPTS =
  'Latin Common Hangul Han Hiragana Katakana Cyrillic Greek Arabic Hebrew Thai Devanagari Inherited Adlam Ahom Anatolian_Hieroglyphs ' +
  'Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian ' +
  'Caucasian_Albanian Chakma Cham Cherokee Chorasmian Coptic Cuneiform Cypriot Cypro_Minoan Deseret Dives_Akuru Dogra Duployan ' +
  'Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Gujarati Gunjala_Gondi Gurmukhi Hanifi_Rohingya Hanunoo ' +
  'Hatran Imperial_Aramaic Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Kayah_Li Kharoshthi Khitan_Small_Script ' +
  'Khmer Khojki Khudawadi Lao Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen ' +
  'Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar ' +
  'Nabataean Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian ' +
  'Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa ' +
  'Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo ' +
  'Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Tibetan Tifinagh Tirhuta ' +
  'Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square Garay Gurung_Khema Kawi Kirat_Rai Nag_Mundari Ol_Onal Sunuwar ' +
  'Todhri Tulu_Tigalari'

let expressions: readonly RegExp[] | undefined
const known = new Map<number, number>()

/** The number of a code point's script in a list of scripts; -1 for characters that belong to none. */
export function scriptOf(code: number): number {
  let script = known.get(code)
  if (script === undefined) {
    expressions ??= SCRIPTS.split(' ').map(scriptExpression)
    const character = String.fromCodePoint(code)
    script = isAssigned(code) ? expressions.findIndex((expression) => expression.test(character)) : -1
    known.set(code, script)
  }
  return script
}

/** The number of a script by its name. */
export function scriptNumber(name: string): number {
  return SCRIPTS.split(' ').indexOf(name)
}

// An engine with an older Unicode lacks the newest names; none of their characters are known to it either.
function scriptExpression(name: string): RegExp {
  try {
    return new RegExp(`^\\p{Script=${name}}$`, 'u')
  } catch {
    return /(?!)/
  }
}
