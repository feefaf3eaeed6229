// Holds a Teams app package, or a bare manifest, to the schema that it declares,
// and the package to its own words: every file named is there, icons have their
// sizes, translations keep to their schema.
//
//   node manifest.mjs altas.zip|manifest.json …
//
// The schemas come with @microsoft/app-manifest; nothing is asked of the network.
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import Ajv from 'ajv-draft-04'
import {strFromU8, unzipSync} from 'fflate'
import appManifest from '@microsoft/app-manifest'

const {AppManifestUtils} = appManifest
const schemas = join(dirname(createRequire(import.meta.url).resolve('@microsoft/app-manifest')), 'json-schemas', 'teams')
const icons = {color: 192, outline: 32}

// faults returns a sentence for each fault of the package, given as {name: bytes}.
export async function faults(files) {
  if (!files['manifest.json']) return ['manifest.json is not at the root']
  const manifest = read(files, 'manifest.json')
  const known = schema(manifest, 'MicrosoftTeams.schema.json')
  if (!known) return [`manifestVersion ${manifest.manifestVersion}: no schema for it here`]
  return [
    ...await AppManifestUtils.validateAgainstSchema(manifest, known),
    ...faultsOfFiles(manifest, files),
    ...faultsOfTranslations(manifest, files),
  ]
}

function faultsOfFiles(manifest, files) {
  const named = ['manifest.json', ...Object.values(manifest.icons ?? {}), ...translations(manifest)]
  const found = named.filter((n) => !files[n]).map((n) => `${n} is named and not there`)
  found.push(...Object.keys(files).filter((n) => !named.includes(n)).map((n) => `${n} is there and not named`))
  for (const [icon, size] of Object.entries(icons)) {
    const png = files[manifest.icons?.[icon]]
    if (png && dimensions(png) !== `${size}×${size}`) found.push(`${icon} icon is ${dimensions(png)}, not ${size}×${size}`)
  }
  return found
}

function faultsOfTranslations(manifest, files) {
  // AppManifestUtils refuses this schema: its patterns are no Unicode ones.
  const ajv = new Ajv({strict: false, allErrors: true, unicodeRegExp: false, validateFormats: false})
  const valid = ajv.compile(schema(manifest, 'MicrosoftTeams.Localization.schema.json'))
  const there = translations(manifest).filter((n) => files[n])
  return there.flatMap((n) => valid(read(files, n)) ? [] : valid.errors.map((e) => `${n}: ${e.instancePath} ${e.message}`))
}

const translations = (manifest) => (manifest.localizationInfo?.additionalLanguages ?? []).map((l) => l.file)
const read = (files, name) => JSON.parse(strFromU8(files[name]))

function schema(manifest, file) {
  try {
    return JSON.parse(readFileSync(join(schemas, `v${manifest.manifestVersion}`, file), 'utf8'))
  } catch {
    return null
  }
}

// dimensions reads width and height from a PNG's first chunk.
function dimensions(png) {
  const view = new DataView(png.buffer, png.byteOffset)
  return view.getUint32(0) === 0x89504e47 ? `${view.getUint32(16)}×${view.getUint32(20)}` : 'not a PNG'
}

async function faultsOfPath(path) {
  const content = readFileSync(path)
  if (path.endsWith('.zip')) return faults(unzipSync(content))
  const manifest = JSON.parse(content)
  const known = schema(manifest, 'MicrosoftTeams.schema.json')
  return known ? AppManifestUtils.validateAgainstSchema(manifest, known) : [`manifestVersion ${manifest.manifestVersion}: no schema for it here`]
}

if (process.argv[1] === import.meta.filename) {
  const paths = process.argv.slice(2)
  if (!paths.length) {
    console.error('usage: node manifest.mjs altas.zip|manifest.json …')
    process.exit(2)
  }
  for (const path of paths) {
    const found = await faultsOfPath(path)
    for (const fault of found) console.error(`${path}: ${fault}`)
    if (found.length) process.exitCode = 1
    else console.log(`${path}: good`)
  }
}
