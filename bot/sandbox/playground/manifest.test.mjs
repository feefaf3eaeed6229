import {test} from 'node:test'
import assert from 'node:assert/strict'
import {strToU8} from 'fflate'
import {faults} from './manifest.mjs'

const id = '22222222-2222-4222-8222-222222222222'
const manifest = {
  manifestVersion: '1.30', version: '1.0.0', id,
  developer: {name: 'DGTI', websiteUrl: 'https://example.org', privacyUrl: 'https://example.org/p', termsOfUseUrl: 'https://example.org/t'},
  name: {short: 'Altas', full: 'Altas'}, description: {short: 'Cuentas', full: 'Cuentas'},
  icons: {color: 'color.png', outline: 'outline.png'}, accentColor: '#0b5394',
  bots: [{botId: id, scopes: ['personal', 'team', 'groupChat'], supportsFiles: true}],
  localizationInfo: {defaultLanguageTag: 'es-mx', additionalLanguages: [{languageTag: 'en', file: 'en.json'}]},
}

function png(size) {
  const header = Buffer.alloc(24)
  header.writeUInt32BE(0x89504e47, 0)
  header.writeUInt32BE(size, 16)
  header.writeUInt32BE(size, 20)
  return new Uint8Array(header)
}

const pack = (more = {}, files = {}) => ({
  'manifest.json': strToU8(JSON.stringify({...manifest, ...more})),
  'color.png': png(192), 'outline.png': png(32),
  'en.json': strToU8(JSON.stringify({'name.short': 'Altas', 'name.full': 'Altas', 'description.short': 'Accounts', 'description.full': 'Accounts'})),
  ...files,
})

const cases = {
  'a good package': [pack(), null],
  'no manifest': [{}, /not at the root/],
  'a colour that is none': [pack({accentColor: 'blue'}), /accentColor/],
  'a version to come': [pack({manifestVersion: '9.9'}), /no schema/],
  'an icon missing': [pack({}, {'color.png': undefined}), /color.png is named and not there/],
  'an icon too small': [pack({}, {'color.png': png(96)}), /color icon is 96×96/],
  'a stray file': [pack({}, {'x.txt': new Uint8Array()}), /x.txt is there and not named/],
  'a translation of nothing': [pack({}, {'en.json': strToU8('{"nombre": "Altas"}')}), /en.json: /],
}

for (const [name, [given, want]] of Object.entries(cases)) {
  test(name, async () => {
    const got = (await faults(given)).join('\n')
    if (want) assert.match(got, want)
    else assert.equal(got, '')
  })
}
