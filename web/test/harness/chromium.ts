import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** Nothing is fetched, asked or updated, and the sandbox is off so that root may run it. */
const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium of this machine: `CHROMIUM_PATH`, else the first one found by its usual names; null without one. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`);
    return named;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const places = names.flatMap((name) => [
    join('/usr/bin', name),
    ...folders.map((folder) => join(folder, name)),
  ]);
  return places.find((place) => existsSync(place)) ?? null;
}

export const chromiumPath = findChromium();

/** Follows the title of a suite that needs a browser: why it is skipped here, or nothing. */
export const whyNotHere =
  chromiumPath === null ? ' (skipped: no Chromium; set CHROMIUM_PATH or install chromium)' : '';

/**
 * A browser without a window. With `microphoneWav` the browser's own fake microphone plays that file over and over;
 * otherwise a test replaces the microphone (see `fake-microphone.ts`).
 */
export function launchChromium(options: { readonly microphoneWav?: string } = {}): Promise<Browser> {
  if (chromiumPath === null) throw new Error('No Chromium was found.');
  const { microphoneWav } = options;
  // A missing file is no error to Chromium: it plays silence.
  if (microphoneWav !== undefined && !existsSync(microphoneWav))
    throw new Error(`There is no ${microphoneWav}.`);
  const microphone = [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${microphoneWav}`,
  ];
  return chromium.launch({
    executablePath: chromiumPath,
    args: microphoneWav === undefined ? quiet : [...quiet, ...microphone],
  });
}
