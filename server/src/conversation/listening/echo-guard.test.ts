import { describe, expect, it } from 'vitest';
import { whiteNoise } from '../../audio/testing/noise.ts';
import { seededRandom } from '../../audio/testing/random.ts';
import { createEchoGuard } from './echo-guard.ts';
import {
  activeLevel,
  atSpokenLevel,
  echoOf,
  longestNearMs,
  nearAfterMs,
  overhear,
  type Scene,
  spokenSample,
} from './testing/overheard.ts';
import { PLAIN_ROOM, type Room } from './testing/rooms.ts';
import { FRAME_SAMPLES } from './voice-frame.ts';

const SPOKEN_DB = -20;
const samples = Array.from({ length: 12 }, (_, index) => spokenSample(index + 1));
const spoken = (index: number) => atSpokenLevel(samples[index % samples.length]!.slice(0, 32_000), SPOKEN_DB);
const lengthMs = (sound: Float32Array) => sound.length / 16;
/** The time in which a first echo is told apart by its loudness alone. */
const FIRST_MS = 600;

/** Two replies in a row; a person may speak into the second. */
function twoReplies(room: Room, first: number): Scene & { readonly secondMs: number } {
  const one = spoken(first);
  const two = spoken(first + 1);
  const secondMs = 500 + lengthMs(one) + 900;
  const scene = {
    room,
    replies: [
      { samples: one, atMs: 500 },
      { samples: two, atMs: secondMs },
    ],
    lengthMs: secondMs + lengthMs(two) + 800,
  };
  return { ...scene, secondMs, echo: echoOf(scene) };
}

const scenes = new Map<Room, ReturnType<typeof twoReplies>>();

function sceneOf(room: Room): ReturnType<typeof twoReplies> {
  const scene = scenes.get(room) ?? twoReplies(room, room.seed);
  scenes.set(room, scene);
  return scene;
}

/** Rooms, loudspeakers and microphones of all kinds, by number. */
function anyRoom(seed: number): Room {
  const random = seededRandom(seed);
  return {
    delayMs: 20 + random() * 680,
    gainDb: -25 * random(),
    reverbMs: 100 + random() * 500,
    tailDb: -12 + random() * 12,
    lowHertz: 150 + random() * 350,
    highHertz: 3_500 + random() * 3_500,
    drive: random() * 2.5,
    residualDb: 0,
    driftPpm: (random() - 0.5) * 100,
    seed,
  };
}

const canceller: Partial<Room> = { gainDb: -25, residualDb: 12, drive: 2 };

const ROOMS: readonly (readonly [name: string, room: Room])[] = [
  ['a plain room', PLAIN_ROOM],
  ['a laptop, close', { ...PLAIN_ROOM, delayMs: 20, gainDb: -3, seed: 2 }],
  ['a loud kiosk that echoes', { ...PLAIN_ROOM, gainDb: 0, reverbMs: 600, tailDb: 0, drive: 2, seed: 3 }],
  ['a slow phone', { ...PLAIN_ROOM, delayMs: 700, lowHertz: 450, highHertz: 3_800, seed: 4 }],
  ['a clock that drifts', { ...PLAIN_ROOM, delayMs: 300, driftPpm: 50, seed: 5 }],
  ['a quiet loudspeaker', { ...PLAIN_ROOM, gainDb: -30, seed: 6 }],
  ['what an echo canceller leaves', { ...PLAIN_ROOM, ...canceller, seed: 7 }],
  ['the same, later and in a hall', { ...PLAIN_ROOM, ...canceller, delayMs: 450, reverbMs: 600, seed: 8 }],
  ...Array.from({ length: 6 }, (_, at) => [`room ${100 + at}`, anyRoom(100 + at)] as const),
];

describe.each(ROOMS)('%s', (_, room) => {
  it('is not heard as a person', () => {
    const scene = sceneOf(room);
    const judged = overhear(createEchoGuard(), scene);
    expect(longestNearMs(judged, 500, 500 + room.delayMs + FIRST_MS)).toBeLessThan(200);
    expect(longestNearMs(judged, 500 + room.delayMs + FIRST_MS, scene.lengthMs)).toBeLessThan(200);
  });
});

