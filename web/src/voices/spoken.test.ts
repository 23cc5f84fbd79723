// @vitest-environment node
import type { SpeechClient, SpokenSound } from '@malbeot/client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { speakAloud, type Spoken } from './spoken.ts';

const player = vi.hoisted(() => ({ pushed: [] as number[] }));

// jsdom makes no sound.
vi.mock('../audio/index.ts', async (original) => ({
  ...(await original<object>()),
  openStreamPlayer: () =>
    Promise.resolve({
      push: (samples: Float32Array) => void player.pushed.push(...samples),
      finished: () => Promise.resolve(),
      playedMs: () => player.pushed.length,
    }),
}));

const samples = Int16Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? index * 20 : -index));
const bytes = new Uint8Array(samples.buffer);

function speaking(pieces: readonly Uint8Array[], breaks = false): Pick<SpeechClient, 'synthesize'> {
  async function* come() {
    for (const piece of pieces) yield await Promise.resolve(piece);
    if (breaks) throw new Error('cut');
  }
  const sound: SpokenSound = {
    provider: 'espeak',
    skipped: [{ provider: 'supertonic', reason: 'timeout' }],
    sampleRate: 1_000,
    mediaType: 'audio/pcm',
    bytes: come(),
  };
  return { synthesize: () => Promise.resolve(sound) };
}

async function speak(client: Pick<SpeechClient, 'synthesize'>) {
  const told: Spoken[] = [];
  const done = speakAloud(
    client as SpeechClient,
    { text: '네' },
    (spoken) => void told.push(spoken),
    AbortSignal.timeout(10_000),
  );
  const error = await done.then(
    () => null,
    (reason: unknown) => reason,
  );
  return { last: told.at(-1), error };
}

async function samplesOf(wav: Blob): Promise<Int16Array> {
  const buffer = await new Response(wav).arrayBuffer();
  expect(new DataView(buffer).getUint32(40, true)).toBe(buffer.byteLength - 44);
  expect(new DataView(buffer).getUint32(24, true)).toBe(1_000);
  return new Int16Array(buffer.slice(44));
}

describe('a voice that is tried out', () => {
  beforeEach(() => {
    player.pushed.length = 0;
  });

  it('is kept as it came, wherever it was cut', async () => {
    const { last, error } = await speak(
      speaking([bytes.slice(0, 333), bytes.slice(333, 334), bytes.slice(334)]),
    );
    expect(error).toBeNull();
    expect(await samplesOf(last!.wav!)).toEqual(samples);
    expect(last).toMatchObject({ provider: 'espeak', soundMs: 1_000, played: 1 });
    expect(last!.wholeMs).toBeGreaterThanOrEqual(last!.firstByteMs);
    expect(last!.peaks).toHaveLength(50);
    expect(last!.skipped).toEqual([{ provider: 'supertonic', reason: 'timeout' }]);
  });

  it('is kept as far as it came when it breaks off, without half a sample', async () => {
    const { last, error } = await speak(speaking([bytes.slice(0, 501)], true));
    expect(error).toEqual(new Error('cut'));
    expect(await samplesOf(last!.wav!)).toEqual(samples.slice(0, 250));
    expect(last).toMatchObject({ wholeMs: null, soundMs: 250 });
  });

  it('tells nothing when no sound came', async () => {
    expect((await speak(speaking([], true))).last).toBeUndefined();
  });
});
