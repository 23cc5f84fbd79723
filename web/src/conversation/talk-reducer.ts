import type { ServerMessage } from '@malbeot/protocol';
import type {
  Caption,
  Connection,
  MicrophoneState,
  ReplyCaption,
  ReplySound,
  Said,
  TalkMode,
  TalkState,
  TalkTrouble,
  UserCaption,
} from './talk-state.ts';

/** What happens in a conversation: the server's words, and what the page itself does. */
export type TalkEvent =
  | { readonly type: 'server'; readonly message: ServerMessage; readonly seq: number | null }
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'mode'; readonly mode: TalkMode }
  | { readonly type: 'microphone'; readonly state: MicrophoneState }
  | { readonly type: 'loudspeaker'; readonly state: TalkState['loudspeaker'] }
  | { readonly type: 'trouble'; readonly trouble: TalkTrouble | null }
  | { readonly type: 'typed'; readonly text: string }
  /** Sound has come. */
  | { readonly type: 'received'; readonly audioId: number; readonly ms: number }
  /** The loudspeaker has said this much; `atMs` is the page's clock. */
  | { readonly type: 'played'; readonly audioId: number; readonly ms: number; readonly atMs: number }
  /** The page itself stopped what was being said. */
  | { readonly type: 'silenced' };

const MOST_CAPTIONS = 100;

/** The state after an event. Pure. */
export function talkReducer(state: TalkState, event: TalkEvent): TalkState {
  switch (event.type) {
    case 'server':
      return { ...afterMessage(state, event.message), lastSeq: event.seq };
    case 'connection':
      return afterConnection(state, event.connection);
    case 'mode':
      return { ...state, mode: event.mode };
    case 'microphone':
      return { ...state, microphone: event.state, isHearing: event.state === 'sending' && state.isHearing };
    case 'loudspeaker':
      return { ...state, loudspeaker: event.state, playing: event.state === 'idle' ? null : state.playing };
    case 'trouble':
      return { ...state, trouble: event.trouble };
    case 'typed':
      return withCaption(
        { ...state, isWaiting: true, trouble: null },
        {
          by: 'user',
          text: event.text,
          stable: event.text.length,
          isFinal: true,
          kind: 'words',
          source: 'typed',
        },
      );
    case 'received':
      return withSound(state, event.audioId, (sound) => ({ receivedMs: sound.receivedMs + event.ms }));
    case 'played': {
      const { audioId, ms, atMs } = event;
      const next = withSound(state, audioId, (sound) => ({ playedMs: Math.max(sound.playedMs, ms) }));
      return state.loudspeaker === 'playing' ? { ...next, playing: { audioId, ms, atMs } } : next;
    }
    case 'silenced':
      return { ...state, isWaiting: false, isDucked: false };
  }
}

function afterMessage(state: TalkState, message: ServerMessage): TalkState {
  const { type, data } = message;
  switch (type) {
    case 'ready':
      return { ...state, connection: 'open', server: data };
    case 'resumed':
      return cameBack(state, 'resumed');
    case 'resync':
      return cameBack(withHistory(state, data.history), 'resync');
    case 'speech_started':
      return { ...state, isHearing: true, comeback: null };
    case 'speech_stopped':
      return { ...state, isHearing: false };
    case 'transcript_partial':
      return withLiveCaption(state, data.text, data.stable.length);
    case 'transcript_final':
      return withFinal(state, data.text, data.kind);
    case 'reply_delta':
      return withReply(state, data.turn_id, (reply) => ({ text: reply.text + data.text }));
    case 'duck':
      return { ...state, isDucked: true };
    case 'restore':
      return { ...state, isDucked: false };
    case 'audio_start':
      return withReply({ ...state, isWaiting: false, isDucked: false }, data.turn_id, (reply) => ({
        sounds: [...reply.sounds, newSound(reply, data.audio_id, data.text)],
      }));
    case 'visemes':
      return withSound(state, data.audio_id, (sound) => ({ visemes: [...sound.visemes, ...data.frames] }));
    case 'audio_end':
      return withSound(state, data.audio_id, () => ({ durationMs: data.duration_ms }));
    case 'reply_done':
      return withReply({ ...state, isWaiting: false, comeback: null }, data.turn_id, () => ({
        text: data.text,
        isWhole: true,
        timings: data.timings,
        providers: data.providers,
      }));
    case 'interrupted':
      return interrupted(state, data.turn_id, data.heard_text);
    case 'error':
      return {
        ...state,
        isWaiting: false,
        trouble: { from: 'server', code: data.code, message: data.message },
      };
    case 'emotion':
    case 'action':
    case 'pong':
      return state;
  }
}

function afterConnection(state: TalkState, connection: Connection): TalkState {
  if (connection === 'open') return { ...state, connection, trouble: withoutServers(state.trouble) };
  const wasLost = state.wasLost || connection === 'lost';
  return {
    ...state,
    connection,
    wasLost,
    comeback: null,
    isHearing: false,
    isWaiting: false,
    isDucked: false,
  };
}

/** Who only loaded the page anew has lost no connection, and is told of none. */
function cameBack(state: TalkState, comeback: 'resumed' | 'resync'): TalkState {
  return { ...state, connection: 'open', comeback: state.wasLost ? comeback : null };
}

/** A connection that came back has no trouble of the one before. */
function withoutServers(trouble: TalkTrouble | null): TalkTrouble | null {
  return trouble?.from === 'server' || trouble?.from === 'connection' ? null : trouble;
}

