import { describe, expect, it } from 'vitest'
import { Markup, markup, phrase } from './markup.ts'

describe('markup', () => {
  it('escapes values, but not other markup', () => {
    const evil = '<img src=x onerror="alert(\'1\')">&'
    expect(markup`<p title="${evil}">${evil}${new Markup('<b>')}</p>`.text).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;<b></p>',
    )
  })

  it('shows control characters and bidi controls', () => {
    expect(markup`<p>${'a\0\u202eb'}</p>`.text).toBe('<p>a␀‹U+202E›b</p>')
  })

  it('joins lists and leaves out what is undefined or false', () => {
    expect(markup`${['a', markup`<i>${1}</i>`, undefined, false, 0]}`.text).toBe('a<i>1</i>0')
  })
})

describe('phrase', () => {
  it('says the language of Korean and Japanese', () => {
    expect(markup`${phrase('나는 I')}`.text).toBe('<span lang="ko">나는 I</span>')
    expect(markup`${phrase('これ')}`.text).toBe('<span lang="ja">これ</span>')
    expect(markup`${phrase('<eos>')}`.text).toBe('&lt;eos&gt;')
  })
})
