import {test} from 'node:test'
import assert from 'node:assert/strict'
import {existsSync, mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {render} from './render.mjs'

const card = (...body) => ({type: 'AdaptiveCard', version: '1.5', lang: 'es', body})
const text = (t) => ({type: 'TextBlock', text: t, wrap: true})

test('a picture for each theme and width; faults are told, by the parser too', async () => {
  const out = mkdtempSync(join(tmpdir(), 'altas-render-'))
  const long = 'lucia.nanez.de.la.garza.y.villarreal@docentecoahuila.gob.mx'
  const bad = await render([
    {name: 'good', card: card(text('Hola'), text(long))},
    {name: 'unknown', card: card({type: 'Persona', text: 'x'})},
    {name: 'cut', card: card({type: 'FactSet', facts: [{title: 'Dirección', value: long}]})},
  ], out)
  const said = Object.fromEntries(bad.map((b) => [b.name, b.said.join('\n')]))
  assert.deepEqual(Object.keys(said), ['unknown', 'cut'])
  assert.match(said.unknown, /parser: Unknown element type/)
  assert.match(said.cut, /is cut at 300 px/)
  for (const file of ['good.light.300.png', 'good.dark.600.png', 'contact.light.png', 'contact.dark.png']) {
    assert.ok(existsSync(join(out, file)), file)
  }
})

test('what Teams draws beyond 1.5, and in a client that does not, its fallback', async () => {
  const out = mkdtempSync(join(tmpdir(), 'altas-render-'))
  const badge = {type: 'Badge', text: 'Concluida', style: 'good'}
  const area = (name) => ({...text(name.repeat(30)), 'grid.area': name})
  const halves = {type: 'Container', layouts: [{type: 'Layout.AreaGrid', targetWidth: 'atLeast:standard', columns: [50]}], items: [area('left'), area('right')]}
  const bad = await render([
    {name: 'falls back', card: card({...badge, fallback: text('✓ Concluida')}, halves)},
    {name: 'is lost', card: card(badge)},
  ], out)
  assert.deepEqual(bad.map((b) => b.name), ['is lost'])
})
