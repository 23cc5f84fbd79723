import type { ServerMessages } from '@malbeot/protocol';
import { startTalkState, type Caption, type TalkMode, type TalkState } from './talk-state.ts';

/** As much of a conversation as is needed to go on with it after the page was loaded anew. */
export interface KeptTalk {
  /** Without their sounds, which are gone with the page. */
  readonly captions: readonly Caption[];
  readonly isWaiting: boolean;
  readonly server: ServerMessages['ready'] | null;
  /** Number of the last message of the server that is in it. */
  readonly lastSeq: number | null;
}

const MOST_KEPT = 40;

/** What of `state` outlives the page. Words that are being heard do not: the server says them again. */
export function keptOf({ captions, isWaiting, server, lastSeq }: TalkState): KeptTalk {
  const kept = captions
    .filter((caption) => caption.by === 'reply' || caption.isFinal)
    .slice(-MOST_KEPT)
    .map((caption) => (caption.by === 'reply' ? { ...caption, sounds: [] } : caption));
  return { captions: kept, isWaiting, server, lastSeq };
}

/** The state to go on from. */
export function stateFrom(kept: KeptTalk | null, mode: TalkMode): TalkState {
  const state = startTalkState(mode);
  if (kept === null) return state;
  const { captions, isWaiting, lastSeq } = kept;
  // What was typed in the last moment may never have left.
  const isUnsent = captions.some((caption) => caption.by === 'user' && caption.source === 'typed');
  return {
    ...state,
    captions,
    isWaiting: isWaiting && !isUnsent,
    lastSeq,
    nextId: Math.max(0, ...captions.map(({ id }) => id)) + 1,
  };
}

/** What a tab kept; null for what is none, as another version of the page may have left. */
export function readKeptTalk(value: unknown): KeptTalk | null {
  const { captions, isWaiting, server, lastSeq } = (value ?? {}) as Partial<KeptTalk>;
  if (!Array.isArray(captions) || !captions.every(isCaption)) return null;
  return {
    captions,
    isWaiting: isWaiting === true,
    server: typeof server?.providers?.mind === 'string' ? server : null,
    lastSeq: typeof lastSeq === 'number' ? lastSeq : null,
  };
}

function isCaption(value: unknown): value is Caption {
  const { by, id, text, sounds, turnId } = (value ?? {}) as Record<string, unknown>;
  const isReply = by === 'reply' && Array.isArray(sounds) && typeof turnId === 'string';
  return (by === 'user' || isReply) && typeof id === 'number' && typeof text === 'string';
}
