import { ConversationClient, type MalbeotError, type VoiceClient } from '@malbeot/client';
import type { Language, ServerMessages, ServerResponse } from '@malbeot/protocol';
import { createUplink, type Uplink } from '../../audio/index.ts';
import { createTalkSession, type TalkSession } from '../../conversation/talk-session.ts';
import { isSpeaking, type TalkState } from '../../conversation/talk-state.ts';
import { createAskedTurns } from './asked-turns.ts';
import { keepBegunSession } from './kept-session.ts';
import type { HandsFree } from './kiosk-ears.ts';
import type { Ears, KioskState } from './kiosk-state.ts';
import type { KioskEvent } from './state.ts';

/** First segment of the socket's path: customers of a kiosk have no names. */
const KIOSK = 'kiosk';
/** Ends of a connection after which the customer can still talk on, in another session. */
const overCodes: readonly string[] = ['SESSION_ENDED', 'SESSION_EXPIRED', 'NOT_FOUND'];

export interface KioskTalkOptions {
  readonly client: Pick<VoiceClient, 'beginSession' | 'forget' | 'language' | 'sessionId'>;
  readonly dispatch: (event: KioskEvent) => void;
  /** A turn came to an answer, which may be one that somebody spoke over. `isSpoken`: it is being said aloud. */
  readonly onAnswer: (response: ServerResponse, isSpoken: boolean) => void;
  /** A reply begins to sound: nothing else may. */
  readonly onSpeaking: () => void;
  /** RMS of the last 20 ms, 0 to 1. */
  readonly onLevel: (level: number) => void;
  /** The connection is gone, and is being tried again. */
  readonly onLost: () => void;
  /** Hands-free can't go on; it is off by then. */
  readonly onFailed: (cause: unknown) => void;
}

/** Hands-free over the realtime engine: the customer talks, is answered aloud, and may cut in. */
export interface KioskTalk extends HandsFree {
  /** True while a reply sounds. */
  readonly isSpeaking: boolean;
  /** Stops a reply that sounds. What is still being understood or done goes on. */
  interrupt(): void;
  /** Takes over how the customer wants it. Another language than the talk's begins the talk anew. */
  follow(state: Pick<KioskState, 'language' | 'speech' | 'access'>): void;
  /** Goes on in the client's session, where that is another one now. */
  followSession(): void;
}

/** One connection and its microphone. */
interface LiveTalk {
  readonly sessionId: string;
  readonly session: TalkSession;
  readonly end: () => void;
}

