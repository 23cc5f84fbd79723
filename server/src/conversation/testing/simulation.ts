import { createHash } from 'node:crypto';
import type { ServerMessage, ServerMessageType } from '@malbeot/protocol';
import { createRandom } from '../../providers/chain/testing/chance.ts';
import type { SpeechToText } from '../../providers/spec/stt.ts';
import type { TextToSpeech } from '../../providers/spec/tts.ts';
import type { TurnEndDetector } from '../../providers/spec/turn-end.ts';
import type { Conversation, MicrophoneUse } from '../conversation.ts';
import { createConversation } from '../create-conversation.ts';
import type { Said } from '../dialogue.ts';
import type { FinishedTurn, Talk } from '../ports.ts';
import type { TurnReport } from '../turn-report.ts';
import { createSimulatedDetector } from './simulated-vad.ts';
import { createSimulatedEars } from './simulated-ears.ts';
import { createLine, type SimulatedLine } from './simulated-line.ts';
import { createSimulatedLoudspeaker, type SimulatedLoudspeaker } from './simulated-loudspeaker.ts';
import { createPerson, type SimulatedPerson } from './simulated-person.ts';
import {
  createSimulatedRoom,
  type RoomSound,
  type SimulatedRoom,
  type SimulatedRoomOptions,
} from './simulated-room.ts';
import { createSimulatedVoice } from './simulated-voice.ts';
import { createVirtualWorld, type VirtualWorld } from './virtual-world.ts';

export interface SimulationOptions {
  readonly talk: Pick<Talk, 'dialogue'> & Partial<Talk>;
  readonly world?: VirtualWorld;
  readonly seed?: number;
  /** BCP 47; `ko`. */
  readonly language?: string;
  readonly ears?: (world: VirtualWorld, room: SimulatedRoom) => SpeechToText | null;
  readonly voice?: (world: VirtualWorld) => TextToSpeech | null;
  readonly turnEnds?: (world: VirtualWorld) => TurnEndDetector;
  readonly use?: Partial<MicrophoneUse>;
  readonly history?: readonly Said[];
  /** One way between server and person; 20 ms. */
  readonly networkMs?: number;
  /** So much more, at most; 0. */
  readonly jitterMs?: number;
  /** Quiet noise of -50 dB, and a loudspeaker of which -30 dB come back after 40 ms. */
  readonly room?: Partial<SimulatedRoomOptions>;
  readonly reportEveryMs?: number;
  readonly startBufferMs?: number;
}

/** Something that the server sent, with the moment at which it left. */
export type SentMessage = ServerMessage & { readonly atMs: number };

/** A piece of sound that the server sent. */
export interface SentSound {
  readonly atMs: number;
  readonly audioId: number;
  readonly sequence: number;
  readonly samples: number;
  /** How many messages had been sent before it. */
  readonly messagesBefore: number;
  /** Milliseconds of sound that had been sent and not played when it left. */
  readonly aheadMs: number;
}

/** A conversation with a person, a microphone, a loudspeaker and a network, in virtual time. */
export interface Simulation {
  readonly world: VirtualWorld;
  readonly person: SimulatedPerson;
  readonly loudspeaker: SimulatedLoudspeaker;
  readonly uplink: SimulatedLine;
  readonly downlink: SimulatedLine;
  readonly conversation: Conversation;
  /** All that the server sent, sound aside. */
  readonly sent: readonly SentMessage[];
  readonly sounds: readonly SentSound[];
  readonly kept: readonly FinishedTurn[];
  readonly reports: readonly TurnReport[];
  readonly troubles: readonly unknown[];
  /** Sent after the conversation was closed. */
  readonly sentTooLate: number;
  nowMs(): number;
  /** Milliseconds of sound that were sent and not played. */
  leftMs(): number;
  pass(ms: number): Promise<void>;
  /** Says it and waits until it is said; with the button held where it is push-to-talk. */
  say(text: string): Promise<void>;
  /** Lets time pass until nobody speaks and nothing is being made, at most `limitMs`. False at the limit. */
  quiet(limitMs?: number): Promise<boolean>;
  all<T extends ServerMessageType>(type: T): readonly Extract<SentMessage, { readonly type: T }>[];
  end(): Promise<void>;
  /** All that left the server and when, as one hash. */
  digest(): string;
}

const FRAME_MS = 20;
const FRAME_SAMPLES = 320;

const CANCELLED_DB = -25;

