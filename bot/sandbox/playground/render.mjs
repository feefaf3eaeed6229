// Draws every card of a folder as Teams would, light and dark, narrow and wide,
// and fails on what the parser or lint.mjs has to say of it, and on what is cut, with
// the text at twice its size too.
//
//   node render.mjs DIR [OUT]        OUT: where the pictures go, DIR unless given
//
// Microsoft's parser and host configurations come from node_modules; nothing is
// asked of the network. Each card gives name.light.300.png and so on, and all
// of a folder together contact.light.png and contact.dark.png.
import {mkdirSync, readFileSync, readdirSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join, relative} from 'node:path'
import MarkdownIt from 'markdown-it'
import {launch} from './chromium.mjs'
import {drawnByTeams, faults} from './lint.mjs'

const require = createRequire(import.meta.url)
const themes = ['light', 'dark']
const widths = [300, 600]

// The contrast that each text is to have. Teams' dark colours are newer, and brighter,
// than those of the designer's dark configuration: its red has 3.2.
const contrasts = {light: 4.5, dark: 3}

// readCards returns {name, card} for every card in the folder's JSON files; a file
// may hold a card, or a message whose attachments are cards.
export function readCards(dir) {
  const files = readdirSync(dir, {recursive: true}).filter((f) => f.endsWith('.json')).sort()
  return files.flatMap((file) => {
    const name = file.replace(/\.json$/, '')
    const content = JSON.parse(readFileSync(join(dir, file), 'utf8'))
    if (!content.attachments) return [{name, card: content}]
    return content.attachments.map((a, i) => ({name: i ? `${name}-${i + 1}` : name, card: a.content}))
  })
}

// render draws the cards into OUT and returns {name, said} for each that has a fault.
export async function render(cards, out) {
  mkdirSync(out, {recursive: true})
  const bad = new Map(cards.map(({name, card}) => [name, new Set(faults(card))]))
  const browser = await launch()
  try {
    await Promise.all(themes.map((theme) => renderTheme(browser, theme, cards, out, bad)))
  } finally {
    await browser.close()
  }
  return [...bad].filter(([, said]) => said.size).map(([name, said]) => ({name, said: [...said]}))
}

async function renderTheme(browser, theme, cards, out, bad) {
  const page = await browser.newPage({viewport: {width: 800, height: 1200}, locale: 'es-MX'})
  page.setDefaultTimeout(180_000) // a sheet of a hundred cards, on a machine that does other things too
  await page.setContent(html(theme), {waitUntil: 'load'})
  await page.addScriptTag({path: require.resolve('adaptivecards/dist/adaptivecards.min.js')})
  for (const {name, card} of cards) {
    for (const width of widths) {
      const shown = {card, width, config: hostConfig(theme), markdown: markdownOf(card), least: contrasts[theme]}
      const older = await page.evaluate(draw, {...shown, drawnFor: 0})
      older.filter((s) => !drawnByTeams(s)).forEach((s) => bad.get(name).add(`${s} (where Badge is unknown)`))
      const said = await page.evaluate(draw, shown)
      said.filter((s) => !drawnByTeams(s)).forEach((s) => bad.get(name).add(s))
      const file = join(out, `${name}.${theme}.${width}.png`)
      mkdirSync(dirname(file), {recursive: true})
      await page.locator('#card').screenshot({path: file})
    }
    const large = await page.evaluate(draw, {card, width: 600, drawnFor: 300, config: enlarged(hostConfig(theme)), markdown: markdownOf(card), least: 0})
    large.filter((s) => !s.startsWith('parser')).forEach((s) => bad.get(name).add(`${s} (200 % text)`))
  }
  await page.evaluate(() => document.querySelector('#card').replaceChildren())
  await page.setViewportSize({width: 1640, height: 1200})
  for (const folder of new Set(cards.map(({name}) => dirname(name)))) {
    await contactSheet(page, theme, cards.filter(({name}) => dirname(name) === folder), join(out, folder))
  }
  await page.close()
}

// contactSheet draws all cards of a folder side by side at 300 px.
async function contactSheet(page, theme, cards, out) {
  const sheet = cards.map(({name, card}) => ({name, card, markdown: markdownOf(card)}))
  await page.evaluate(drawAll, {sheet, config: hostConfig(theme)})
  await page.locator('#sheet').screenshot({path: join(out, `contact.${theme}.png`)})
}

