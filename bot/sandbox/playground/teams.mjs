// A person at the Playground, Microsoft's local Teams client: opens a
// conversation, types, fills cards in and clicks them. Every wait is for
// something to be seen; none is for time to pass.
//
//   const teams = await Teams.open('http://localhost:56150', {shots: '.ci/out/browser'})
//   await teams.chat()
//   await teams.say('solicitar')
//   await teams.card('Paso 1').choose('Tipo de cuenta', 'Docente')
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {launch} from './chromium.mjs'

// face lends Teams' font, which is not free, the looks of the nearest that is.
const face = `@font-face { font-family: "Segoe UI"; src: local("Open Sans") }
  @font-face { font-family: "Segoe UI"; font-weight: 600; src: local("Open Sans SemiBold"), local("Open Sans Semibold") }`

// patience is how long, in milliseconds, anything may take to be seen, on a busy machine too.
const patience = 60_000

export class Teams {
  #browser
  #page
  #shots
  #shot = 0
  #newestFirst = false // as in a channel

  static async open(url, {shots, locale = 'es-MX', width = 1440, height = 1000} = {}) {
    const teams = new Teams()
    teams.#browser = await launch()
    const context = await teams.#browser.newContext({locale, timezoneId: 'America/Monterrey', viewport: {width, height}})
    context.setDefaultTimeout(patience)
    teams.#page = await context.newPage()
    teams.#shots = shots
    if (shots) mkdirSync(shots, {recursive: true})
    await teams.#page.goto(url)
    await teams.#page.addStyleTag({content: face})
    await teams.#settled()
    return teams
  }

  close() {
    return this.#browser.close()
  }