/** The state with nothing but what was said before. */
export function withHistory(state: TalkState, history: readonly Said[]): TalkState {
  let next: TalkState = { ...state, captions: [] };
  for (const { role, text } of history) {
    next = withCaption(
      next,
      role === 'user'
        ? { by: 'user', text, stable: text.length, isFinal: true, kind: 'words', source: 'text' }
        : { ...emptyReply, turnId: `before-${next.nextId}`, text, isWhole: true },
    );
  }
  return next;
}

const emptyReply = {
  by: 'reply',
  text: '',
  sounds: [],
  isWhole: false,
  stoppedAt: null,
  timings: null,
  providers: null,
} as const;

type NewCaption = Omit<UserCaption, 'id'> | Omit<ReplyCaption, 'id'>;

function withCaption(state: TalkState, caption: NewCaption): TalkState {
  const { nextId } = state;
  return {
    ...state,
    nextId: nextId + 1,
    captions: [...state.captions, { ...caption, id: nextId }].slice(-MOST_CAPTIONS),
  };
}

function replaced(state: TalkState, caption: Caption): TalkState {
  return { ...state, captions: state.captions.map((one) => (one.id === caption.id ? caption : one)) };
}

/** The words that are being heard; null when nobody speaks. */
function liveCaption({ captions }: TalkState): UserCaption | null {
  const live = captions.findLast((caption) => caption.by === 'user' && !caption.isFinal);
  return live?.by === 'user' ? live : null;
}

function withLiveCaption(state: TalkState, text: string, stable: number): TalkState {
  const live = liveCaption(state);
  if (live !== null) return replaced(state, { ...live, text, stable });
  if (text === '') return state;
  return withCaption(state, { by: 'user', text, stable, isFinal: false, kind: 'words', source: 'voice' });
}

function withFinal(
  state: TalkState,
  text: string,
  kind: 'words' | 'backchannel' | 'echo' | 'nothing',
): TalkState {
  const live = liveCaption(state);
  if (kind === 'echo' || kind === 'nothing' || text === '') {
    return live === null
      ? state
      : { ...state, captions: state.captions.filter((caption) => caption !== live) };
  }
  const next: TalkState = { ...state, isWaiting: kind === 'words' || state.isWaiting, trouble: null };
  const final = { text, stable: text.length, isFinal: true, kind } as const;
  if (live !== null) return replaced(next, { ...live, ...final });
  const typed = state.captions.findLast(
    (caption): caption is UserCaption => caption.by === 'user' && caption.source === 'typed',
  );
  if (typed?.text === text) return replaced(next, { ...typed, source: 'text' });
  return withCaption(next, { by: 'user', ...final, source: 'voice' });
}

function withReply(
  state: TalkState,
  turnId: string,
  change: (reply: ReplyCaption) => Partial<ReplyCaption>,
): TalkState {
  const known = state.captions.find(
    (one): one is ReplyCaption => one.by === 'reply' && one.turnId === turnId,
  );
  if (known !== undefined) return replaced(state, { ...known, ...change(known) });
  const empty = { ...emptyReply, turnId };
  return withCaption(state, { ...empty, ...change({ ...empty, id: state.nextId }) });
}

function newSound({ text, sounds }: ReplyCaption, audioId: number, spoken: string): ReplySound {
  const words = spoken.trim();
  const from = text.indexOf(words, sounds.at(-1)?.to ?? 0);
  const place = from === -1 || words === '' ? { from: 0, to: 0 } : { from, to: from + words.length };
  return { audioId, ...place, receivedMs: 0, durationMs: null, playedMs: 0, visemes: [] };
}

function withSound(
  state: TalkState,
  audioId: number,
  change: (sound: ReplySound) => Partial<ReplySound>,
): TalkState {
  const reply = state.captions.findLast(
    (one): one is ReplyCaption => one.by === 'reply' && one.sounds.some((sound) => sound.audioId === audioId),
  );
  if (reply === undefined) return state;
  return replaced(state, {
    ...reply,
    sounds: reply.sounds.map((sound) => (sound.audioId === audioId ? { ...sound, ...change(sound) } : sound)),
  });
}

function interrupted(state: TalkState, turnId: string, heardText: string): TalkState {
  const reply = state.captions.find(
    (one): one is ReplyCaption => one.by === 'reply' && one.turnId === turnId,
  );
  const next: TalkState = { ...state, isWaiting: state.isWaiting && isAsked(state, reply), isDucked: false };
  if (reply === undefined) return next;
  const heard = heardText.trim();
  const from = heard === '' ? 0 : reply.text.indexOf(heard);
  // A reply that is worded otherwise than it was spoken is taken by its length.
  const stoppedAt = from === -1 ? Math.min(heard.length, reply.text.length) : from + heard.length;
  return replaced(next, { ...reply, isWhole: true, stoppedAt });
}

/** True when there are words that the stopped reply did not answer: they still wait for theirs. */
function isAsked({ captions }: TalkState, stopped: ReplyCaption | undefined): boolean {
  const asked = captions.findLast(
    (one): one is UserCaption => one.by === 'user' && one.isFinal && one.kind === 'words',
  );
  if (asked === undefined) return false;
  return stopped === undefined ? asked.source !== 'voice' : asked.id > stopped.id;
}
