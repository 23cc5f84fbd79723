import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** What the init script leaves on the page. */
interface FakeMicrophone {
  /** Plays the WAV into the open microphone; resolves when it is said. */
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

/** Says a WAV file into the page's open microphone and waits until it is said. */
export async function sayFile(page: Page, path: string | URL): Promise<void> {
  const base64 = (await readFile(path)).toString('base64');
  await page.evaluate((sound) => globalThis.fakeMicrophone.say(sound), base64);
}

/** Runs in the page: it may use nothing from this module. */
function installMicrophone(refusal: string | null): void {
  // Blank pages have none to replace.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return;

  /** Where the room is heard, one gain for each context that opened a microphone. */
  const rooms = new Map<BaseAudioContext, GainNode>();
  const given = new WeakSet<MediaStream>();
  const tracks: MediaStreamTrack[] = [];
  let unheard: AudioContext | undefined;

  const roomIn = (context: AudioContext): GainNode => {
    const known = rooms.get(context);
    if (known !== undefined) return known;
    const room = context.createGain();
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
    rooms.set(context, room);
    return room;
  };

  devices.getUserMedia = () => {
    if (refusal !== null) return Promise.reject(new DOMException('Refused by the test.', refusal));
    unheard ??= new AudioContext();
    const { stream } = unheard.createMediaStreamDestination();
    given.add(stream);
    tracks.push(...stream.getAudioTracks());
    return Promise.resolve(stream);
  };

  // A stream from one context into another runs against the clock: where the processor is busy, pieces of it are lost or
  // come twice, and a sentence becomes another one. Inside one context every sample arrives, late at worst.
  // oxlint-disable-next-line typescript/unbound-method -- called with its context as `this` below
  const createSource = AudioContext.prototype.createMediaStreamSource;
  AudioContext.prototype.createMediaStreamSource = function (this: AudioContext, stream) {
    if (!given.has(stream)) return createSource.call(this, stream);
    const microphone = this.createGain();
    roomIn(this).connect(microphone);
    // All that the page does with it is to connect and to disconnect it.
    return microphone as unknown as MediaStreamAudioSourceNode;
  };

  const open = () => tracks.filter((track) => track.readyState === 'live').length;

  globalThis.fakeMicrophone = {
    async say(base64) {
      const [heard] = rooms;
      if (heard === undefined || open() === 0) throw new Error('The microphone is not open.');
      const [context, room] = heard;
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
    open,
    pullOut() {
      for (const track of tracks) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    },
  };
}
