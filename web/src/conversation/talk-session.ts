import type { ConversationState, HeardAudio } from '@malbeot/client';
import type { ServerMessage, ServerMessages, ServerMessageType, UplinkCodec } from '@malbeot/protocol';
import {
  AudioError,
  createQueuePlayer,
  createUplink,
  type QueuePlayer,
  type Uplink,
  type UplinkFormat,
} from '../audio/index.ts';
import type { TalkClient } from './talk-client.ts';
import { stateFrom, type KeptTalk } from './kept-talk.ts';
import { talkReducer, type TalkEvent } from './talk-reducer.ts';
import { isSpeaking, lastReply, type TalkMode, type TalkState } from './talk-state.ts';

/** Every message of the server; the type holds the list whole. */
const messageTypes = Object.keys({
  ready: 0,
  speech_started: 0,
  speech_stopped: 0,
  transcript_partial: 0,
  transcript_final: 0,
  reply_delta: 0,
  emotion: 0,
  action: 0,
  duck: 0,
  restore: 0,
  audio_start: 0,
  visemes: 0,
  audio_end: 0,
  reply_done: 0,
  interrupted: 0,
  resumed: 0,
  resync: 0,
  pong: 0,
  error: 0,
} satisfies Record<ServerMessageType, 0>) as ServerMessageType[];

export interface TalkSessionOptions {
  readonly client: TalkClient;
  readonly mode?: TalkMode;
  /** What the page knew of it before it was loaded anew; null, or absent: it begins. */
  readonly kept?: KeptTalk | null;
  /** How the microphone's sound goes out; `pcm16` costs least on a machine of one's own, `opus` least on a network. */
  readonly codec?: UplinkCodec;
  /** In place of the page's own loudspeaker and microphone. */
  readonly openPlayer?: typeof createQueuePlayer;
  readonly openUplink?: typeof createUplink;
}

/** One conversation on a page: its connection, its microphone and its loudspeaker. */
export interface TalkSession {
  readonly state: TalkState;
  /** Called after each change of `state`; gives the way to stop. */
  subscribe(listener: () => void): () => void;
  /** RMS of the microphone's last 20 ms, 0 to 1: too often for a page's state. */
  onLevel(listener: (level: number) => void): () => void;
  /** What the screen should do, in the terms of the experience. */
  onAction(listener: (action: ServerMessages['action']) => void): () => void;
  open(): void;
  /** Turns the microphone on or off. What is in the way becomes `state.trouble`. */
  setMicrophone(isOn: boolean): Promise<void>;
  setMode(mode: TalkMode): void;
  /** Push-to-talk: the button is down. It stops what is being said, and turns the microphone on if need be. */
  press(): Promise<void>;
  release(): void;
  /** Typed words. */
  say(text: string): void;
  /** How quickly the server speaks from its next words on, 0.5 to 2, and how loud it is here, 0 to 1.5; 1 is as usual. */
  setVoice(voice: { readonly rate: number; readonly volume: number }): void;
  /** Stops what is being said. */
  interrupt(): void;
  dismissTrouble(): void;
  close(): void;
}

