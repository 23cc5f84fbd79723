import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { fromPcm16, toPcm16 } from '../../server/src/audio/pcm.ts';
import { seededRandom } from '../../server/src/audio/testing/random.ts';
import { roomSound, spokenAt } from '../../server/src/audio/testing/room.ts';
import { FRAME_MS, type VoiceFrame } from '../../server/src/conversation/listening/voice-frame.ts';
import { createVoiceMeter, type VoiceMeter } from '../../server/src/conversation/listening/voice-meter.ts';
import { SHORTEST_SPEECH_MS } from '../../server/src/conversation/speech-tracker.ts';
import { forkChannel } from '../../server/src/lib/child-host-fork.ts';
import { createChildHost } from '../../server/src/lib/child-host.ts';
import {
  createSileroDetector,
  type SileroStatus,
} from '../../server/src/providers/silero/silero-detector.ts';
import type { VadHostPart, VadHostRequest } from '../../server/src/providers/silero/vad-host-protocol.ts';
import { demoSounds } from '../lib/demo-sounds.ts';
import { residentMegabytes, root } from '../lib/processes.ts';
import { processorMs } from '../lib/processor-time.ts';
import { watchLoop, type LoopDelay } from '../lib/watch-loop.ts';

export interface OpenMicrophonesTask {
  readonly microphones: number;
  readonly seconds: number;
  /** Bursts of speech a second, each at some microphone. */
  readonly burstsPerSecond: number;
}

export interface OpenMicrophonesMeasure {
  /** Milliseconds of a core a second, of this process and of the model's; null where this machine does not tell. */
  readonly mainMsPerSecond: number;
  readonly childMsPerSecond: number | null;
  /** From the first sound of each burst at the microphone to the first frame that is called speech. */
  readonly noticedMs: readonly number[];
  readonly missed: number;
  /** Where a frame or more was called speech and nobody spoke. */
  readonly phantoms: number;
  /** Of those, long enough to be taken for somebody who speaks. */
  readonly phantomTurns: number;
  readonly frames: number;
  readonly status: SileroStatus;
  readonly loop: LoopDelay;
  readonly childMegabytes: number | null;
}

const RATE = 16_000;
/** What a page sends at a time: 20 ms. */
const CHUNK = 320;
const CHUNK_MS = 20;
/** Rooms get known in this time; nothing is counted. */
const WARM_UP_MS = 4_000;
/** A burst that is not noticed by then is missed; speech that is called so long after one was the burst. */
const NOTICED_LIMIT_MS = 1_000;
const SPEECH_DB = -35;
const TURN_FRAMES = Math.ceil(SHORTEST_SPEECH_MS / FRAME_MS);
const ROOMS = 16;
const ROOM_SECONDS = 20;

interface Burst {
  readonly sound: Int16Array;
  /** Sample of the microphone at which it begins. */
  readonly at: number;
  readonly startedMs: number;
  noticed: boolean;
}

