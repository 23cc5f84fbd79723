import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { ModelFolder } from '../speech-host-protocol.ts';

/** Where Debian, Fedora and Arch, and Homebrew put what espeak-ng knows of languages. */
const PLACES = [
  '/usr/lib/x86_64-linux-gnu/espeak-ng-data',
  '/usr/lib/aarch64-linux-gnu/espeak-ng-data',
  '/usr/share/espeak-ng-data',
  '/opt/homebrew/share/espeak-ng-data',
];

/** espeak-ng's data on this machine, which is GPL-3.0 and does not come with the project; undefined where it is missing. */
export function findEspeakData(): ModelFolder | undefined {
  const path = PLACES.find((place) => existsSync(join(place, 'phontab')));
  return path === undefined ? undefined : { path, files: [] };
}
