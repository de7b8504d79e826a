/**
 * The script of pages with attention heads. It reads the weights of a head from its picture, whose opacity is the square root of the
 * weight, so that the page holds them once. Everything that it shows can be reached with the keyboard.
 */
export const HEADS_SCRIPT = `
for (const root of document.querySelectorAll('.heads')) {
  const all = (selector) => [...root.querySelectorAll(selector)]
  const buttons = all('button.head')
  const lists = all('.tokens')
  const spans = lists.map((list) => [...list.querySelectorAll('span')])
  const queries = spans[0]
  const keys = spans[spans.length - 1]
  const map = root.querySelector('.weight-map')
  const image = map.querySelector('image')
  const mark = map.querySelector('.chosen')
  const title = root.querySelector('.head-title')
  const answer = root.querySelector('.answer')
  const reverse = root.querySelector('.reverse')
  const block = Number(root.dataset.block)
  let weights = null
  let chosen = Math.min(queries.length - 1, Math.floor(queries.length / 2))

  const isReversed = () => reverse !== null && reverse.checked
  const nameOf = (span) => {
    const text = span.textContent.replace(/\\u23ce\\n/g, '\\u23ce')
    return /^\\s+$/.test(text) ? text.replace(/ /g, '\\u2423') : text
  }
  const percent = (weight) => (100 * weight).toFixed(weight < 0.0995 ? 1 : 0) + '\\u00a0%'

  function weightOf(from, to) {
    const row = Math.floor((isReversed() ? to : from) / block)
    const column = Math.floor((isReversed() ? from : to) / block)
    const opacity = weights.data[4 * (row * weights.width + column) + 3] / 255
    return opacity * opacity
  }

  function show() {
    const [own, others] = isReversed() ? [keys, queries] : [queries, keys]
    chosen = Math.min(chosen, own.length - 1)
    for (const list of spans) for (const span of list) { span.className = span.className.replace(/ ?(low|picked)/g, ''); span.removeAttribute('aria-selected'); span.tabIndex = -1; span.title = '' }
    if (weights !== null) {
      const seen = others.map((span, i) => ({ span, weight: weightOf(chosen, i) }))
      // Weights of a long text are all small: the strongest is in full color.
      const scale = Math.max(0.2, ...seen.map(({ weight }) => weight))
      for (const { span, weight } of seen) {
        span.className += ' low'
        span.style.setProperty('--share', Math.round(100 * Math.sqrt(weight / scale)) + '%')
        span.title = percent(weight)
      }
      const best = seen.filter(({ weight }) => weight > 0.0005).sort((a, b) => b.weight - a.weight).slice(0, 6)
      answer.replaceChildren()
      const strong = document.createElement('b')
      strong.textContent = nameOf(own[chosen])
      answer.append(strong, isReversed() ? ' is looked at by ' : ' looks at ')
      best.forEach(({ span, weight }, i) => {
        const key = document.createElement('b')
        key.textContent = nameOf(span)
        answer.append(i > 0 ? ', ' : '', key, '\\u00a0' + percent(weight))
      })
      if (best.length === 0) answer.append('nothing')
    }
    const span = own[chosen]
    span.className += ' picked'
    span.setAttribute('aria-selected', 'true')
    span.tabIndex = 0
    const cell = Number(map.dataset.cell)
    const place = cell * Math.floor(chosen / block)
    const [left, top] = [Number(map.dataset.left), Number(map.dataset.top)]
    const box = isReversed()
      ? { x: left + place, y: top, width: cell, height: image.height.baseVal.value }
      : { x: left, y: top + place, width: image.width.baseVal.value, height: cell }
    for (const key in box) mark.setAttribute(key, box[key])
    mark.removeAttribute('hidden')
  }

  async function choose(button, focus) {
    for (const each of buttons) { each.setAttribute('aria-pressed', String(each === button)); each.tabIndex = each === button ? 0 : -1 }
    if (focus) button.focus()
    title.textContent = button.title
    const source = button.dataset.map || button.querySelector('img').src
    image.setAttribute('href', source)
    const picture = new Image()
    picture.src = source
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = picture.naturalWidth
    canvas.height = picture.naturalHeight
    const context = canvas.getContext('2d')
    context.drawImage(picture, 0, 0)
    if (button.getAttribute('aria-pressed') !== 'true') return
    weights = context.getImageData(0, 0, canvas.width, canvas.height)
    show()
  }

  function moved(key, at, count, width) {
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - width, ArrowDown: at + width, Home: 0, End: count - 1 }
    return key in places ? Math.min(count - 1, Math.max(0, places[key])) : null
  }

  const columns = Math.max(1, Number(root.dataset.columns))
  buttons.forEach((button, i) => {
    button.addEventListener('click', () => choose(button))
    button.addEventListener('keydown', (event) => {
      const next = moved(event.key, i, buttons.length, columns)
      if (next === null) return
      event.preventDefault()
      choose(buttons[next], true)
    })
  })
  lists.forEach((list, l) => {
    const pick = (i, focus) => {
      const own = isReversed() ? keys : queries
      if (spans[l] !== own) return
      chosen = i
      show()
      if (focus) own[i].focus()
    }
    spans[l].forEach((span, i) => {
      span.setAttribute('role', 'option')
      span.addEventListener('click', () => pick(i))
      span.addEventListener('keydown', (event) => {
        const next = moved(event.key, i, spans[l].length, 1)
        if (next === null) return
        event.preventDefault()
        pick(next, true)
      })
    })
  })
  map.addEventListener('click', (event) => {
    const area = image.getBoundingClientRect()
    const share = isReversed() ? (event.clientX - area.left) / area.width : (event.clientY - area.top) / area.height
    const own = isReversed() ? keys : queries
    const cells = Math.ceil(own.length / block)
    if (share < 0 || share >= 1) return
    chosen = Math.min(own.length - 1, Math.floor(share * cells) * block)
    show()
  })
  if (reverse !== null) reverse.addEventListener('change', show)
  root.classList.add('live')
  choose(buttons.find((button) => button.getAttribute('aria-pressed') === 'true') || buttons[0])
}
`
