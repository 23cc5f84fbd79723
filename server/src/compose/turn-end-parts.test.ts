import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSmartTurn } from '../../fixtures/onnx/make-smart-turn.ts';
import { createLocalSecrets } from '../config/local-secrets.ts';
import { loadConfig } from '../config/load.ts';
import { tell } from '../config/told.ts';
import { systemClock } from '../lib/clock.ts';
import { systemRandom } from '../lib/ids.ts';
import { readCatalogue, type CatalogueModel } from '../models/catalogue.ts';
import { pullModel } from '../models/pull-model.ts';
import { openFaultMirror, type FaultMirror } from '../models/testing/fault-mirror.ts';
import { describeFindings, runDoctor } from '../operations/doctor.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { listAllModels } from './models.ts';
import { openTurnEnd, turnEndCheck, turnEndHealth, type TurnEndPart } from './turn-end-parts.ts';

const { signal } = new AbortController();
const known = readCatalogue().find(({ id }) => id === 'smart-turn-v3')!;

let mirror: FaultMirror;
let made: string;
/** The catalogue's model, with weights that are random. */
let model: CatalogueModel;
let folder: string;
let part: TurnEndPart | undefined;

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'malbeot-turn-end-'));
  const written = await makeSmartTurn(made);
  const served = new Map([['/models/smart-turn-v3/smart-turn-v3.2-cpu.onnx', await readFile(written.path)]]);
  mirror = await openFaultMirror(() => served);
  const file = { ...known.files['model']!, size: written.size, sha256: written.sha256 };
  const sources = known.sources.map((way) =>
    way.map((download) => ({ ...download, urls: [], size: file.size, sha256: file.sha256 })),
  );
  model = { ...known, size: file.size, files: { model: file }, sources };
});
afterAll(async () => {
  await mirror.close();
  await rm(made, { recursive: true, force: true });
});
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'malbeot-turn-end-'))));
afterEach(async () => {
  await part?.close();
  part = undefined;
  await rm(folder, { recursive: true, force: true });
});

function configOf(env: Readonly<Record<string, string>> = {}) {
  return loadConfig({
    flags: { MALBEOT_DATA: folder },
    env,
    cwd: folder,
    readFile: () => null,
    localSecrets: createLocalSecrets({ random: systemRandom, write: false }),
  }).config;
}

const pull = () =>
  pullModel({
    model,
    folder: configOf().models.folder,
    mirror: `${mirror.url}/models`,
    offline: null,
    signal,
    freeBytes: () => Promise.resolve(1e12),
    now: Date.now,
    onEvent: () => {},
  });

function open(env?: Readonly<Record<string, string>>): TurnEndPart {
  return (part = openTurnEnd({ config: configOf(env), log: silentLogger, clock: systemClock }));
}

async function told(opened: TurnEndPart) {
  const { detail, action, ...health } = await turnEndHealth(opened).check(signal);
  const findings = await runDoctor([turnEndCheck(opened)], { signal });
  return {
    ...health,
    detail: tell('en', detail),
    action: action === null ? null : tell('en', action),
    doctor: describeFindings(findings, 'en').split('\n')[0]!,
  };
}

const stateOf = async (env?: Readonly<Record<string, string>>) =>
  (await listAllModels(configOf(env))).find(({ id }) => id === 'smart-turn-v3')?.state;

describe('the part that hears turn ends', { timeout: 60_000 }, () => {
  it('is the words alone where no model is pulled, and says what to do about it', async () => {
    const opened = open();
    expect(opened.detector).toBeNull();
    expect(await told(opened)).toEqual({
      status: 'ok',
      provider: null,
      stand_in: false,
      detail: 'The words alone tell whether somebody has finished.',
      action: expect.stringContaining('malbeot models pull smart-turn-v3') as string,
      doctor: '✓ Turn ends: The words alone tell whether somebody has finished.',
    });
    expect(await stateOf()).toBe('available');
  });

  it('is the model from the next start after it was pulled', async () => {
    await pull();
    expect(await stateOf()).toBe('in_use');
    const opened = open();
    await opened.preload(signal);
    expect(await opened.detector!.judge(new Float32Array(16_000), signal)).toBeGreaterThanOrEqual(0);
    expect(opened.detector!.info.languages).toContain('ko');
    expect(await told(opened)).toMatchObject({
      status: 'ok',
      provider: 'smart_turn',
      stand_in: false,
      detail: expect.stringMatching(/^Smart Turn v3\.2, int8 is in use\. .*untrained.*Korean/) as string,
      action: null,
      doctor: '✓ Turn ends: Smart Turn v3.2, int8 works.',
    });
  });

  it('is the words alone where the settings want it so', async () => {
    await pull();
    const env = { TURN_DETECTOR: 'rules' };
    expect(await stateOf(env)).toBe('pulled');
    const opened = open(env);
    expect(opened.detector).toBeNull();
    expect(await told(opened)).toMatchObject({
      status: 'ok',
      detail: 'The words alone tell whether somebody has finished, as TURN_DETECTOR=rules wants it.',
      action: null,
    });
  });

  it('is degraded, and not down, where the model is damaged', async () => {
    const installed = await pull();
    const { path, size } = installed.roles['model']!;
    await writeFile(path, Buffer.alloc(size));
    const opened = open();
    await opened.preload(signal);
    expect(await opened.detector!.judge(new Float32Array(16_000), signal)).toBeNull();
    expect(await told(opened)).toMatchObject({
      status: 'degraded',
      detail: expect.stringContaining('smart-turn-v3.2-cpu.onnx is damaged') as string,
      action: expect.stringContaining('malbeot models pull smart-turn-v3') as string,
      doctor: expect.stringContaining('! Turn ends: ') as string,
    });
  });
});