export function simulate(options: SimulationOptions): Simulation {
  const { talk, seed = 1, language = 'ko', use = {}, history = [], reportEveryMs, startBufferMs } = options;
  const { world = createVirtualWorld(), networkMs = 20, jitterMs = 0 } = options;
  const { clock } = world;
  const random = createRandom(seed);
  const person = createPerson(clock);
  const sent: SentMessage[] = [];
  const sounds: SentSound[] = [];
  const kept: FinishedTurn[] = [];
  const reports: TurnReport[] = [];
  const troubles: unknown[] = [];
  let turns = 0;
  let isOver = false;
  let sentTooLate = 0;
  /** Of sound that was not thrown away. */
  let sentMs = 0;
  let rate = 16_000;
  const playedMs = () => loudspeaker.played().reduce((sum, sound) => sum + sound.playedMs, 0);

  const line = () => createLine({ clock, latencyMs: networkMs, jitterMs, random });
  const uplink = line();
  const downlink = line();
  const loudspeaker = createSimulatedLoudspeaker({
    clock,
    ...(reportEveryMs === undefined ? {} : { reportEveryMs }),
    ...(startBufferMs === undefined ? {} : { startBufferMs }),
    onPlayed: (audioId, ms) => uplink.carry(() => conversation.played(audioId, ms)),
  });
  const room = createSimulatedRoom({
    person,
    loudspeaker,
    random,
    noise: 'quiet',
    noiseDb: -50,
    leakDb: -30,
    leakDelayMs: 40,
    ...options.room,
  });
  const arrive = (message: ServerMessage) => {
    if (message.type === 'duck') return loudspeaker.duck(message.data.decibels);
    if (message.type === 'restore') return loudspeaker.restore();
    if (message.type === 'interrupted') return loudspeaker.stop();
    if (message.type !== 'audio_start') return;
    const { turn_id: turnId, audio_id: audioId, sample_rate: sampleRate, text } = message.data;
    loudspeaker.begin({ turnId, audioId, sampleRate, text });
  };
  const { handsFree = true } = use;
  /** Whether the microphone sends. */
  let isOpen = handsFree;
  /** Of the sound that comes in just now. */
  let speech = 0;
  const ears = options.ears ?? (() => createSimulatedEars({ clock, room, language }));
  const voice = options.voice ?? (() => createSimulatedVoice({ clock }));
  const conversation = createConversation({
    sessionId: 'ses_simulated',
    language,
    talk: {
      experience: 'simulated',
      mayBeginEarly: true,
      keep: (turn) => {
        kept.push(turn);
        return Promise.resolve();
      },
      ...talk,
    },
    ports: {
      ears: ears(world, room),
      voice: voice(world),
      vad: createSimulatedDetector(() => speech),
      ...(options.turnEnds === undefined ? {} : { turnEnds: options.turnEnds(world) }),
      clock,
      timers: clock,
      newTurnId: () => `trn_${++turns}`,
      onTurn: (report) => reports.push(report),
      onTrouble: (error) => troubles.push(error),
    },
    output: {
      send: (message) => {
        if (isOver) sentTooLate++;
        sent.push({ ...message, atMs: clock.monotonicMs() });
        if (message.type === 'audio_start') rate = message.data.sample_rate;
        if (message.type === 'interrupted') sentMs = playedMs();
        downlink.carry(() => arrive(message));
      },
      audio: (audioId, sequence, samples) => {
        if (isOver) sentTooLate++;
        sentMs += (samples.length / rate) * 1000;
        sounds.push({
          atMs: clock.monotonicMs(),
          audioId,
          sequence,
          samples: samples.length,
          messagesBefore: sent.length,
          aheadMs: sentMs - playedMs(),
        });
        const copy = samples.slice();
        downlink.carry(() => loudspeaker.sound(audioId, copy));
      },
      room: (signal) => downlink.room(signal),
    },
    state: null,
    history,
  });

  const hear = (sound: RoomSound) => {
    speech = sound.speech;
    conversation.hear(sound.samples);
  };
  // Where time is real a frame may come late; none is left out.
  let dueMs = clock.monotonicMs();
  const listenLater = () => {
    dueMs += FRAME_MS;
    clock.after(Math.max(0, dueMs - clock.monotonicMs()), () => {
      if (isOver) return;
      const sound = room.take(FRAME_SAMPLES, dueMs);
      if (isOpen) uplink.carry(() => hear(sound));
      listenLater();
    });
  };
  const { leakDb = -30 } = options.room ?? {};
  // A device that lets so little through says that it cancels echo.
  const isEchoCancelled = leakDb === null || leakDb <= CANCELLED_DB;
  conversation.open({ speechRate: 1, isEchoCancelled, ...use, handsFree });
  listenLater();

  const isActive = () =>
    conversation.isBusy ||
    loudspeaker.isPlaying ||
    person.quietFromMs > clock.monotonicMs() - networkMs - jitterMs;
  return {
    world,
    person,
    loudspeaker,
    uplink,
    downlink,
    conversation,
    sent,
    sounds,
    kept,
    reports,
    troubles,
    get sentTooLate() {
      return sentTooLate;
    },
    nowMs: () => clock.monotonicMs(),
    leftMs: () => sentMs - playedMs(),
    pass: (ms) => world.pass(ms),
    async say(text) {
      isOpen = true;
      await world.pass(person.say(text));
      if (handsFree) return;
      await world.pass(FRAME_MS);
      isOpen = false;
      uplink.carry(() => conversation.endSpeech());
    },
    async quiet(limitMs = 30_000) {
      const endMs = clock.monotonicMs() + limitMs;
      await world.pass(100);
      while (isActive() && clock.monotonicMs() < endMs) await world.pass(100);
      return !isActive();
    },
    all: (type) => sent.filter((message) => message.type === type) as never,
    async end() {
      isOver = true;
      // A store may wait for time to pass.
      const closing = conversation.close();
      await world.pass(FRAME_MS + networkMs + jitterMs);
      await closing;
      await world.pass(FRAME_MS);
    },
    digest: () =>
      createHash('sha256')
        .update(JSON.stringify([sent, sounds, kept, conversation.history()]))
        .digest('hex'),
  };
}
