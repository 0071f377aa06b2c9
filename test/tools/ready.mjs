// Gets what a command needs and a fresh clone lacks: packages, a build, browsers, servers. Needs nothing but Node itself.
// Usage: node test/tools/ready.mjs [packages] [browsers] [servers] [build]

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

function run(command, ...args) {
  console.log(`> ${[command, ...args].join(' ')}`)
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) throw new Error(`${command} ${args[0] ?? ''} failed${error ? `: ${error.message}` : ''}`)
}

const time = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0)

function packages() {
  // npm writes this file at the end of an installation; an older one belongs to another lock file.
  if (time('node_modules/.package-lock.json') < time('package-lock.json')) run('npm', 'ci', '--no-audit', '--no-fund')
}

/** What WebDriver and Playwright need, by Debian's names, and the file that shows it is there. */
const BROWSERS = [
  { name: 'Chromium', packages: ['chromium'], files: [process.env.CHROME_BIN, '/usr/bin/chromium', '/usr/bin/google-chrome'] },
  { name: 'Firefox', packages: ['firefox-esr'], files: [process.env.FIREFOX_BIN, '/usr/bin/firefox-esr', '/usr/bin/firefox'] },
  { name: 'WebKit', packages: ['webkit2gtk-driver', 'xvfb', 'xauth'], files: [process.env.WEBKIT_DRIVER_BIN, '/usr/bin/WebKitWebDriver'] },
]
/** What rows are sent to in the tests of the back ends. */
const SERVERS = [
  { name: 'ClickHouse', packages: ['clickhouse-server'], files: ['/usr/sbin/clickhouse-server', '/usr/bin/clickhouse-server'] },
  { name: 'nginx', packages: ['nginx-light'], files: ['/usr/sbin/nginx', '/usr/bin/nginx'] },
]

/** `without` says what happens where one of them cannot be had. */
function install(programs, purpose, without) {
  const missing = () => programs.filter(({ files }) => !files.some((file) => file && existsSync(file)))
  let lacking = missing()
  if (lacking.length === 0) return
  const names = lacking.flatMap(({ packages }) => packages)
  const debian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
  if (debian && process.getuid?.() === 0) {
    console.log(`Installing ${names.join(', ')} for the tests ${purpose}; this takes a few minutes, once.`)
    process.env.DEBIAN_FRONTEND = 'noninteractive'
    run('apt-get', 'update', '-qq')
    run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names)
    lacking = missing()
  }
  for (const { name, packages } of lacking) {
    console.error(`\n!! ${name} is not on this machine: its tests ${without}.${debian ? ` Install it: sudo apt-get install ${packages.join(' ')}` : ` See README, "Try it".`}`)
  }
  if (lacking.length > 0 && process.env.CI) throw new Error('in CI all of them have to be there')
}

const browsers = () => install(BROWSERS, 'in real browsers', 'will NOT run')
const servers = () => install(SERVERS, 'of the back ends', 'will FAIL')

function build() {
  run('npm', 'run', '--silent', 'build')
}

const steps = { packages, browsers, servers, build }
try {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20) throw new Error(`Node ${engines.node} is needed, this is ${process.versions.node}`)
  for (const name of process.argv.slice(2)) steps[name]()
} catch (error) {
  console.error(`\n${error.message}`)
  process.exit(1)
}
