import type { ServerMessage, ServerMessageType } from '@malbeot/protocol';
import { createRandom } from '../../providers/chain/testing/chance.ts';
import { LevelDetector } from '../../providers/fake/level-detector.ts';
import { ToneVoice } from '../../providers/fake/tone-voice.ts';
import type { SpeechToText } from '../../providers/spec/stt.ts';
import type { TextToSpeech } from '../../providers/spec/tts.ts';
import type { VoiceActivityDetector } from '../../providers/spec/vad.ts';
import type { Conversation, MicrophoneUse } from '../conversation.ts';
import { createConversation } from '../create-conversation.ts';
import type { Said } from '../dialogue.ts';
import type { FinishedTurn, Talk } from '../ports.ts';
import type { TurnReport } from '../turn-report.ts';
import { createSimulatedEars } from './simulated-ears.ts';
import { createSimulatedLoudspeaker, type SimulatedLoudspeaker } from './simulated-loudspeaker.ts';
import { createPerson, type SimulatedPerson } from './simulated-person.ts';
import { createVirtualWorld, type VirtualWorld } from './virtual-world.ts';

export interface SimulationOptions {
  readonly talk: Pick<Talk, 'dialogue'> & Partial<Talk>;
  readonly seed?: number;
  readonly ears?: (world: VirtualWorld, person: SimulatedPerson) => SpeechToText | null;
  readonly voice?: (world: VirtualWorld) => TextToSpeech | null;
  readonly vad?: VoiceActivityDetector;
  readonly use?: Partial<MicrophoneUse>;
  readonly history?: readonly Said[];
  /** One way between server and person; 20 ms. */
  readonly networkMs?: number;
  /** RMS of the room, of full scale; 0.003, -50 dBFS. */
  readonly roomLevel?: number;
}

/** Something that the server sent, with the moment at which it left. */
export type SentMessage = ServerMessage & { readonly atMs: number };

/** A conversation with a person, a microphone, a loudspeaker and a network, in virtual time. */
export interface Simulation {
  readonly world: VirtualWorld;
  readonly person: SimulatedPerson;
  readonly loudspeaker: SimulatedLoudspeaker;
  readonly conversation: Conversation;
  /** All that the server sent, sound aside. */
  readonly sent: readonly SentMessage[];
  readonly kept: readonly FinishedTurn[];
  readonly reports: readonly TurnReport[];
  readonly troubles: readonly unknown[];
  /** When each piece of sound left. */
  readonly soundAtMs: readonly number[];
  nowMs(): number;
  pass(ms: number): Promise<void>;
  /** Says it and waits until it is said. */
  say(text: string): Promise<void>;
  /** Lets time pass until nobody speaks and nothing is being made, at most `limitMs`. */
  quiet(limitMs?: number): Promise<void>;
  all<T extends ServerMessageType>(type: T): readonly Extract<SentMessage, { readonly type: T }>[];
  end(): Promise<void>;
}

const FRAME_MS = 20;
const FRAME_SAMPLES = 320;
const SPEECH_LEVEL = 0.2;

export function simulate(options: SimulationOptions): Simulation {
  const { talk, seed = 1, networkMs = 20, roomLevel = 0.003, use = {}, history = [] } = options;
  const world = createVirtualWorld();
  const { clock } = world;
  const random = createRandom(seed);
  const person = createPerson(clock);
  const sent: SentMessage[] = [];
  const soundAtMs: number[] = [];
  const kept: FinishedTurn[] = [];
  const reports: TurnReport[] = [];
  const troubles: unknown[] = [];
  let turns = 0;
  let isOver = false;

  const later = (act: () => void) => void clock.after(networkMs, act);
  const loudspeaker = createSimulatedLoudspeaker({
    clock,
    onPlayed: (audioId, ms) => later(() => conversation.played(audioId, ms)),
  });
  const arrive = (message: ServerMessage) => {
    if (message.type === 'audio_start')
      loudspeaker.begin(message.data.audio_id, message.data.sample_rate, message.data.text);
    else if (message.type === 'duck') loudspeaker.duck(message.data.decibels);
    else if (message.type === 'restore') loudspeaker.restore();
    else if (message.type === 'interrupted') loudspeaker.stop();
  };
  const conversation = createConversation({
    sessionId: 'ses_simulated',
    language: 'ko',
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
      ears: (options.ears ?? ((_world, somebody) => createSimulatedEars({ clock, person: somebody })))(
        world,
        person,
      ),
      voice: (options.voice ?? (() => new ToneVoice()))(world),
      vad: options.vad ?? new LevelDetector(),
      clock,
      timers: clock,
      newTurnId: () => `trn_${++turns}`,
      onTurn: (report) => reports.push(report),
      onTrouble: (error) => troubles.push(error),
    },
    output: {
      send: (message) => {
        sent.push({ ...message, atMs: clock.monotonicMs() });
        later(() => arrive(message));
      },
      audio: (audioId, _sequence, samples) => {
        soundAtMs.push(clock.monotonicMs());
        const { length } = samples;
        later(() => loudspeaker.sound(audioId, length));
      },
      room: () => Promise.resolve(),
    },
    state: null,
    history,
  });

  const listen = () => {
    if (isOver) return;
    const level = person.isLoudAt(clock.monotonicMs()) ? SPEECH_LEVEL : roomLevel;
    // Uniform noise has a standard deviation of 1/√3.
    const scale = level * Math.sqrt(3);
    const samples = new Float32Array(FRAME_SAMPLES).map(() => (random() * 2 - 1) * scale);
    conversation.hear(samples);
    clock.after(FRAME_MS, listen);
  };
  conversation.open({ handsFree: true, speechRate: 1, ...use });
  listen();

  const simulation: Simulation = {
    world,
    person,
    loudspeaker,
    conversation,
    sent,
    kept,
    reports,
    troubles,
    soundAtMs,
    nowMs: () => clock.monotonicMs(),
    pass: (ms) => world.pass(ms),
    say: (text) => world.pass(person.say(text)),
    async quiet(limitMs = 30_000) {
      const endMs = clock.monotonicMs() + limitMs;
      await world.pass(100);
      while ((conversation.isBusy || loudspeaker.isPlaying) && clock.monotonicMs() < endMs)
        await world.pass(100);
    },
    all: (type) => sent.filter((message) => message.type === type) as never,
    async end() {
      isOver = true;
      await conversation.close();
      await world.pass(FRAME_MS);
    },
  };
  return simulation;
}