/** Many microphones open in one process, in a room that breathes and clicks; now and then somebody speaks. */
export async function openMicrophones(task: OpenMicrophonesTask): Promise<OpenMicrophonesMeasure> {
  const random = seededRandom(7);
  const rooms = Array.from({ length: ROOMS }, (_, index) => toPcm16(roomSound(ROOM_SECONDS, index + 1)));
  const spoken = demoSounds().map((sound) => toPcm16(spokenAt(SPEECH_DB, sound)));
  const host = createChildHost<VadHostRequest, VadHostPart>({
    name: 'vad-host',
    open: forkChannel({ entry: pathToFileURL(path.join(root, 'server/dist/vad-host/main.js')) }),
  });
  const detector = createSileroDetector({ host });
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  await detector.preload!(controller.signal);

  const noticedMs: number[] = [];
  let missed = 0;
  let phantoms = 0;
  let phantomTurns = 0;
  let frames = 0;
  let counts = false;

  const startedMs = performance.now();
  const microphones = Array.from({ length: task.microphones }, (_, index) => {
    const room = rooms[index % ROOMS]!;
    const offset = Math.floor(random() * room.length);
    /** Where in the 20 ms its pieces are complete. */
    const phaseMs = random() * CHUNK_MS;
    let position = 0;
    let burst: Burst | undefined;
    let wasSpeech = false;
    /** How long nobody has been speaking for, in frames; 0 while it is somebody. */
    let phantomFrames = 0;
    const onFrame = ({ isSpeech }: VoiceFrame) => {
      frames += 1;
      const began = isSpeech && !wasSpeech;
      wasSpeech = isSpeech;
      if (!isSpeech) phantomFrames = 0;
      else if (phantomFrames > 0 && ++phantomFrames === TURN_FRAMES) phantomTurns += 1;
      if (!began || !counts) return;
      if (burst === undefined) {
        phantoms += 1;
        phantomFrames = 1;
      } else if (!burst.noticed) {
        burst.noticed = true;
        noticedMs.push(performance.now() - burst.startedMs);
      }
    };
    const meter: VoiceMeter = createVoiceMeter(
      {
        detector,
        onFrame,
        onTrouble: (error) => {
          throw error;
        },
      },
      controller.signal,
    );
    return {
      get isFree() {
        return burst === undefined;
      },
      speak() {
        const sound = spoken[Math.floor(random() * spoken.length)]!;
        const at = position + Math.floor(random() * RATE * 0.1);
        burst = { sound, at, startedMs: startedMs + phaseMs + (at * 1_000) / RATE, noticed: false };
      },
      /** Pushes every piece that is complete by now, as a socket hands it on. */
      catchUp(nowMs: number) {
        while (startedMs + phaseMs + ((position + CHUNK) * 1_000) / RATE <= nowMs) {
          const piece = new Int16Array(CHUNK);
          for (let index = 0; index < CHUNK; index++) {
            const at = position + index;
            const said = burst === undefined ? 0 : (burst.sound[at - burst.at] ?? 0);
            piece[index] = room[(offset + at) % room.length]! + said;
          }
          position += CHUNK;
          meter.push(fromPcm16(piece));
        }
        if (burst === undefined) return;
        const overAt = burst.at + Math.max(burst.sound.length, (NOTICED_LIMIT_MS * RATE) / 1_000) + RATE / 2;
        if (position <= overAt) return;
        if (!burst.noticed) missed += 1;
        burst = undefined;
      },
    };
  });

  const run = async (ms: number, burstsPerSecond: number) => {
    const until = performance.now() + ms;
    const gapMs = burstsPerSecond === 0 ? Infinity : 1_000 / burstsPerSecond;
    let nextBurstMs = performance.now() + gapMs;
    for (let nowMs = performance.now(); nowMs < until; nowMs = performance.now()) {
      for (; nextBurstMs <= nowMs; nextBurstMs += gapMs) {
        const free = microphones.filter(({ isFree }) => isFree);
        free[Math.floor(random() * free.length)]?.speak();
      }
      for (const microphone of microphones) microphone.catchUp(nowMs);
      await sleep(2);
    }
  };

  try {
    await run(WARM_UP_MS, 0);
    counts = true;
    frames = 0;
    const pid = host.status().pid!;
    const before = detector.status();
    const childBefore = await processorMs(pid);
    const mainBefore = process.cpuUsage();
    const { loop } = await watchLoop(() => run(task.seconds * 1_000, task.burstsPerSecond));
    const main = process.cpuUsage(mainBefore);
    const childAfter = await processorMs(pid);
    const after = detector.status();
    const framesThen = frames;
    const child = childBefore === null || childAfter === null ? null : childAfter - childBefore;
    // Those that had begun are heard to their end.
    await run(NOTICED_LIMIT_MS * 3, 0);
    return {
      mainMsPerSecond: (main.user + main.system) / 1_000 / task.seconds,
      childMsPerSecond: child === null ? null : child / task.seconds,
      noticedMs,
      missed,
      phantoms,
      phantomTurns,
      frames: framesThen,
      status: {
        ...after,
        judgedByModel: after.judgedByModel - before.judgedByModel,
        judgedByLevel: after.judgedByLevel - before.judgedByLevel,
        batches: after.batches - before.batches,
      },
      loop,
      childMegabytes: await residentMegabytes(pid),
    };
  } finally {
    controller.abort();
    await detector.close?.();
    await host.close();
  }
}
