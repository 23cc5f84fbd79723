import { MalbeotError, SpeechClient, VoiceClient } from '@malbeot/client';
import type { KioskAction, Language, ServerResponse, SpeechProvider } from '@malbeot/protocol';
import { formatWebMessage } from '@malbeot/protocol/messages';
import { AudioError, createPlayer } from '../../audio/index.ts';
import { readStored, writeStored } from '../../storage.ts';
import { createConnectionWatch } from './connection-watch.ts';
import { isUnreachable } from './is-unreachable.ts';
import {
  createBrowserOnlyEars,
  createServerEars,
  hasBrowserEars,
  type HandsFree,
  type KioskEars,
  type KioskEarsOptions,
} from './kiosk-ears.ts';
import { forgetSession, keepSession, readKeptSession } from './kept-session.ts';
import type { KioskState } from './kiosk-state.ts';
import { createKioskTalk } from './kiosk-talk.ts';
import { isDecided, openPaymentOf } from './payment-state.ts';
import { createPaymentWatch } from './payment-watch.ts';
import { createSessionReturn } from './session-return.ts';
import type { KioskEvent } from './state.ts';

const DEVICE_KEY_STORED_AS = 'malbeot.device-key';
/** Loudness of ordinary speech is far below 1: this brings it to the middle of the meter. */
const METER_GAIN = 4;

/** Id of the browser's ears in the server's list. */
const BROWSER_EARS = 'browser';

/** Presses whose repetition would say yes to the next question. */
const decisive: ReadonlySet<KioskAction['type']> = new Set(['confirm', 'pay', 'cancel', 'clear']);

/** What the screens can do. All of it may be pressed at any time. */
export interface KioskControls {
  readonly client: VoiceClient;
  readonly dispatch: (event: KioskEvent) => void;
  readonly act: (action: KioskAction) => void;
  readonly say: (text: string) => void;
  /** Ends the voice. */
  readonly hush: () => void;
  /** Says the last answer again. */
  readonly repeat: () => void;
  /** Listens for one utterance, sent when the customer stops speaking. */
  readonly listenOnce: () => void;
  /** Keeps everything from now on until `send`. */
  readonly record: () => void;
  /** Ends listening and sends what was heard; nothing is sent when nobody spoke. */
  readonly send: () => void;
  readonly setHandsFree: (on: boolean) => void;
  /** Where the loudness heard is shown: its `--level` goes from 0 to 1. */
  readonly showLevelOn: (element: HTMLElement | null) => void;
  /** Forgets the customer, here and on the server. */
  readonly leave: () => void;
  readonly giveDeviceKey: (deviceKey: string) => void;
}

/** Server, voice and microphone around the state of one kiosk. */
export interface KioskEngine {
  readonly controls: KioskControls;
  /** Takes over what the next turn depends on. Called after every change of the state. */
  follow(state: KioskState): void;
  /** Begins, or begins again after `close`. */
  open(): void;
  /** Ends the turns under way, the voice and the microphone. */
  close(): void;
}

