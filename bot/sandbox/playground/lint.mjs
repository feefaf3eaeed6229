// What our cards hold to beyond what a parser asks: CARDS for people, and what
// Teams refuses or draws badly. faults(card) returns a sentence for each fault.

const elements = new Set(['TextBlock', 'RichTextBlock', 'TextRun', 'Image', 'ImageSet', 'Media', 'Container', 'ColumnSet', 'Column', 'FactSet', 'Table',
  'TableRow', 'TableCell', 'ActionSet', 'Input.Text', 'Input.Number', 'Input.Date', 'Input.Time', 'Input.Toggle', 'Input.ChoiceSet'])
const actions = new Set(['Action.Execute', 'Action.Submit', 'Action.OpenUrl', 'Action.ShowCard', 'Action.ToggleVisibility'])
// Drawn by Teams beyond 1.5; older clients need the fallback.
const teamsOnly = new Set(['Chart.Donut', 'Chart.Pie', 'Chart.Line', 'Chart.Gauge', 'Chart.VerticalBar', 'Chart.VerticalBar.Grouped',
  'Chart.HorizontalBar', 'Chart.HorizontalBar.Stacked', 'CodeBlock', 'Icon', 'Rating', 'Badge'])

// drawnByTeams tells what a parser of 1.5 says of an element that Teams draws: that it falls back.
// A client of Microsoft's parser reads every second language as wrong: its pattern keeps a position.
export const drawnByTeams = (said) => /^parser: Invalid value "(es|en)" for property "lang"/.test(said) || [...teamsOnly].some((type) => said === `parser: Unknown element type "${type}". Fallback will be used if present.`)

const maxActions = 6
const maxBytes = 80_000 // of the message, counted as UTF-16; Teams refuses about 100 KB

export function faults(card) {
  if (card?.type !== 'AdaptiveCard') return ['not an adaptive card']
  const found = []
  if (!/^[a-z]{2}$/.test(card.lang)) found.push('has no lang of two letters')
  if (card.version !== '1.5') found.push(`version is ${card.version}, not 1.5`)
  const size = JSON.stringify(card).length * 2
  if (size > maxBytes) found.push(`${size} bytes, over ${maxBytes}`)
  const things = [...walk(card)]
  for (const thing of things) found.push(...faultsOf(thing).map((f) => `${nameOf(thing)}: ${f}`))
  const visible = visibleActions(card)
  if (visible.length > maxActions) found.push(`${visible.length} visible actions, over ${maxActions}`)
  const ids = things.filter(isInput).map((t) => t.id)
  for (const id of ids.filter((id, i) => ids.indexOf(id) !== i)) found.push(`two inputs are called ${id}`)
  return found
}

// walk yields every element and action of a card, cards shown by an action
// included; a fallback is judged like any other element.
function* walk(node) {
  for (const key of ['body', 'items', 'columns', 'rows', 'cells', 'actions', 'images', 'inlines']) {
    for (const child of node[key] ?? []) {
      if (typeof child !== 'object') continue
      yield {type: {columns: 'Column', rows: 'TableRow', cells: 'TableCell', images: 'Image'}[key], ...child}
      yield* walk(child)
    }
  }
  for (const key of ['selectAction', 'inlineAction', 'fallback']) {
    if (typeof node[key] === 'object') {
      yield node[key]
      yield* walk(node[key])
    }
  }
  if (node.card) yield* walk(node.card)
}

function faultsOf(thing) {
  const found = []
  if (teamsOnly.has(thing.type)) return thing.fallback ? [] : ['is not of 1.5 and has no fallback']
  if (!elements.has(thing.type) && !actions.has(thing.type)) return ['unknown type']
  if (thing.type === 'TextBlock' && thing.wrap !== true) found.push('does not wrap')
  if (thing.type === 'TextBlock' && !thing.text) found.push('has no text')
  if (thing.type === 'TextBlock' && thing.color && !/[✓●○✗▲↩]/.test(thing.text)) found.push('means something by its colour alone')
  if (thing.type === 'Image' && !thing.altText) found.push('has no altText')
  if (isInput(thing)) found.push(...faultsOfInput(thing))
  if (actions.has(thing.type) && !thing.title && !thing.iconUrl) found.push('has no title')
  if (thing.type === 'Action.Execute') found.push(...faultsOfExecute(thing))
  if (thing.type === 'ColumnSet' && (thing.columns ?? []).every((c) => (c.width ?? 'auto') === 'auto')) found.push('every column is auto')
  return found
}

function faultsOfInput(input) {
  const found = []
  if (!input.id) found.push('has no id')
  if (!input.label) found.push('has no label')
  if ((input.isRequired || input.regex) && !input.errorMessage) found.push('has a rule and no errorMessage')
  if (input.regex) {
    if (/\\p\{|\(\?[^:=!<]/.test(input.regex)) found.push('regex needs flags that Teams does not set')
    try { new RegExp(input.regex) } catch (e) { found.push(e.message) }
  }
  return found
}

function faultsOfExecute(action) {
  if (!action.verb) return ['has no verb']
  const other = action.fallback
  if (other?.type !== 'Action.Submit') return ['has no Action.Submit to fall back to']
  if (other.data?.verb !== action.verb) return [`falls back to ${other.data?.verb}`]
  return []
}

function visibleActions(node) {
  const own = (node.actions ?? []).filter((a) => a.mode !== 'secondary')
  const within = ['body', 'items', 'columns', 'rows', 'cells'].flatMap((k) => node[k] ?? []).filter((n) => n.isVisible !== false)
  return [...own, ...within.flatMap(visibleActions)]
}

const isInput = (thing) => thing.type?.startsWith('Input.')
const nameOf = (thing) => `${thing.type} ${JSON.stringify(thing.id ?? thing.title ?? thing.text?.slice(0, 40) ?? '')}`
