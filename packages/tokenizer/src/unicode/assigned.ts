import { inRanges } from './in-ranges.ts'

/**
 * The version of the Unicode data that every part of this package uses, whichever version the JavaScript engine has. It is that of the
 * regular expressions of the Rust library 0.23.
 */
export const UNICODE_VERSION = '16.0.0'

/** Whether a code point is assigned in that version; characters that were added later are treated as unassigned. */
export function isAssigned(code: number): boolean {
  if (code < 0x378) return true
  unassigned ??= unassignedRanges()
  return !inRanges(unassigned.starts, unassigned.ends, code)
}

interface Ranges {
  readonly starts: number[]
  readonly ends: number[]
}

let unassigned: Ranges | undefined

// In turn the distance from the end of the range before and the length of the range, each as 26 times its number plus its letter (a: 0).
function unassignedRanges(): Ranges {
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const [, gapHigh, gapLow, high, low] of UNASSIGNED.matchAll(/(\d*)([a-z])(\d*)([a-z])/g)) {
    at += numberOf(gapHigh!, gapLow!)
    starts.push(at)
    at += numberOf(high!, low!)
    ends.push(at - 1)
  }
  return { starts, ends }
}

const numberOf = (high: string, low: string): number => 26 * Number(high) + Number.parseInt(low, 36) - 10

const UNASSIGNED =
  '34ecgehbbbub15hb1mc1ycdb2di1begl10kb2ic3xo2hc1xcpb1ccbblf1fbcf9dbicccwbhbbdecjccceibecbfczcdbgeccwbhbcbcbccbbfeccddbhebbhrkdbjbdbwbhbcbf' +
  'ckbdbdcbpecmhhbdbicccwbhbcbfcjcccdhdecbfcskcbgddbedcbbbcdcdddmefddbecbgbovfnbdbxbqcjbdbehcbdcbceckhwbdbxbkbfcjbdbehcgcbeckbdmnbdb1zbdbge' +
  'qc1abdbsdybjbbchdbegbbbigkcdm2ge1d1lcbbbfbybbbxcfbbbhbkce1g2ub1ke1nb1kbpbn1l7qbbfbc14nbechbbbec1pbec1hbechbbbecpb2fbec2pc1gd1ag3icgc25td' +
  '3lhwjyjumnbdbcm3qckgkg1ag3lh1rf2sk1fbmemebd1qcfl1se1agld2kc2nb1dclgkgoc1f1x2zb6ki2idpd2kf1rcli1rf20ocgc1mcgcibbbbbbb1fc2bbpbocgbtcdbjb3x' +
  'bmc1bbnd1hp1hp5ke25qwlv69sc1gb13lf1tbbfbc2ehcoyjhbhbhbhbhbhbhbhb4w1i1ab3lm8g1a3cb3ic3zf1rb3qb3ij1wb1126rd2dj13ku7ci7yccbbbiv2hdkg2ei2sim' +
  'g4ml1ed3able1hb2djockc3zy1ckgcgcgjhbhb2ie4wckg429smxe1xe339ac4c1mhmff1abfbbbcbcb4vq17dc2chb1g1qg1zbtbeefb5fcbb7idgcgcgcddhbhkfcmb1abtbcb' +
  'pco1i4tfde1td3kbndb1v1u5a1dd1xp1ce1kj1ef1rf1eb1leo1q6cckg1ke1ke1oi2almbpbhbcblbpbhbcd2am11zjwkiygb1qbj2rgcbb1sbcdbcxb2uij1wtbcf1hd1bfb2m' +
  '2eeuc1ybcfibdb1dcdekhjh2m1g1nemj2cd1dc1bf1ahemh3c2v2d1zn1zh1uikg1md1dic8a1fb1qbdccqd2d1si1qw1a1m1cuxj3ae1kj2qkbczhkg2bbsi1nj3sbulsb1v2kh' +
  'bbbebpblg2hfkgebicccwbhbcbfbkcccdcbgbfhchdflkbbcbb1mbkbbcbbebkbcic1d3obf1e2uik6k2cc1m1i2rlkgnt2ggkgu1c1bcpex7d2i3w3fmicbcibcb1ebccmjk2si' +
  'c1ucl1b2ui3fn2vhk7a1iokgjb1tbok1dd1gcwbo2vhbcb1sdbbcbjikggbcb1lbcbghk11yzhrb1pd1d3hbp1yn35n3y4hbfl7o101k3vn42sk153rf22l263d2g66s21xh1fbk' +
  'e3dbkg1ecgk2skkbhbvft16q2g7q3n3x2xe2fhr2mflco236ai47q1pk343rebhbcb11fpb1ddcboei15g88u4dfndjhkci151g9qg16u2y1ucxj4m2i9mk1nc7mv2s4sumum3jj' +
  'z5f3hb2tbccbcccebmbbbhb2nbecibhb1cbebfbbdhb13cc11gc27apfbp42m1fgg8fhbrchbcbff2k1hb4i1tdockec12i1fr2gfb17w1q8g1reb18mhbebcbpb7pcq1p2yekec' +
  '30f2q2y2j7meb1bbcbbcbbkbebbbbgbebbbbbbdbcbbcbbbbbbbbbbcbbcebhbebebbbkbrfdbfbr2ac10k1se3wmpcpbpb1lk6s2e1dn1sejhcog5y37werdnd4pe3rgmebpme2' +
  'eikg1oi1ecmec2k13cmocndkf2ehpclgjh5rb3y39q1643c1g159ug8oc221qo287lp23y94w20w57y189zf161g27375lb1e3s4y9g2501o2520oc2520oc'