export function createKioskTalk(options: KioskTalkOptions): KioskTalk {
  const { client, dispatch, onAnswer, onSpeaking, onLevel, onLost, onFailed } = options;
  let opening: AbortController | null = null;
  let live: LiveTalk | null = null;
  let isDeaf = false;
  let voice = { rate: 1, volume: 1 };
  let language: Language = client.language;
  /** Whether the last session was over when it was asked for, and no turn was answered since. */
  let hasBegunAnew = false;
  const turns = createAskedTurns();
  let shown: { readonly ears: Ears; readonly hearing: string | null; readonly voice: VoiceShown } = {
    ears: 'off',
    hearing: null,
    voice: 'silent',
  };

  async function open(): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    opening = controller;
    show({ ears: 'opening' });
    try {
      language = client.language;
      const keys = await client.beginSession({ signal });
      signal.throwIfAborted();
      keepBegunSession(keys);
      live = connect(keys);
      await live.session.setMicrophone(true);
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
  }

  function connect({ sessionId, sessionToken }: Keys): LiveTalk {
    const connection = new ConversationClient({ userId: KIOSK, sessionId, token: sessionToken, language });
    const session = createTalkSession({ client: connection, openUplink: openDeafeningUplink });
    session.setVoice(voice);
    const off = [
      session.subscribe(() => follow(session.state)),
      session.onLevel(onLevel),
      session.onAction(take),
      connection.on('transcript_final', ({ kind, turn_id }) => {
        if (kind !== 'words') return;
        turns.ask(turn_id);
        dispatch({ type: 'turn-start' });
      }),
      connection.on('reply_done', finish),
      connection.on('interrupted', ({ turn_id }) => turns.cut(turn_id)),
      connection.on('error', tell),
      connection.on('ready', forgetTurns),
      connection.on('resync', forgetTurns),
      connection.on('state', (now) => {
        if (now.state === 'waiting' && session.state.server !== null) onLost();
        if (now.state === 'closed' && now.error !== null) lose(now.error);
      }),
    ];
    session.open();
    return {
      sessionId,
      session,
      end() {
        for (const stop of off) stop();
        session.close();
      },
    };
  }

  /** The microphone, which gives silence while another voice of ours sounds: whoever listens knows that time goes on. */
  function openDeafeningUplink(given: Parameters<typeof createUplink>[0]): Uplink {
    return createUplink({
      ...given,
      onFrame: (payload) => given.onFrame(isDeaf ? new Uint8Array(payload.length) : payload),
      onLevel: (level) => given.onLevel?.(isDeaf ? 0 : level),
    });
  }

  /** A turn came to its answer, by the same form as over HTTP. */
  function take({ type, data }: ServerMessages['action']): void {
    if (type !== 'kiosk_turn') return;
    const response = data as ServerResponse;
    const { wasAsked, isUnsaid } = turns.answer(response.meta.request_id);
    // One that was asked for before the page was loaded anew is no less an answer.
    if (!wasAsked) dispatch({ type: 'turn-start' });
    for (const action of response.ui_actions) {
      // The server's ears hear in it already.
      if (action.action_type === 'set_language') language = action.data.language;
    }
    if (response.success) hasBegunAnew = false;
    const hasVoice = live?.session.state.server?.providers.voice != null;
    onAnswer(response, hasVoice && voice.volume > 0 && !isUnsaid);
  }

  function finish({ turn_id, text }: ServerMessages['reply_done']): void {
    if (turns.end(turn_id)) {
      // Nothing came of it but an apology, which is being said.
      dispatch({ type: 'turn-dropped' });
      dispatch({ type: 'notice', text });
    } else if (text === '') {
      // What is only shown is told to screen readers.
      dispatch({ type: 'voice-failed' });
    }
  }

  function tell({ code, message }: ServerMessages['error']): void {
    if (code === 'VOICE_UNAVAILABLE') return dispatch({ type: 'voice-failed' });
    if (code !== 'EARS_UNAVAILABLE') return;
    dispatch({ type: 'notice', text: message });
    // Nobody will hear the next words either.
    if (live?.session.state.server?.providers.ears === null) stop();
  }

  function follow(state: TalkState): void {
    const { trouble } = state;
    if (trouble?.from === 'microphone') {
      close();
      return dispatch({ type: 'microphone-trouble', kind: trouble.kind });
    }
    show({
      ears: earsOf(state),
      hearing: hearingOf(state),
      voice: voice.volume > 0 ? voiceOf(state) : 'silent',
    });
  }

  /** Tells the screen what has changed. */
  function show(next: Partial<typeof shown>): void {
    const before = shown;
    shown = { ...shown, ...next };
    if (shown.ears !== before.ears) dispatch({ type: 'ears', ears: shown.ears });
    if (shown.hearing !== before.hearing) dispatch({ type: 'hearing', text: shown.hearing });
    if (shown.voice === before.voice) return;
    if (shown.voice === 'speaking') onSpeaking();
    dispatch({
      type: ({ speaking: 'voice-start', silent: 'voice-end', blocked: 'voice-failed' } as const)[shown.voice],
    });
  }

  /** The server let go of it for good. */
  function lose(error: MalbeotError): void {
    if (!overCodes.includes(error.code) || hasBegunAnew) return fail(error);
    hasBegunAnew = true;
    client.forget();
    restart();
  }

  function fail(cause: unknown): void {
    stop();
    onFailed(cause);
  }

  /** Ends hands-free by itself. */
  function stop(): void {
    close();
    dispatch({ type: 'hands-free', on: false });
  }

  function restart(): void {
    close();
    void open();
  }

  function forgetTurns(): void {
    for (let left = turns.clear(); left > 0; left--) dispatch({ type: 'turn-dropped' });
  }

  function close(): void {
    opening?.abort();
    opening = null;
    live?.end();
    live = null;
    forgetTurns();
    show({ ears: 'off', hearing: null, voice: 'silent' });
  }

  return {
    get isOn() {
      return opening !== null;
    },
    setOn(on) {
      if (on === (opening !== null)) return;
      hasBegunAnew = false;
      if (on) void open();
      else close();
    },
    get deaf() {
      return isDeaf;
    },
    set deaf(next) {
      isDeaf = next;
    },
    get isSpeaking() {
      return live !== null && isSpeaking(live.session.state);
    },
    interrupt() {
      if (live !== null && isSpeaking(live.session.state)) live.session.interrupt();
    },
    follow(state) {
      // A screen reader says it in its own voice; for that ours takes its time in silence.
      voice = { rate: state.speech.rate, volume: state.access.screenReader ? 0 : state.speech.volume };
      live?.session.setVoice(voice);
      if (opening !== null && state.language !== language) restart();
    },
    followSession() {
      if (live !== null && client.sessionId !== live.sessionId) restart();
    },
    close,
  };
}

type Keys = Awaited<ReturnType<VoiceClient['beginSession']>>;
type VoiceShown = 'silent' | 'speaking' | 'blocked';

function earsOf({ microphone, connection, isHearing }: TalkState): Ears {
  if (microphone !== 'sending' || connection !== 'open') return 'opening';
  return isHearing ? 'hearing' : 'listening';
}

/** What is heard at the moment, until it is answered. */
function hearingOf({ captions, isWaiting }: TalkState): string | null {
  const last = captions.at(-1);
  return last?.by === 'user' && (!last.isFinal || isWaiting) ? last.text : null;
}

/** A page that may not sound yet says nothing: what it would say is on the screen. */
function voiceOf(state: TalkState): VoiceShown {
  if (state.loudspeaker === 'blocked') return 'blocked';
  return isSpeaking(state) ? 'speaking' : 'silent';
}
