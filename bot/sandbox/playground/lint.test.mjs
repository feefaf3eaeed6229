import {test} from 'node:test'
import assert from 'node:assert/strict'
import {drawnByTeams, faults} from './lint.mjs'

const card = (body = [], actions = [], more = {}) => ({type: 'AdaptiveCard', version: '1.5', lang: 'es', body, actions, ...more})
const text = {type: 'TextBlock', text: 'Hola', wrap: true}
const open = {type: 'Action.OpenUrl', title: 'Abrir', url: 'https://example.org'}
const execute = {type: 'Action.Execute', title: 'Enviar', verb: 'request.submit', fallback: {type: 'Action.Submit', title: 'Enviar', data: {verb: 'request.submit'}}}

const cases = {
  'a good card': [card([text, {type: 'Input.Text', id: 'a', label: 'A'}], [execute]), null],
  'no language': [card([text], [], {lang: undefined}), /no lang of two letters/],
  'a locale for a language': [card([text], [], {lang: 'es-MX'}), /no lang of two letters/],
  'another version': [card([text], [], {version: '1.6'}), /version is 1.6/],
  'too long': [card([{...text, text: 'x'.repeat(50_000)}]), /over 80000/],
  'no wrap': [card([{type: 'TextBlock', text: 'Hola'}]), /TextBlock "Hola": does not wrap/],
  'no wrap in a column': [card([{type: 'ColumnSet', columns: [{width: 'stretch', items: [{type: 'TextBlock', text: 'Hola'}]}]}]), /does not wrap/],
  'no wrap in a fallback': [card([{type: 'Chart.Donut', fallback: {type: 'TextBlock', text: 'Hola'}}]), /does not wrap/],
  'no label': [card([{type: 'Input.Text', id: 'a'}]), /Input.Text "a": has no label/],
  'a rule without words': [card([{type: 'Input.Text', id: 'a', label: 'A', isRequired: true}]), /no errorMessage/],
  'a regex of another engine': [card([{type: 'Input.Text', id: 'a', label: 'A', regex: '^\\p{L}+$', errorMessage: 'e'}]), /flags/],
  'an input twice': [card([{type: 'Input.Text', id: 'a', label: 'A'}, {type: 'Input.Text', id: 'a', label: 'B'}]), /two inputs are called a/],
  'unknown element': [card([{type: 'Persona', text: 'x'}]), /unknown type/],
  'a chart alone': [card([{type: 'Chart.Donut'}]), /no fallback/],
  'grouped bars alone': [card([{type: 'Chart.VerticalBar.Grouped'}]), /no fallback/],
  'bars with a fallback': [card([{type: 'Chart.HorizontalBar.Stacked', fallback: text}]), null],
  'seven actions': [card([text, {type: 'ActionSet', actions: [open]}], Array(6).fill(open)), /7 visible actions/],
  'six and a menu': [card([text], [...Array(6).fill(open), {...open, mode: 'secondary'}]), null],
  'actions of a hidden part': [card([text, {type: 'Container', isVisible: false, items: [{type: 'ActionSet', actions: [open]}]}], Array(6).fill(open)), null],
  'no fallback': [card([text], [{...execute, fallback: undefined}]), /no Action.Submit/],
  'another verb in the fallback': [card([text], [{...execute, fallback: {...execute.fallback, data: {verb: 'x'}}}]), /falls back to x/],
  'columns all auto': [card([{type: 'ColumnSet', columns: [{items: [text]}, {width: 'auto', items: [text]}]}]), /every column is auto/],
  'an image unsaid': [card([{type: 'Image', url: 'data:,'}]), /no altText/],
  'no card': [{type: 'message'}, /not an adaptive card/],
}

for (const [name, [given, want]] of Object.entries(cases)) {
  test(name, () => {
    const got = faults(given).join('\n')
    if (want) assert.match(got, want)
    else assert.equal(got, '')
  })
}

test('what the parser says of a chart is no fault, of anything else it is', () => {
  const said = (type) => drawnByTeams(`parser: Unknown element type "${type}". Fallback will be used if present.`)
  assert.ok(said('Chart.VerticalBar.Grouped'))
  assert.ok(!said('Chart.Imagined'))
  assert.ok(!drawnByTeams('parser: Chart.Donut is wrong'))
})
