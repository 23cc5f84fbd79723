import workletUrl from '../../src/audio/capture-worklet.ts?worker&url';
import { createQueuePlayer, createUplink, type UplinkFormat } from '../../src/audio/index.ts';
import { loadWorklet } from '../../src/audio/load-worklet.ts';
import { sharedContext } from '../../src/audio/shared-context.ts';
import type { PlayedReport } from './globals.ts';

const PIECE_MS = 20;
const blocks: Float32Array[] = [];
let bus: GainNode | undefined;

// What goes to the loudspeaker is kept, too.
// oxlint-disable-next-line typescript/unbound-method -- called with its node as `this` below
const connect = AudioNode.prototype.connect as (this: AudioNode, ...rest: unknown[]) => unknown;
AudioNode.prototype.connect = function (this: AudioNode, ...rest: unknown[]) {
  if (rest[0] instanceof AudioDestinationNode && bus !== undefined) connect.call(this, bus);
  return connect.apply(this, rest);
} as typeof AudioNode.prototype.connect;

/** Resolves when every sound from now on is kept. */
async function listen(): Promise<void> {
  const context = sharedContext();
  await Promise.all([context.resume(), loadWorklet(context, workletUrl)]);
  bus = context.createGain();
  // Something has to flow for the blocks to come.
  const silence = context.createConstantSource();
  silence.offset.value = 0;
  const tap = new AudioWorkletNode(context, 'malbeot-capture', { numberOfOutputs: 0 });
  silence.connect(bus).connect(tap);
  silence.start();
  await new Promise<void>((resolve) => {
    tap.port.addEventListener('message', ({ data }: MessageEvent<Float32Array>) => {
      blocks.push(data);
      resolve();
    });
    tap.port.start();
  });
}

const played: PlayedReport[] = [];
const playerStates: string[] = [];
const uplinkStates: string[] = [];
const frames: Uint8Array[] = [];
const formats: UplinkFormat[] = [];
const lost: string[] = [];
const codec = new URLSearchParams(location.search).get('codec') === 'opus' ? 'opus' : 'pcm16';

globalThis.talkAudioPage = {
  played,
  playerStates,
  uplinkStates,
  frames,
  formats,
  lost,
  levels: 0,
  player: createQueuePlayer({
    onPlayed: (audioId, ms, isLast) => played.push({ audioId, ms, isLast }),
    onState: (state) => playerStates.push(state),
    onError: (error) => console.error(error),
  }),
  uplink: createUplink({
    codec,
    onFormat: (format) => formats.push(format),
    onFrame: (frame) => frames.push(frame),
    onLevel: () => (globalThis.talkAudioPage.levels += 1),
    onState: (state) => uplinkStates.push(state),
    onLost: (error) => lost.push(error.kind),
  }),
  listen,
  hum(audioId, from, to, sampleRate = 24_000) {
    const length = (sampleRate * PIECE_MS) / 1000;
    for (let piece = from / PIECE_MS; piece < to / PIECE_MS; piece++) {
      const samples = Int16Array.from({ length }, (_, index) =>
        Math.round(12_000 * Math.sin((2 * Math.PI * 440 * (piece * length + index)) / sampleRate)),
      );
      globalThis.talkAudioPage.player.enqueue(audioId, sampleRate, samples);
    }
  },
  recorded: () => ({
    sampleRate: sharedContext().sampleRate,
    samples: blocks.flatMap((block) => [...block]),
  }),
  async sent() {
    if (codec === 'opus') return decoded(frames);
    return frames.flatMap((frame) => [...new Int16Array(frame.slice().buffer)]);
  },
};

async function decoded(packets: readonly Uint8Array[]): Promise<number[]> {
  const samples: number[] = [];
  const decoder = new AudioDecoder({
    output(data) {
      const plane = new Float32Array(data.numberOfFrames);
      data.copyTo(plane, { planeIndex: 0, format: 'f32-planar' });
      for (const sample of plane) samples.push(Math.round(sample * 0x7fff));
      data.close();
    },
    error: (error) => console.error(error),
  });
  decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 });
  for (const [index, data] of packets.entries()) {
    decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: index * 20_000, data }));
  }
  await decoder.flush();
  return samples;
}