export function createKioskEngine(dispatch: (event: KioskEvent) => void, language: Language): KioskEngine {
  const client = newClient(language);
  const player = createPlayer({
    // A page that was loaded anew may not sound before it is touched: nothing waits for that.
    onState: (next) => {
      if (next === 'blocked') dispatch({ type: 'voice-failed' });
      if (next === 'playing') dispatch({ type: 'voice-start' });
    },
  });
  let silentVoice = false;
  let life = new AbortController();
  let meter: HTMLElement | null = null;
  /** Ends the voice of the answer before, also while it is still fetched. */
  let speaking = new AbortController();
  let lastVoice: string | null = null;
  /** The last answer was said in a talk, which keeps no sound of it. */
  let wasTold = false;
  /** Whether a press that answers a question or ends the order is under way. */
  let deciding = false;

  function hush(): void {
    hushPlayer();
    talk.interrupt();
  }

  function hushPlayer(): void {
    speaking.abort();
    speaking = new AbortController();
    player.stop();
  }

  async function speak(url: string): Promise<void> {
    hush();
    const { signal } = speaking;
    try {
      dispatch({ type: 'voice-start' });
      const sound = await client.fetchVoice(url, { signal });
      await player.play(sound, { signal });
      if (!signal.aborted) dispatch({ type: 'voice-end' });
    } catch {
      // The words are on the screen; a screen reader gets them now instead.
      if (!signal.aborted) dispatch({ type: 'voice-failed' });
    }
  }

  /** The answer, or null where there was none; either way the screen has been told. */
  async function turn(
    send: (signal: AbortSignal) => Promise<ServerResponse>,
  ): Promise<ServerResponse | null> {
    hush();
    const { signal } = life;
    dispatch({ type: 'begin' });
    dispatch({ type: 'turn-start' });
    try {
      const response = await send(signal);
      signal.throwIfAborted();
      keepSession(response);
      dispatch({ type: 'answer', response });
      wasTold = false;
      void voice(response.tts_audio_url);
      talk.followSession();
      return response;
    } catch (cause) {
      // Who asked is gone: the answer is for nobody on the screen now.
      if (!signal.aborted) tellFailure(cause, signal);
      return null;
    }
  }

  function tellFailure(cause: unknown, signal: AbortSignal): void {
    const error =
      cause instanceof MalbeotError
        ? cause
        : new MalbeotError('BAD_ANSWER', { language: client.language, cause });
    dispatch({ type: 'voice-end' });
    dispatch({
      type: 'turn-failed',
      message: error.message,
      recovery: [
        formatWebMessage(client.language, 'web.kiosk.recovery.again'),
        formatWebMessage(client.language, 'web.kiosk.recovery.staff'),
      ],
      unauthorised: error.status === 401 || error.status === 403,
      unreachable: isUnreachable(error),
    });
    if (isUnreachable(error)) connection.lost(signal);
  }

  async function voice(url: string | null): Promise<void> {
    lastVoice = url ?? lastVoice;
    if (url === null || silentVoice) dispatch({ type: 'voice-end' });
    else await speak(url);
  }

  const sessions = createSessionReturn({
    client,
    dispatch,
    askAgain: () => turn((signal) => client.sendAction({ type: 'repeat' }, { signal })),
    onLost: (signal) => {
      dispatch({ type: 'lost' });
      connection.lost(signal);
    },
  });

  const connection = createConnectionWatch({
    client,
    onBack: (session) => {
      // Also what the server did of turns whose answers were lost.
      if (session !== null) dispatch({ type: 'session', session });
      const kept = session !== null && session.order_data.items.length > 0;
      dispatch({
        type: 'connected',
        text: formatWebMessage(
          client.language,
          kept ? 'web.kiosk.connection.back' : 'web.kiosk.connection.back.empty',
        ),
      });
      // Of an order that was placed it matters what has come of its payment meanwhile.
      if (session !== null && session.order_data.order_id !== null) void sessions.goOn(session, life.signal);
    },
  });

  const payments = createPaymentWatch({
    client,
    onNews: (payment) => {
      dispatch({ type: 'payment', payment });
      if (isDecided(payment)) void voice(payment.tts_audio_url);
    },
    onTrouble: (trouble) => dispatch({ type: 'payment-trouble', trouble }),
  });

  /** A second press on the way must not answer a question that its customer has not seen yet. */
  async function decide(action: KioskAction): Promise<void> {
    if (deciding) return;
    deciding = true;
    const { signal } = life;
    const settle = () => {
      deciding = false;
    };
    signal.addEventListener('abort', settle, { once: true });
    await turn((ending) => client.sendAction(action, { signal: ending }).finally(settle));
    signal.removeEventListener('abort', settle);
  }

  function showLevel(level: number): void {
    meter?.style.setProperty('--level', Math.min(1, level * METER_GAIN).toFixed(2));
  }

  const hearing: KioskEarsOptions = {
    onSound: (wav) => void turn((signal) => client.sendAudio(wav, { signal })),
    onText: (text) => void turn((signal) => client.sendText(text, { signal })),
    onLevel: showLevel,
    onState: (next) => dispatch({ type: 'ears', ears: next }),
    onTrouble: (error) => dispatch({ type: 'microphone-trouble', kind: error.kind }),
    language: () => (client.language === 'en' ? 'en-US' : 'ko-KR'),
  };
  let ears: KioskEars = createServerEars(hearing);

  const talk = createKioskTalk({
    client,
    dispatch,
    onAnswer(response, isSpoken) {
      keepSession(response);
      dispatch({ type: 'answer', response, isSpoken });
      wasTold = true;
      lastVoice = null;
      if (readKeptSession() !== null) return;
      // What is said next begins another session.
      client.forget();
      talk.followSession();
    },
    onSpeaking: hushPlayer,
    onLevel: showLevel,
    onLost() {
      dispatch({ type: 'lost' });
      connection.lost(life.signal);
    },
    onFailed(cause) {
      dispatch({ type: 'turn-start' });
      tellFailure(cause, life.signal);
    },
  });
  let handsFree: HandsFree = talk;
  let wasHandsFree = false;

  /** The browser listens where whoever runs the server said yes to it and the server's own ears only stand in for real ones. */
  async function chooseEars(signal: AbortSignal): Promise<void> {
    if (!hasBrowserEars()) return;
    const speech = new SpeechClient({ language: client.language, maxTries: 1 });
    const known = await speech.ears({ signal }).catch(() => null);
    if (known?.browser_ears !== true || hasRealEars(known.providers) || signal.aborted) return;
    ears.close();
    talk.close();
    const browserEars = createBrowserOnlyEars(hearing);
    ears = browserEars;
    handsFree = browserEars;
    dispatch({ type: 'browser-ears' });
  }

  function closeEars(): void {
    ears.close();
    handsFree.close();
  }

  async function begin(listen: () => Promise<void>): Promise<void> {
    hush();
    dispatch({ type: 'voice-end' });
    dispatch({ type: 'begin' });
    // Who is heard all the time needs no second ear.
    if (handsFree.isOn) return;
    try {
      await listen();
    } catch (error) {
      if (error instanceof AudioError) dispatch({ type: 'microphone-trouble', kind: error.kind });
    }
  }

  const controls: KioskControls = {
    client,
    dispatch,
    act: (action) => {
      if (decisive.has(action.type)) void decide(action);
      else void turn((signal) => client.sendAction(action, { signal }));
    },
    say: (text) => void turn((signal) => client.sendText(text, { signal })),
    hush: () => {
      hush();
      dispatch({ type: 'voice-end' });
    },
    repeat: () => {
      if (silentVoice || (lastVoice === null && !wasTold)) dispatch({ type: 'voice-failed' });
      else if (lastVoice === null) controls.act({ type: 'repeat' });
      else void speak(lastVoice);
    },
    listenOnce: () => void begin(() => ears.listenOnce()),
    record: () => void begin(() => ears.record()),
    send: () => void ears.send(),
    setHandsFree: (on) => {
      dispatch({ type: 'hands-free', on });
      if (!on) return handsFree.setOn(false);
      ears.close();
      void begin(() => Promise.resolve(handsFree.setOn(true)));
    },
    showLevelOn: (element) => {
      meter = element;
    },
    leave: () => {
      hush();
      life.abort();
      life = new AbortController();
      closeEars();
      lastVoice = null;
      wasTold = false;
      dispatch({ type: 'reset' });
      forgetSession();
      void client.reset().catch(() => undefined);
    },
    giveDeviceKey: (deviceKey) => {
      writeStored(DEVICE_KEY_STORED_AS, deviceKey);
      // Everything that was refused before begins anew.
      globalThis.location.reload();
    },
  };

  return {
    controls,
    follow(state) {
      silentVoice = state.access.screenReader;
      client.language = state.language;
      player.rate = state.speech.rate;
      player.volume = state.speech.volume;
      payments.follow(openPaymentOf(state));
      talk.follow(state);
      // An order that ended took hands-free along, as trouble with the microphone does.
      if (wasHandsFree && !state.handsFree) handsFree.close();
      wasHandsFree = state.handsFree;
      // A talk knows its own voice from the customer's. Nobody may hear the voice of the page, and the browser's ears no second
      // order while the first is understood.
      const isBusy = state.voice === 'speaking' || (handsFree !== talk && state.waiting > 0);
      handsFree.deaf = state.handsFree && isBusy && !talk.isSpeaking;
    },
    open() {
      if (life.signal.aborted) life = new AbortController();
      void sessions.restore(life.signal);
      void chooseEars(life.signal);
    },
    close() {
      life.abort();
      payments.follow(null);
      hush();
      closeEars();
    },
  };
}

/** Whether the server can hear by itself; the browser's own ears are in its list, too. */
function hasRealEars(providers: readonly SpeechProvider[]): boolean {
  return providers.some(({ id, available, stand_in }) => available && !stand_in && id !== BROWSER_EARS);
}

/** Whether a device key was given on this machine before. */
export function hasDeviceKey(): boolean {
  return readStored(DEVICE_KEY_STORED_AS) !== null;
}

function newClient(language: Language): VoiceClient {
  return new VoiceClient({
    language,
    deviceKey: readStored(DEVICE_KEY_STORED_AS) ?? undefined,
    // Where no device key says it: /kiosk?kiosk_id=front.
    kioskId: new URLSearchParams(globalThis.location.search).get('kiosk_id') ?? undefined,
  });
}