// draw runs in the page: shows the card and returns what the parser says of it. drawnFor is the
// width that its layout is for: at twice the text, a card has half as many pixels.
function draw({card, width, config, markdown, least, drawnFor = width}) {
  const place = document.querySelector('#card')
  place.style.width = width + 'px'
  const {element, said} = window.drawn(card, config, markdown, drawnFor)
  place.replaceChildren(...(element ? [element] : []))
  for (const part of place.querySelectorAll('*')) {
    if (part.closest('.ac-actionSet')) continue // Teams lets buttons flow on
    const cut = part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== 'visible'
    if (cut && part.innerText) said.push(`is cut at ${width} px: ${part.innerText.replace(/\s+/g, " ").slice(0, 80)}`)
    const own = [...part.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim())
    const pale = own && part.checkVisibility() && window.contrast(part) < least
    if (pale) said.push(`is hard to read (${window.contrast(part).toFixed(1)}:1): ${part.innerText.slice(0, 80)}`)
  }
  return said
}

// contrast runs in the page: how much an element's text stands out from what is behind
// it, from 1 to 21 as WCAG 2 counts.
function contrast(element) {
  const parse = (colour) => (colour.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number)
  const over = ([r, g, b, a = 1], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a))
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = []
  for (let e = element; e; e = e.parentElement) behind.unshift(parse(getComputedStyle(e).backgroundColor))
  const ground = behind.reduce((below, colour) => over(colour, below), [255, 255, 255])
  const lights = [light(over(parse(getComputedStyle(element).color), ground)), light(ground)].sort((a, b) => a - b)
  return (lights[1] + 0.05) / (lights[0] + 0.05)
}

// drawAll runs in the page: shows every card under its name, in columns.
function drawAll({sheet, config}) {
  document.querySelector('#sheet').replaceChildren()
  for (const {name, card, markdown} of sheet) {
    const figure = document.createElement('figure')
    const caption = document.createElement('figcaption')
    caption.textContent = name
    figure.append(caption, window.drawn(card, config, markdown, 300).element ?? '')
    document.querySelector('#sheet').append(figure)
  }
}

// ofTeams runs in the page: the elements and layouts that Teams has beyond 1.5, drawn as it
// draws them in a card of that width. Without them the parser shows the fallbacks.
function ofTeams(registry, width) {
  const {CardElement, Container} = window.AdaptiveCards
  registry.register('Badge', class Badge extends CardElement {
    getJsonTypeName() { return 'Badge' }
    internalParse(source, context) { super.internalParse(source, context); this.source = source }
    internalRender() {
      const drawn = document.createElement('div')
      const word = document.createElement('span')
      word.className = `badge ${this.source.style.toLowerCase()}`
      word.textContent = this.source.text
      drawn.append(word)
      return drawn
    }
  })
  registry.register('Container', class extends Container {
    internalParse(source, context) { super.internalParse(source, context); this.layouts = source.layouts ?? [] }
    internalRender() {
      const element = super.internalRender()
      const wide = width > 350 // https://adaptivecards.microsoft.com/?topic=responsive-layout
      const layout = this.layouts.find((l) => !l.targetWidth || wide)
      const spaces = [...(element?.children ?? [])].filter((e) => e.classList.contains('ac-horizontal-separator'))
      if (layout) spaces.forEach((e) => e.remove())
      if (layout?.type === 'Layout.Flow') element.style.cssText += ';display:flex;flex-flow:row wrap;gap:8px'
      if (layout?.type === 'Layout.AreaGrid') element.style.cssText += ';display:grid;grid-template-columns:1fr 1fr;column-gap:12px'
      return element
    }
  })
}

// drawn runs in the page: parses and renders one card, as Teams does at that width or, where
// it is 0, as a client that knows no more than 1.5.
function drawn(card, config, markdown, width) {
  const {AdaptiveCard, CardObjectRegistry, GlobalRegistry, HostConfig, SerializationContext} = window.AdaptiveCards
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown[text] ?? text
    result.didProcess = text in markdown
  }
  const said = []
  const view = new AdaptiveCard()
  view.hostConfig = new HostConfig(config)
  const context = new SerializationContext()
  if (width) {
    const registry = new CardObjectRegistry()
    GlobalRegistry.elements.copyTo(registry)
    window.ofTeams(registry, width)
    context.setElementRegistry(registry)
  }
  view.parse(card, context)
  for (let i = 0; i < context.eventCount; i++) said.push('parser: ' + context.getEventAt(i).message)
  for (const event of view.validateProperties().validationEvents) said.push('parser: ' + event.message)
  return {element: view.render(), said}
}