describe('a person who cuts in', () => {
  /** How long it takes to find each of many people, with their speech beside the echo in dB. */
  const foundAfter = (besideEchoDb: number) =>
    ROOMS.map(([, room], index) => {
      const scene = sceneOf(room);
      const { secondMs, echo } = scene;
      const echoDb = activeLevel(echo!);
      const sound = atSpokenLevel(
        samples[(index * 5 + 3) % 12]!.slice(0, 16_000),
        Math.max(echoDb + besideEchoDb, -36),
      );
      const atMs = secondMs + room.delayMs + 300 + index * 37;
      const near = [{ samples: sound, atMs }];
      return nearAfterMs(overhear(createEchoGuard(), { ...scene, near }), atMs, atMs + lengthMs(sound));
    }).toSorted((a, b) => a - b);

  it.each([
    [6, 100, 160],
    [0, 100, 400],
    [-6, 130, 800],
  ])('%i dB beside the echo', (besideEchoDb, mostAtMedianMs, mostAtTenthMs) => {
    const found = foundAfter(besideEchoDb);
    expect(found[Math.floor(found.length / 2)]).toBeLessThanOrEqual(mostAtMedianMs);
    expect(found[Math.floor(found.length * 0.9)]).toBeLessThanOrEqual(mostAtTenthMs);
  });
});

