import type {
  ConversationErrorCode,
  ServerMessages,
  TurnProviders,
  TurnTimings,
  VisemeFrame,
} from '@malbeot/protocol';
import type { AudioErrorKind } from '../audio/index.ts';

/**
 * - `connecting`: for the first time.
 * - `open`: the server has said what it is.
 * - `lost`: it went away and is being tried again.
 * - `over`: the server ended it; nothing is tried any more.
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'over';

/** How a person is heard: all the time, or while a button is held. */
export type TalkMode = 'hands-free' | 'push-to-talk';

/** What the microphone does: `held` is open without anything leaving the page. */
export type MicrophoneState = 'closed' | 'opening' | 'held' | 'sending';

/** What a person said or typed. */
export interface UserCaption {
  readonly by: 'user';
  readonly id: number;
  readonly text: string;
  /** How many characters of `text` no later word changes. */
  readonly stable: number;
  readonly isFinal: boolean;
  readonly kind: 'words' | 'backchannel';
  /** `typed`: shown already, and the server's own word of it still to come. */
  readonly source: 'voice' | 'typed' | 'text';
}

/** One sentence of a reply, as sound. */
export interface ReplySound {
  readonly audioId: number;
  /** Where its words stand in the reply; both 0 when they are not in it. */
  readonly from: number;
  readonly to: number;
  /** Length of what has come. */
  readonly receivedMs: number;
  /** Null until all of it has come. */
  readonly durationMs: number | null;
  readonly playedMs: number;
  readonly visemes: readonly VisemeFrame[];
}

/** What the server answers. */
export interface ReplyCaption {
  readonly by: 'reply';
  readonly id: number;
  readonly turnId: string;
  readonly text: string;
  readonly sounds: readonly ReplySound[];
  /** All of it has come. */
  readonly isWhole: boolean;
  /** How much of `text` was heard when it was stopped; null when it was not. */
  readonly stoppedAt: number | null;
  readonly timings: TurnTimings | null;
  readonly providers: TurnProviders | null;
}

export type Caption = UserCaption | ReplyCaption;

/** What stands in the way, and since when it is known. */
export type TalkTrouble =
  | { readonly from: 'microphone'; readonly kind: AudioErrorKind }
  | { readonly from: 'server'; readonly code: ConversationErrorCode; readonly message: string }
  /** The connection ended for good: a code of the client or of the server. */
  | { readonly from: 'connection'; readonly code: string; readonly message: string }
  | { readonly from: 'loudspeaker' };

/** What one side said. */
export interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** What the loudspeaker plays: this far in this sound, at this time of the page's own clock. */
export interface Playing {
  readonly audioId: number;
  readonly ms: number;
  readonly atMs: number;
}

/** A conversation as a page shows it. */
export interface TalkState {
  readonly connection: Connection;
  /** True once the connection went away. */
  readonly wasLost: boolean;
  /** Set by a connection that came back: whether everything was still there. */
  readonly comeback: 'resumed' | 'resync' | null;
  /** What the server said of itself; null before. */
  readonly server: ServerMessages['ready'] | null;
  readonly mode: TalkMode;
  readonly microphone: MicrophoneState;
  readonly loudspeaker: 'idle' | 'blocked' | 'playing';
  readonly isHearing: boolean;
  /** Words are on their way to an answer. */
  readonly isWaiting: boolean;
  readonly isDucked: boolean;
  /** The last 100, oldest first. */
  readonly captions: readonly Caption[];
  readonly playing: Playing | null;
  readonly trouble: TalkTrouble | null;
  /** Number of the last message of the server that is in this state; null before the first. */
  readonly lastSeq: number | null;
  readonly nextId: number;
}

/** What a conversation does at the moment, in one word. */
export type TalkPhase =
  | 'connecting'
  | 'lost'
  | 'over'
  | 'hearing'
  | 'ducked'
  | 'speaking'
  | 'thinking'
  | 'listening'
  | 'resting';

export function startTalkState(mode: TalkMode): TalkState {
  return {
    connection: 'connecting',
    wasLost: false,
    comeback: null,
    server: null,
    mode,
    microphone: 'closed',
    loudspeaker: 'idle',
    isHearing: false,
    isWaiting: false,
    isDucked: false,
    captions: [],
    playing: null,
    trouble: null,
    lastSeq: null,
    nextId: 1,
  };
}

/** What it does, the most telling first: who speaks over a reply is heard, whatever else goes on. */
export function phaseOf(state: TalkState): TalkPhase {
  if (state.connection !== 'open') return state.connection;
  if (state.isHearing) return 'hearing';
  if (isSpeaking(state)) return state.isDucked ? 'ducked' : 'speaking';
  if (state.isWaiting) return 'thinking';
  return state.microphone === 'sending' ? 'listening' : 'resting';
}

/** True from the first sound of a reply to its last, the breath between two sentences included. */
export function isSpeaking(state: TalkState): boolean {
  if (state.loudspeaker !== 'idle') return true;
  const reply = lastReply(state.captions);
  return reply !== null && reply.sounds.length > 0 && !reply.isWhole && reply.stoppedAt === null;
}

/** The newest reply; null before the first. */
export function lastReply(captions: readonly Caption[]): ReplyCaption | null {
  return captions.findLast((caption) => caption.by === 'reply') ?? null;
}

/** About how long a character takes, while a sentence's own length is not known. */
const HANGUL_MS = 150;
const LATIN_MS = 65;

/**
 * How many characters of a reply were heard, to the end of a word; null where nothing of it is spoken, and all of it may be
 * read at once.
 */
export function heardLength({ text, sounds, stoppedAt }: ReplyCaption): number | null {
  if (stoppedAt !== null) return stoppedAt;
  if (sounds.length === 0) return null;
  let heard = 0;
  for (const sound of sounds) {
    if (sound.playedMs === 0) break;
    if (sound.to === 0) continue;
    const { from, to, playedMs, durationMs } = sound;
    const spoken = text.slice(from, to);
    const each = /\p{Script=Hangul}/u.test(spoken) ? HANGUL_MS : LATIN_MS;
    const wholeMs = durationMs ?? Math.max(sound.receivedMs, spoken.length * each);
    const isWhole = durationMs !== null && playedMs >= durationMs - 1;
    heard = isWhole
      ? to
      : wordEnd(text, from + Math.floor((playedMs / wholeMs) * spoken.length), from, heard);
  }
  return heard;
}

/** The end of the last whole word from `from` to `at`; `before` when not one is whole. */
function wordEnd(text: string, at: number, from: number, before: number): number {
  const space = text.lastIndexOf(' ', at);
  return space <= from ? before : space;
}
