import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import { fingerprint } from './fingerprint.mjs';
import { step } from './progress.mjs';

/** The checkout. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const MINIMUM_NODE = [20, 19];
const STAMPS = path.join(root, 'node_modules/.malbeot-stamps.json');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const WORKSPACES = ['protocol', 'client', 'web', 'server', 'espeak-host'];

/** Parts that are built, each with what it is made from, what it makes and how. */
const PARTS = {
  server: {
    heading: 'Building the server',
    sources: [
      'protocol/src',
      'protocol/package.json',
      'server/src',
      'server/package.json',
      'tsconfig.base.json',
      'server/tsconfig.json',
      'protocol/tsconfig.json',
    ],
    product: 'server/dist/main.js',
    build: () =>
      run(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'protocol', 'server'], {
        cwd: root,
      }),
  },
  client: {
    heading: 'Building the client package',
    sources: ['protocol/src', 'client'],
    product: 'client/dist/index.js',
    build: () => run(npm, ['run', 'build', '--workspace', 'client'], { cwd: root }),
  },
  web: {
    heading: 'Building the pages',
    sources: ['protocol/src', 'client/src', 'web'],
    product: 'web/dist/index.html',
    build: () => run(npm, ['run', 'build', '--workspace', 'web'], { cwd: root }),
  },
};

/** @typedef {keyof typeof PARTS} Part */

/** @returns {Record<string, string>} */
function readStamps() {
  try {
    return JSON.parse(readFileSync(STAMPS, 'utf8'));
  } catch {
    return {};
  }
}

/** @param {string} name @param {string} value */
function stamp(name, value) {
  mkdirSync(path.dirname(STAMPS), { recursive: true });
  writeFileSync(STAMPS, JSON.stringify({ ...readStamps(), [name]: value }, null, 2));
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = MINIMUM_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new Error(
    `Malbeot needs Node.js ${needMajor}.${needMinor} or newer; this is ${process.version}. Install a newer one from https://nodejs.org and try again.`,
  );
}

/** Installs what package-lock.json asks for, if that isn't what is there. */
async function install() {
  const wanted = fingerprint(root, [
    'package.json',
    'package-lock.json',
    ...WORKSPACES.map((name) => `${name}/package.json`),
  ]);
  const present = existsSync(path.join(root, 'node_modules'));
  if (present && readStamps().install === wanted) return;
  // Not `npm ci`: it throws away compiled packages that are still right, and it refuses a lock file from a machine whose
  // registry did not hold the tools' binaries for every other platform.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--foreground-scripts=false'];
  await step(
    'Installing packages (once; the database driver is compiled, which takes a minute or two)',
    // onnxruntime-node would fetch GPU files from a download site; npm 10 has no `allowScripts` to stop it.
    () => run(npm, args, { cwd: root, env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' } }),
  );
  stamp('install', wanted);
}

/**
 * Brings the checkout to where `parts` can run: right Node.js, packages, builds; does only what is stale and says what
 * it does. Uses nothing but Node.js itself.
 *
 * @param {readonly Part[]} parts
 */
export async function makeReady(parts) {
  checkNode();
  await install();
  for (const name of parts) {
    const part = PARTS[name];
    const wanted = fingerprint(root, [...part.sources, 'package-lock.json']);
    if (readStamps()[name] === wanted && existsSync(path.join(root, part.product))) continue;
    await step(part.heading, part.build);
    stamp(name, wanted);
  }
}

/** Prints an error for people, without a stack, and leaves. @param {unknown} error */
export function fail(error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
