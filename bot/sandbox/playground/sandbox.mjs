// Starts `altas sandbox` as a person would, without a terminal, and ends it with
// Ctrl-C, which must end everything that it started.
//
//   const sandbox = await Sandbox.start()       // or start({centres: 'centros.csv'})
//   … sandbox.url …
//   await sandbox.stop()
//
// PLAYGROUND_URL names one that runs already; it is then left running.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createWriteStream, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'

const root = resolve(import.meta.dirname, '../../..')
const patience = 60_000

export class Sandbox {
  url = process.env.PLAYGROUND_URL
  #child
  #dir
  #said = ''

  // start starts one, with a catalogue of work centres if a list of them is named.
  static async start({log = join(root, '.ci/out/sandbox.log'), centres} = {}) {
    const sandbox = new Sandbox()
    if (centres) sandbox.url = undefined // one that runs already has none
    if (!sandbox.url) await sandbox.#start(log, centres)
    return sandbox
  }

  async #start(log, centres) {
    mkdirSync(resolve(log, '..'), {recursive: true})
    binary ??= await build()
    const args = ['sandbox']
    if (centres) args.push('-port', '0', '-data', this.#dir = await stocked(centres))
    this.#child = spawn(binary, args, {cwd: root, env: {...process.env, BROWSER: '/bin/true'}, stdio: ['ignore', 'pipe', 'pipe']})
    const file = createWriteStream(log)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk) => { this.#said += chunk })
      stream.pipe(file, {end: false})
    }
    this.#child.on('exit', () => file.end())
    this.url = await this.#playground()
  }

  // #playground returns the address that is said and answers as a Playground does.
  async #playground() {
    const until = Date.now() + patience
    while (Date.now() < until) {
      if (this.#child.exitCode !== null) throw new Error(`the sandbox ended with ${this.#child.exitCode}:\n${this.#said}`)
      for (const [url] of this.#said.matchAll(/http:\/\/(localhost|127\.0\.0\.1):\d+/g)) if (await answers(url)) return url
      await new Promise((then) => setTimeout(then, 100))
    }
    await this.stop()
    throw new Error(`no Playground after ${patience / 1000} s:\n${this.#said}`)
  }

  // stop returns {code, prompt, alive}: how it ended, whether within 10 s, and
  // whether its Playground still answers.
  async stop() {
    if (!this.#child) return null
    const started = Date.now()
    const ended = this.#child.exitCode === null ? once(this.#child, 'exit') : [this.#child.exitCode]
    this.#child.kill('SIGINT')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 15_000)
    const [code] = await ended
    clearTimeout(timer)
    if (this.#dir) rmSync(this.#dir, {recursive: true})
    return {code, prompt: Date.now() - started < 10_000, alive: Boolean(this.url && await answers(this.url))}
  }
}

async function answers(url) {
  try {
    const answer = await fetch(url + '/_debug/ping', {signal: AbortSignal.timeout(2000)})
    return await answer.text() === 'pong'
  } catch {
    return false
  }
}

let binary

// stocked makes a folder for a sandbox, with the catalogue brought in from a list.
async function stocked(centres) {
  const dir = mkdtempSync(join(tmpdir(), 'altas-centres-'))
  const env = {...process.env, STORE_PATH: join(dir, 'altas.db')}
  const [code] = await once(spawn(binary, ['centres', 'import', centres], {cwd: root, env, stdio: 'inherit'}), 'exit')
  if (code) throw new Error(`altas centres import ${centres} failed`)
  return dir
}

// build makes the binary, as `go run` would swallow the signal; ALTAS names one
// that is made already.
async function build() {
  if (process.env.ALTAS) return resolve(process.env.ALTAS)
  const binary = join(mkdtempSync(join(tmpdir(), 'altas-')), 'altas')
  const go = spawn('go', ['build', '-o', binary, './bot/cmd/altas'], {cwd: root, stdio: 'inherit'})
  const [code] = await once(go, 'exit')
  if (code) throw new Error('go build ./bot/cmd/altas failed')
  return binary
}
