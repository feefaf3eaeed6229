// Opens Debian's Chromium with no way out but this machine: whatever a page asks
// of the network fails at once, so that a run here and a run offline are the same.
import {existsSync} from 'node:fs'
import {chromium} from 'playwright-core'

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--font-render-hinting=none',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

export function launch() {
  const executablePath = places.find((p) => p && existsSync(p))
  if (!executablePath) throw new Error('no Chromium here: apt-get install chromium, or name one in CHROMIUM')
  return chromium.launch({executablePath, headless: true, args})
}
