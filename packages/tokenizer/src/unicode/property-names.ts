/** General categories of Unicode by their long names. */
export const CATEGORIES: Readonly<Record<string, string>> = {
  other: 'C',
  control: 'Cc',
  format: 'Cf',
  unassigned: 'Cn',
  privateuse: 'Co',
  surrogate: 'Cs',
  letter: 'L',
  casedletter: 'LC',
  lowercaseletter: 'Ll',
  modifierletter: 'Lm',
  otherletter: 'Lo',
  titlecaseletter: 'Lt',
  uppercaseletter: 'Lu',
  mark: 'M',
  combiningmark: 'M',
  spacingmark: 'Mc',
  enclosingmark: 'Me',
  nonspacingmark: 'Mn',
  number: 'N',
  decimalnumber: 'Nd',
  letternumber: 'Nl',
  othernumber: 'No',
  punctuation: 'P',
  connectorpunctuation: 'Pc',
  dashpunctuation: 'Pd',
  closepunctuation: 'Pe',
  finalpunctuation: 'Pf',
  initialpunctuation: 'Pi',
  otherpunctuation: 'Po',
  openpunctuation: 'Ps',
  symbol: 'S',
  currencysymbol: 'Sc',
  modifiersymbol: 'Sk',
  mathsymbol: 'Sm',
  othersymbol: 'So',
  separator: 'Z',
  lineseparator: 'Zl',
  paragraphseparator: 'Zp',
  spaceseparator: 'Zs',
}

/** Binary properties that JavaScript's regular expressions know, by long name and alias. */
export const BINARY_PROPERTIES =
  'ASCII_Hex_Digit AHex Alphabetic Alpha Bidi_Control Bidi_C Case_Ignorable CI Cased Changes_When_Casefolded CWCF Changes_When_Casemapped ' +
  'CWCM Changes_When_Lowercased CWL Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash Default_Ignorable_Code_Point DI ' +
  'Deprecated Dep Diacritic Dia Emoji Emoji_Component EComp Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation EPres ' +
  'Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB ' +
  'IDS_Trinary_Operator IDST ID_Continue IDC ID_Start IDS Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Math ' +
  'Noncharacter_Code_Point NChar Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Quotation_Mark QMark Radical Regional_Indicator RI ' +
  'Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo Uppercase Variation_Selector VS White_Space ' +
  'XID_Continue XIDC XID_Start XIDS'