describe('around a reply', () => {
  it('all speech is near while nothing plays', () => {
    const near = [{ samples: spoken(3), atMs: 0 }];
    const judged = overhear(createEchoGuard(), { room: PLAIN_ROOM, replies: [], near, lengthMs: 1_000 });
    expect(new Set(judged)).toEqual(new Set(['near']));
  });

  it('what is no speech is quiet, whatever plays', () => {
    const judged = overhear(createEchoGuard(), { ...twoReplies(PLAIN_ROOM, 1), isSpeech: false });
    expect(new Set(judged)).toEqual(new Set(['quiet']));
  });

  it('all speech is near again a second after the last sound', () => {
    const scene = twoReplies(PLAIN_ROOM, 1);
    const endMs = scene.secondMs + lengthMs(scene.replies[1]!.samples);
    const judged = overhear(createEchoGuard(), { ...scene, lengthMs: endMs + 2_000 });
    expect(longestNearMs(judged, endMs + 1_000)).toBeGreaterThan(900);
  });

  it('what still sounds after a stop is echo, a person at once after it is near', () => {
    const scene = twoReplies({ ...PLAIN_ROOM, delayMs: 200, reverbMs: 500 }, 4);
    const stoppedMs = scene.secondMs + 700;
    const cut = { ...scene, stoppedMs, lengthMs: stoppedMs + 1_500 };
    const stopped = { ...cut, echo: echoOf(cut) };
    expect(longestNearMs(overhear(createEchoGuard(), stopped), stoppedMs, stoppedMs + 900)).toBeLessThan(100);
    const near = [{ samples: atSpokenLevel(samples[8]!, -28), atMs: stoppedMs + 250 }];
    const judged = overhear(createEchoGuard(), { ...stopped, near });
    expect(nearAfterMs(judged, stoppedMs + 250, stoppedMs + 1_200)).toBeLessThan(150);
  });

  it('a player that stalls is not heard as a person for long', () => {
    const reply = Float32Array.from([...spoken(1), ...spoken(2), ...spoken(6)]);
    const judged = overhear(createEchoGuard(), {
      room: { ...PLAIN_ROOM, stall: { atMs: 2_500, ms: 240 } },
      replies: [{ samples: reply, atMs: 500 }],
      lengthMs: 500 + lengthMs(reply) + 800,
    });
    expect(longestNearMs(judged, 500, 500 + lengthMs(reply) + 800)).toBeLessThan(200);
  });

  it('a person is heard where an echo canceller leaves nothing', () => {
    const room = { ...PLAIN_ROOM, gainDb: -90 };
    const scene = twoReplies(room, 5);
    const atMs = 500 + 1_400;
    const near = [{ samples: atSpokenLevel(samples[2]!, -30), atMs }];
    expect(nearAfterMs(overhear(createEchoGuard(), { ...scene, near }), atMs, atMs + 1_000)).toBeLessThan(
      130,
    );
  });

  it('a person who speaks where nothing comes back is not taken for the echo that was awaited', () => {
    const heard = samples.map((sample, index) => {
      const atMs = 500 + 900 + index * 53;
      const replies = [
        { samples: Float32Array.from([...spoken(index + 1), ...spoken(index + 2)]), atMs: 500 },
      ];
      const near = [{ samples: atSpokenLevel(sample.slice(0, 24_000), SPOKEN_DB), atMs }];
      const room = { ...PLAIN_ROOM, gainDb: -90 };
      const judged = overhear(createEchoGuard(true), { room, replies, near, lengthMs: 4_000 });
      return longestNearMs(judged, atMs, atMs + 1_500);
    });
    expect(heard.filter((longest) => longest < 500)).toEqual([]);
  });

  it('a loudspeaker that was turned down and up again is no person', () => {
    const fooled = ROOMS.map(([, room], index) => {
      const replies = [{ samples: Float32Array.from([...spoken(index), ...spoken(index + 3)]), atMs: 500 }];
      const ducked = { fromMs: 2_200, toMs: 3_000 };
      const heard = (scene: Partial<Scene>) =>
        longestNearMs(overhear(createEchoGuard(), { room, replies, lengthMs: 4_600, ...scene }), 2_200);
      return heard({ ducked }) - heard({});
    });
    expect(Math.max(...fooled)).toBeLessThan(64);
  });

  it('is not fooled by a breath over the echo once it knows how loud the person is', () => {
    const room = { ...PLAIN_ROOM, gainDb: -28 };
    const reply = { samples: Float32Array.from([...spoken(2), ...spoken(5)]), atMs: 3_000 };
    const breath = { samples: whiteNoise(6_400, -42, 3), atMs: 5_200 };
    const person = { samples: spoken(3), atMs: 300 };
    const judge = (near: Scene['near']) => {
      const isSpeech = (levelDb: number) => levelDb > -50;
      const scene = { room, replies: [reply], ...(near && { near }), isSpeech, lengthMs: 6_600 };
      return longestNearMs(overhear(createEchoGuard(), scene), 5_200, 5_700);
    };
    expect(judge([breath])).toBeGreaterThan(100);
    expect(judge([person, breath])).toBeLessThan(64);
  });

  it.each([8_000, 22_050, 48_000])('takes speech at %i Hz', (sampleRate) => {
    const scene = { ...twoReplies(PLAIN_ROOM, 7), sampleRate };
    expect(longestNearMs(overhear(createEchoGuard(), scene), 500 + FIRST_MS, scene.lengthMs)).toBeLessThan(
      200,
    );
  });
});

it('judges the same twice', () => {
  const scene = twoReplies(anyRoom(9), 9);
  expect(overhear(createEchoGuard(), scene)).toEqual(overhear(createEchoGuard(), scene));
});

it('is not disturbed by empty pieces, jumps of the clock and silence of the microphone', () => {
  const guard = createEchoGuard();
  guard.sent(new Int16Array(0), 24_000, 0);
  guard.stopped(0);
  guard.sent(new Int16Array(24_000).fill(1_000), 24_000, 1e9);
  guard.sent(new Int16Array(24_000), 24_000, 10);
  const frame = { levelDb: -100, probability: 1, isSpeech: true };
  const silence = new Float32Array(FRAME_SAMPLES);
  for (let endMs = 32; endMs < 3_000; endMs += 32) {
    expect(['near', 'echo']).toContain(guard.judge({ ...frame, endMs, samples: silence }, endMs));
  }
  guard.stopped(3_000);
  const noise = whiteNoise(FRAME_SAMPLES, -20);
  expect(guard.judge({ ...frame, endMs: 9_000, samples: noise }, 9_000)).toBe('near');
});