export function createTalkSession(options: TalkSessionOptions): TalkSession {
  const { client, mode = 'hands-free', codec = 'pcm16', kept = null } = options;
  const { openPlayer = createQueuePlayer, openUplink = createUplink } = options;
  let state = stateFrom(kept, mode);
  const listeners = new Set<() => void>();
  const levelListeners = new Set<(level: number) => void>();
  const actionListeners = new Set<(action: ServerMessages['action']) => void>();
  /** Which reply a sound belongs to, and how it is sampled. */
  const sounds = new Map<number, { readonly turnId: string; readonly sampleRate: number }>();
  /** The reply that the page stopped: what still comes of it is not played. */
  let silencedTurn: string | null = null;
  let format: UplinkFormat | null = null;
  let isPressed = false;
  let speechRate = 1;
  let unsubscribe: (() => void)[] = [];

  const player: QueuePlayer = openPlayer({
    onPlayed(audioId, ms, isLast) {
      client.played(audioId, ms, isLast);
      dispatch({ type: 'played', audioId, ms, atMs: performance.now() });
    },
    onState: (next) => dispatch({ type: 'loudspeaker', state: next }),
    onError: () => dispatch({ type: 'trouble', trouble: { from: 'loudspeaker' } }),
  });

  const uplink: Uplink = openUplink({
    codec,
    onFormat(next) {
      format = next;
      announce();
    },
    onFrame: (payload) => client.sendAudio(payload),
    onLevel: (level) => {
      for (const listener of levelListeners) listener(level);
    },
    onState: (next) => dispatch({ type: 'microphone', state: next }),
    onLost: ({ kind }) => dispatch({ type: 'trouble', trouble: { from: 'microphone', kind } }),
  });

  function dispatch(event: TalkEvent): void {
    const next = talkReducer(state, event);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  /** Tells the server how the microphone is used. */
  function announce(): void {
    if (format === null) return;
    client.start({
      sample_rate: format.sampleRate,
      codec: format.codec,
      hands_free: state.mode === 'hands-free',
      ...(format.isEchoCancelled ? { echo_cancelled: true } : {}),
      speech_rate: speechRate,
    });
  }

  function onMessage(message: ServerMessage): void {
    act(message);
    // A server that goes on with a page does not say again what it is.
    if (message.type === 'resumed' && state.server === null && kept?.server != null) {
      dispatch({ type: 'server', message: { type: 'ready', data: kept.server }, seq: state.lastSeq });
    }
    dispatch({ type: 'server', message, seq: client.lastSeq });
    if (message.type !== 'action') return;
    for (const listener of actionListeners) listener(message.data);
  }

  /** What the loudspeaker does about it. */
  function act({ type, data }: ServerMessage): void {
    switch (type) {
      case 'audio_start':
        // Sounds of one reply follow each other: those of the one before are over.
        for (const [audioId, { turnId }] of sounds) {
          if (turnId !== data.turn_id) sounds.delete(audioId);
        }
        sounds.set(data.audio_id, { turnId: data.turn_id, sampleRate: data.sample_rate });
        return;
      case 'audio_end':
        return player.end(data.audio_id);
      case 'duck':
        return player.duck(data.decibels);
      case 'restore':
        return player.restore();
      case 'interrupted':
        silencedTurn = data.turn_id;
        return player.stop();
      case 'ready':
      case 'resync':
        // Numbers of sounds may begin anew.
        sounds.clear();
        return player.stop();
      default:
    }
  }

  function onAudio({ audioId, samples }: HeardAudio): void {
    const sound = sounds.get(audioId);
    if (sound === undefined || sound.turnId === silencedTurn) return;
    player.enqueue(audioId, sound.sampleRate, samples);
    dispatch({ type: 'received', audioId, ms: (samples.length * 1000) / sound.sampleRate });
  }

  function onConnection(now: ConversationState): void {
    switch (now.state) {
      case 'open':
        return dispatch({ type: 'connection', connection: 'open' });
      case 'waiting':
        return dispatch({ type: 'connection', connection: 'lost' });
      case 'closed':
        player.stop();
        uplink.close();
        if (now.error !== null) {
          const { code, message } = now.error;
          dispatch({ type: 'trouble', trouble: { from: 'connection', code, message } });
        }
        return dispatch({ type: 'connection', connection: 'over' });
      case 'idle':
      case 'connecting':
    }
  }

  function interrupt(): void {
    const reply = lastReply(state.captions);
    if (reply !== null) silencedTurn = reply.turnId;
    player.stop();
    client.interrupt();
    dispatch({ type: 'silenced' });
  }

  async function openMicrophone(): Promise<boolean> {
    dispatch({ type: 'trouble', trouble: null });
    try {
      await uplink.open();
      return true;
    } catch (error) {
      if (!(error instanceof AudioError)) return false;
      dispatch({ type: 'trouble', trouble: { from: 'microphone', kind: error.kind } });
      return false;
    }
  }

  function release(): void {
    if (!isPressed) return;
    isPressed = false;
    if (uplink.state !== 'sending') return;
    uplink.hold();
    client.end();
  }

  return {
    get state() {
      return state;
    },
    subscribe: (listener) => added(listeners, listener),
    onLevel: (listener) => added(levelListeners, listener),
    onAction: (listener) => added(actionListeners, listener),
    open() {
      unsubscribe = [
        client.on('state', onConnection),
        client.on('audio', onAudio),
        ...messageTypes.map((type) => client.on(type, (data) => onMessage({ type, data } as ServerMessage))),
      ];
      // Why it can't be had comes as a state too.
      client.connect().catch(() => undefined);
    },
    async setMicrophone(isOn) {
      if (!isOn) return uplink.close();
      if ((await openMicrophone()) && state.mode === 'hands-free') uplink.send();
    },
    setMode(next) {
      if (next === state.mode) return;
      release();
      dispatch({ type: 'mode', mode: next });
      announce();
      if (next === 'hands-free') uplink.send();
      else uplink.hold();
    },
    async press() {
      if (isPressed || state.mode !== 'push-to-talk') return;
      isPressed = true;
      if (isSpeaking(state)) interrupt();
      if ((await openMicrophone()) && isPressed) uplink.send();
    },
    release,
    say(text) {
      if (isSpeaking(state)) interrupt();
      client.say(text);
      dispatch({ type: 'typed', text });
    },
    setVoice({ rate, volume }) {
      player.volume = volume;
      if (rate === speechRate) return;
      speechRate = rate;
      announce();
    },
    interrupt,
    dismissTrouble: () => dispatch({ type: 'trouble', trouble: null }),
    close() {
      for (const off of unsubscribe) off();
      unsubscribe = [];
      uplink.close();
      player.close();
      client.close();
    },
  };
}

function added<T>(set: Set<T>, one: T): () => void {
  set.add(one);
  return () => set.delete(one);
}