  // The page is usable once its own greeting of the bot (an installationUpdate and
  // a conversationUpdate) stands answered in its log.
  async #settled() {
    await this.#box.first().waitFor()
    await this.#page.getByText('conversationUpdate').first().waitFor()
    await this.#page.getByRole('button', {name: 'Hide log panel'}).click()
  }

  get #box() {
    return this.#page.locator('[role=textbox][contenteditable]')
  }

  // chat opens a conversation by its name in the list: the personal chat unless
  // named, a group chat, or "team - channel".
  async chat(name = 'Personal Chat') {
    this.#newestFirst = name instanceof RegExp || name.includes(' - ')
    await this.#page.getByRole('treeitem', {name, exact: typeof name === 'string'}).click()
    await this.#box.first().waitFor()
    await this.rest(200)
  }

  async conversations() {
    const items = await this.#page.getByRole('treeitem').all()
    return Promise.all(items.map((item) => item.getAttribute('aria-label')))
  }

  // say sends a message in the personal or the group chat.
  async say(text) {
    await this.#box.last().click()
    await this.#page.keyboard.insertText(text)
    await this.#page.keyboard.press('Enter')
  }

  // mention starts a thread in a channel with "@bot text".
  async mention(bot, text) {
    await this.#box.first().click()
    await this.#page.keyboard.type('@')
    await this.#page.getByRole('menuitem', {name: bot}).click()
    await this.#page.keyboard.insertText(' ' + text)
    await this.#page.getByRole('button', {name: 'Post', exact: true}).first().click()
  }

  // sees waits for a message or a card with that text, the newest if there are several.
  async sees(text) {
    const found = this.#page.getByText(text).last()
    await found.waitFor()
    const show = () => found.scrollIntoViewIfNeeded()
    await show().catch(show) // a card that was drawn anew meanwhile is another element
  }

  // answer does something and waits until one more message with that text is shown.
  async answer(text, does) {
    const found = this.#page.locator('p').filter({hasText: text}) // not the list of chats, which quotes the last
    const before = await found.count()
    await does()
    await found.nth(before).waitFor()
  }

  // rest waits until nothing on the page has changed for so many milliseconds.
  async rest(quiet) {
    await this.#page.locator('body').evaluate(atRest, quiet)
  }

  // gone waits until no card with that text is shown.
  async gone(text) {
    await this.#page.locator('.ac-preview-panel').filter({hasText: text}).first().waitFor({state: 'detached'})
  }

  // count tells how many cards with that text are shown now.
  count(text) {
    return this.#page.locator('.ac-preview-panel').filter({hasText: text}).count()
  }

  // cards waits until so many cards with that text are shown.
  async cards(text, n) {
    await this.#page.locator('.ac-preview-panel').filter({hasText: text}).nth(n - 1).waitFor()
  }

  // card is the newest card, or the newest with that text (a string or a RegExp).
  card(text) {
    const cards = this.#page.locator('.ac-preview-panel')
    const fit = text ? cards.filter({hasText: text}) : cards
    return new Card(this.#page, this.#newestFirst ? fit.first() : fit.last())
  }

  // shot keeps a picture of what the person sees, numbered in the order of the story.
  async shot(name) {
    if (!this.#shots) return
    await this.#page.evaluate(() => document.querySelectorAll('html, body').forEach((e) => { e.scrollTop = 0 }))
    await this.rest(300)
    const file = `${String(++this.#shot).padStart(2, '0')}-${slug(name)}.png`
    await this.#page.screenshot({path: join(this.#shots, file), animations: 'disabled'})
  }
}

export class Card {
  #page
  #root

  constructor(page, root) {
    this.#page = page
    this.#root = root
  }

  // shown waits until the card is there and at rest. The Playground draws a card
  // anew when a message arrives near it, and what was typed meanwhile is lost.
  async shown() {
    do {
      await this.#root.waitFor()
      await this.#root.scrollIntoViewIfNeeded()
    } while (!await this.#root.evaluate(atRest, 200))
    return this
  }

  async sees(text) {
    await this.#root.getByText(text).first().waitFor()
    return this
  }

  text() {
    return this.#root.innerText()
  }

  buttons() {
    return this.#root.getByRole('button').allInnerTexts()
  }

  // tick marks a box of a list by its title.
  async tick(title) {
    await this.shown()
    await this.#root.getByRole('checkbox', {name: title}).check()
  }

  // complete fills a form in: {label: text}, {label: {choose: title}}, {label: {date: 'today'}}.
  async complete(fields) {
    await this.shown()
    for (const [label, value] of Object.entries(fields)) {
      if (value.choose) await this.#choose(label, value.choose)
      else if (value.date) await this.#today(label)
      else await this.#field(label).fill(value)
    }
  }

  async fill(label, text) {
    await this.complete({[label]: text})
  }

  // value is what stands in an input.
  async value(label) {
    await this.shown()
    return this.#field(label).inputValue()
  }

  // tabs goes through the card with the keyboard alone, from the input with that label to
  // the button, and returns what a screen reader calls each stop.
  async tabs(label, button) {
    await this.shown()
    await this.#field(label).focus()
    const names = []
    while (names.length < 30 && names.at(-1) !== button) {
      names.push(await this.#page.evaluate(spokenName))
      await this.#page.keyboard.press('Tab')
    }
    return names
  }

  #field(label) {
    return this.#root.getByLabel(label).first()
  }

  // #choose picks one of a list, or of a row of round buttons.
  async #choose(label, title) {
    const choice = this.#root.getByRole('radiogroup', {name: label}).getByRole('radio', {name: title})
    if (await choice.count()) return choice.check()
    await this.#root.getByRole('combobox', {name: label}).click()
    await this.#page.getByRole('option', {name: title}).first().click()
  }

  // #today chooses the day that a date's calendar opens on.
  async #today(label) {
    await this.#root.getByRole('combobox', {name: label}).click()
    await this.#page.locator('[aria-current=date]').first().click()
  }

  async click(title) {
    await this.shown()
    await this.#root.getByRole('button', {name: title}).last().click()
  }
}

// atRest runs in the page: true when nothing in the element changed for so many
// milliseconds and it is still there.
function atRest(element, quiet) {
  return new Promise((resolve) => {
    const done = () => { observer.disconnect(); resolve(element.isConnected) }
    let timer = setTimeout(done, quiet)
    const observer = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, quiet) })
    observer.observe(element, {subtree: true, childList: true, attributes: true, characterData: true})
  })
}

// spokenName runs in the page: the name of what has the focus.
function spokenName() {
  const e = document.activeElement
  const labels = (e.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.innerText)
  const name = labels.filter(Boolean).join(' ') || e.getAttribute('aria-label') || e.innerText || e.tagName
  return name.replace(/\s+/g, ' ').trim()
}

const slug = (name) => name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[^\w]+/g, '-').toLowerCase()
