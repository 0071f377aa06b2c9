// The mode pages of the demo: says what this browser keeps and has sent, read from the browser itself and not from Slotwise.

;(() => {
  const words = JSON.parse(document.getElementById('modes-words').textContent)
  const show = (name, text) => {
    document.querySelector(`[data-kept="${name}"]`).textContent = text
  }
  const listed = (names) => (names.length ? `${names.length}: ${names.join(', ')}` : words.none)

  const look = async () => {
    // Firefox before 126 does not tell.
    const databases = (await indexedDB.databases?.()) ?? []
    show('databases', listed(databases.map(({ name }) => name)))
    show('keys', listed(Object.keys(localStorage)))
    show('cookies', listed(document.cookie ? document.cookie.split('; ') : []))
    show('collected', String(performance.getEntriesByType('resource').filter(({ name }) => name.includes('/collect/')).length))
  }
  const follow = (site) => {
    const answered = () => {
      const consent = site.consent()
      show('answer', ['personalize', 'measure'].map((purpose) => `${words[purpose]}: ${words[consent[purpose]]}`).join('; '))
    }
    for (const stage of ['consent', 'event', 'segments', 'row', 'sync']) site.on(stage, () => setTimeout(look, 50))
    site.on('consent', answered)
    document.querySelector('[data-fresh]').addEventListener('click', () => site.forget().then(() => location.reload()))
  }
  look()
  setInterval(look, 1000)
  window.slotwise = window.slotwise || []
  window.slotwise.push(follow)
})()
