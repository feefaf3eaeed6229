// Gets the person's token from Teams, posts it once, and opens the first list.
'use strict'

const patience = 15000 // milliseconds that Teams may take

function within(promise) {
  return Promise.race([promise, new Promise((_, refuse) => setTimeout(() => refuse(new Error('no answer')), patience))])
}

function fail(text) {
  const failed = document.getElementById('failed')
  if (text) failed.textContent = text
  document.getElementById('opening').hidden = true
  failed.hidden = false
}

async function open() {
  const {app, authentication} = window.microsoftTeams
  await within(app.initialize())
  const context = await within(app.getContext())
  const token = await within(authentication.getAuthToken())
  const {locale = '', theme = ''} = context.app
  document.documentElement.dataset.theme = theme
  const answer = await fetch('/panel/sesion', {method: 'POST', body: new URLSearchParams({token, locale, theme})})
  if (answer.ok) location.replace('/panel/inicio?entrada=1')
  else fail(await answer.text())
}

open().catch(() => fail())
