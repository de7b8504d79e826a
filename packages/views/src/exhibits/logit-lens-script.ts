/** The script of pages with a logit lens: the cell under the pointer or the keyboard's focus is told in full above the table. */
export const LENS_SCRIPT = `
for (const root of document.querySelectorAll('.lens')) {
  const answer = root.querySelector('.answer')
  const rows = [...root.querySelectorAll('tr')].map((row) => [...row.querySelectorAll('td')]).filter((row) => row.length > 0)
  let current = null
  const show = (cell) => {
    if (current !== null) { current.tabIndex = -1; current.classList.remove('picked') }
    current = cell
    cell.tabIndex = 0
    cell.classList.add('picked')
    answer.textContent = cell.title
  }
  rows.forEach((row, r) => row.forEach((cell, c) => {
    cell.tabIndex = -1
    cell.addEventListener('pointerenter', () => { if (document.activeElement !== current) show(cell) })
    cell.addEventListener('click', () => { show(cell); cell.focus() })
    cell.addEventListener('focus', () => show(cell))
    cell.addEventListener('keydown', (event) => {
      const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -c], End: [0, row.length - 1 - c] }[event.key] || [0, 0]
      if (down === 0 && right === 0) return
      const next = (rows[r + down] || row)[c + right]
      if (!next) return
      event.preventDefault()
      next.focus()
    })
  }))
  root.classList.add('live')
  if (rows.length > 0) show(rows[0][0])
}
`
