import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** What the init script leaves on the page. */
interface FakeMicrophone {
  /** Plays the WAV into the microphone; resolves when it is said. */
  say(base64: string): Promise<void>;
  /** How many tracks are open. */
  open(): number;
  /** Ends every track as if the device was pulled out. */
  pullOut(): void;
}

declare global {
  // Only `var` makes a property of the global object.
  var fakeMicrophone: FakeMicrophone;
}

export type MicrophoneRefusal = 'NotAllowedError' | 'NotFoundError' | 'NotReadableError';

/**
 * Gives the page a microphone that hears what the test says, when it says it. Chromium's own fake device can't wait for an
 * answer. Call it before the page is opened.
 */
export async function replaceMicrophone(page: Page, refusal?: MicrophoneRefusal): Promise<void> {
  await page.addInitScript(installMicrophone, refusal ?? null);
}

/** Says a WAV file into the page's microphone and waits until it is said. */
export async function sayFile(page: Page, path: string | URL): Promise<void> {
  const base64 = (await readFile(path)).toString('base64');
  await page.evaluate((sound) => globalThis.fakeMicrophone.say(sound), base64);
}

/** Runs in the page: it may use nothing from this module. */
function installMicrophone(refusal: string | null): void {
  let context: AudioContext | undefined;
  let room: GainNode | undefined;
  const tracks: MediaStreamTrack[] = [];

  const openRoom = () => {
    context ??= new AudioContext();
    if (room === undefined) {
      room = context.createGain();
      // A quiet room, not digital silence.
      const noise = context.createBuffer(1, context.sampleRate, context.sampleRate);
      const samples = noise.getChannelData(0);
      let seed = 1;
      for (let index = 0; index < samples.length; index++) {
        seed = (seed * 16_807) % 2_147_483_647;
        samples[index] = (seed / 2_147_483_647 - 0.5) * 0.001;
      }
      const source = context.createBufferSource();
      source.buffer = noise;
      source.loop = true;
      source.connect(room);
      source.start();
    }
    return { context, room };
  };

  // Blank pages have none to replace.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return;
  devices.getUserMedia = async () => {
    if (refusal !== null) throw new DOMException('Refused by the test.', refusal);
    const { context, room } = openRoom();
    await context.resume();
    const destination = context.createMediaStreamDestination();
    room.connect(destination);
    tracks.push(...destination.stream.getAudioTracks());
    return destination.stream;
  };

  globalThis.fakeMicrophone = {
    async say(base64) {
      const { context, room } = openRoom();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const source = context.createBufferSource();
      source.buffer = await context.decodeAudioData(bytes.buffer);
      source.connect(room);
      const said = new Promise<void>((resolve) =>
        source.addEventListener('ended', () => resolve(), { once: true }),
      );
      source.start();
      await said;
    },
    open: () => tracks.filter((track) => track.readyState === 'live').length,
    pullOut() {
      for (const track of tracks) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    },
  };
}
