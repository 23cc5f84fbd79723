import { afterEach, describe, expect, it } from 'vitest';
import { decodeWav } from '../audio/wav.ts';
import { finishSound } from './finish-sound.ts';
import { createSoundFinisher, type SoundFinisher } from './sound-finisher.ts';

const tone = (sampleRate: number, seconds: number) => ({
  sampleRate,
  samples: Int16Array.from(
    { length: sampleRate * seconds },
    (_, at) => 3_000 * Math.sin((2 * Math.PI * 440 * at) / sampleRate),
  ),
});
const never = new AbortController().signal;

let finisher: SoundFinisher;
afterEach(() => finisher.close());

describe('createSoundFinisher', () => {
  it('finishes sound as finishSound does, several at a time', async () => {
    finisher = createSoundFinisher();
    const alone = finishSound([tone(22_050, 1), tone(16_000, 1)]);
    const all = await Promise.all(
      [1, 2, 3].map(() => finisher.finish([tone(22_050, 1), tone(16_000, 1)], never)),
    );
    for (const wav of all) expect(wav.equals(alone)).toBe(true);
    expect(decodeWav(alone)).toMatchObject({ sampleRate: 22_050, durationMs: 2_000 });
  });

  it('gives up what is aborted and goes on with the rest', async () => {
    finisher = createSoundFinisher();
    const stop = new AbortController();
    const given = finisher.finish([tone(22_050, 5)], stop.signal);
    const kept = finisher.finish([tone(22_050, 1)], never);
    stop.abort();
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
    expect((await kept).length).toBeGreaterThan(44_000);
  });

  it('tells what went wrong, and takes the next sound', async () => {
    finisher = createSoundFinisher();
    await expect(finisher.finish([], never)).rejects.toThrow();
    await expect(finisher.finish([tone(16_000, 1)], never)).resolves.toBeInstanceOf(Buffer);
  });

  it('fails what it works on when it is closed', async () => {
    finisher = createSoundFinisher();
    const given = finisher.finish([tone(22_050, 5)], never);
    const checked = expect(given).rejects.toThrow('ended');
    await finisher.close();
    await checked;
    await expect(finisher.finish([tone(16_000, 1)], never)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