// markdownOf turns every text of the card to HTML beforehand, as the page cannot
// wait while it draws.
function markdownOf(node, found = {}) {
  if (node && typeof node === 'object') Object.values(node).forEach((child) => markdownOf(child, found))
  if (typeof node === 'string') found[node] = markdown.render(node)
  return found
}

const markdown = new MarkdownIt()

function hostConfig(theme) {
  return JSON.parse(readFileSync(require.resolve(`adaptivecards-designer/lib/hostConfigs/microsoft-teams-${theme}.json`), 'utf8'))
}

// enlarged is a host configuration for whoever reads at 200 %.
function enlarged(config) {
  const twice = (sizes) => Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, 2 * size]))
  const fontTypes = Object.entries(config.fontTypes ?? {}).map(([name, type]) => [name, type.fontSizes ? {...type, fontSizes: twice(type.fontSizes)} : type])
  return {...config, fontSizes: config.fontSizes && twice(config.fontSizes), fontTypes: Object.fromEntries(fontTypes)}
}

// The colours of Fluent's tinted badges, which Teams uses.
const badges = {
  light: [['informative', '#424242', '#f0f0f0', '#e0e0e0'], ['subtle', '#424242', '#ffffff', '#e0e0e0'], ['good', '#0e700e', '#f1faf1', '#9fd89f'],
    ['warning', '#835b00', '#fffef5', '#fef2b2'], ['attention', '#b10e1c', '#fdf6f6', '#f1bbbc'], ['accent', '#444791', '#e8ebfa', '#c5cbfa']],
  dark: [['informative', '#d6d6d6', '#1f1f1f', '#616161'], ['subtle', '#d6d6d6', '#292929', '#616161'], ['good', '#9ad29a', '#052505', '#107c10'],
    ['warning', '#fef7b2', '#4a4103', '#fce100'], ['attention', '#e37d80', '#3f1011', '#d13438'], ['accent', '#aab1fa', '#2f2f4a', '#444791']],
}

function html(theme) {
  const css = readFileSync(require.resolve(`adaptivecards-designer/dist/containers/teams-container-${theme}.css`), 'utf8')
  const ground = theme === 'dark' ? '#2d2c2c' : '#ffffff'
  return `<!doctype html><html lang="es-MX"><style>${css}</style><style>
    @font-face { font-family: "Segoe UI"; src: local("Open Sans") } /* the free face nearest to Teams' own */
    @font-face { font-family: "Segoe UI"; font-weight: 600; src: local("Open Sans SemiBold"), local("Open Sans Semibold") }
    body { margin: 0; font-family: "Segoe UI", sans-serif; background: ${ground} }
    .ac-actionSet { flex-wrap: wrap; row-gap: 8px }
    .ac-pushButton.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff } /* as Teams draws them */
    .ac-pushButton.style-destructive { background: #c4314b; border-color: #c4314b; color: #fff }
    .badge { display: inline-block; font-size: 12px; line-height: 16px; padding: 2px 8px; border-radius: 4px; border: 1px solid }
    ${badges[theme].map(([style, text, ground, line]) => `.badge.${style} { color: ${text}; background: ${ground}; border-color: ${line} }`).join(' ')}
    #card { background: ${ground}; overflow: auto }
    #sheet { columns: 5 300px; gap: 16px; padding: 16px; background: ${theme === 'dark' ? '#1f1f1f' : '#f0f0f0'} }
    figure { break-inside: avoid; margin: 0 0 16px; background: ${ground} }
    figcaption { font-size: 11px; padding: 4px 16px; color: #888 }
    </style><div id="card"></div><div id="sheet"></div><script>${ofTeams};${drawn};${contrast}</script></html>`
}

if (process.argv[1] === import.meta.filename) {
  const [dir, out = dir] = process.argv.slice(2)
  if (!dir) {
    console.error('usage: node render.mjs DIR [OUT]')
    process.exit(2)
  }
  const cards = readCards(dir)
  const bad = cards.length ? await render(cards, out) : [{name: dir, said: ['no card in it']}]
  for (const {name, said} of bad) said.forEach((s) => console.error(`${name}: ${s}`))
  console.log(`${cards.length} cards, ${bad.length} with faults; pictures in ${relative('.', out) || '.'}`)
  process.exitCode = bad.length ? 1 : 0
}
