import type { KioskAction, KioskMenu, KioskPayment, Language, ServerResponse } from '@malbeot/protocol';

import { MalbeotError } from '../malbeot-error.ts';
import { isQueued, type HeldConversation, type QueuedTurn, type TurnDelivery } from '../queue/turn-queue.ts';
import { isSessionGone } from '../server-answer.ts';
import { writeWav } from '../sound/write-wav.ts';
import type { CallOptions } from '../voice-client.ts';
import { createConnection, isNotAllowed } from './connection.ts';
import type { Input } from './input.ts';
import type { KioskStore } from './kiosk-store.ts';
import type { Player } from './player.ts';
import type { Recorder } from './recorder.ts';
import { RECORDING_RATE } from './utterance-end.ts';
import { createVoice } from './voice.ts';
import { findWavFiles, readWavFile, WavFileError } from './wav-files.ts';
import { wordsOf } from './words-of.ts';

/** What the kiosk needs of a `VoiceClient`, with a queue or without. */
export interface KioskClient {
  language: Language;
  readonly sessionId: string | null;
  sendText(text: string, options: CallOptions): Promise<ServerResponse | QueuedTurn>;
  sendAction(action: KioskAction, options: CallOptions): Promise<ServerResponse | QueuedTurn>;
  sendAudio(wav: Uint8Array, options: CallOptions): Promise<ServerResponse | QueuedTurn>;
  fetchVoice(url: string, options: CallOptions): Promise<ArrayBuffer>;
  menu(options: CallOptions): Promise<KioskMenu>;
  session(options: CallOptions): Promise<unknown>;
  waitForPayment(orderId: string, options: CallOptions): Promise<KioskPayment>;
  reset(options?: CallOptions): Promise<void>;
}

/** Why the kiosk can't go on by itself. */
export type Trouble = 'unreachable' | 'not-allowed' | 'refused' | 'failed';

/** Server, voice, microphone and files around the state of one kiosk. */
export interface KioskEngine {
  /** Does what was typed. Resolves when its answer is on the screen; never rejects. Null when it went well. */
  perform(input: Exclude<Input, { type: 'quit' }>): Promise<Trouble | null>;
  /** Fetches the menu, and with it finds out whether the server is there. */
  connect(): Promise<Trouble | null>;
  /** Ends a recording and sends it (`finish`), or throws it away (`cancel`). */
  endRecording(how: 'finish' | 'cancel'): void;
  /** Forgets the customer, here and on the server. */
  leave(): Promise<void>;
  /** Ends the session here if it has ended on the server by itself. */
  checkSession(): Promise<void>;
  /** Resolves when no payment is waited for and nothing is spoken. */
  finished(): Promise<void>;
  /** A turn that was kept is with the server now. */
  delivered(delivery: TurnDelivery): void;
  /** Turns that were kept wait for a person's decision. */
  held(held: HeldConversation): void;
  /** Ends everything under way, and the session. */
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly client: KioskClient;
  readonly store: KioskStore;
  readonly player: Player;
  readonly recorder: Recorder;
  /** Told of everything the server answered, before it is shown. */
  readonly onAnswer?: (answer: ServerResponse | QueuedTurn | KioskPayment) => void;
  readonly now?: () => number;
}

/** How long leaving may wait for a server that does not answer. */
const LEAVE_LIMIT_MS = 2000;

export function createKioskEngine(options: EngineOptions): KioskEngine {
  const { client, store, player, recorder, onAnswer = () => undefined, now = Date.now } = options;
  const { dispatch } = store;
  const voice = createVoice({ player, store, fetchVoice: (url, call) => client.fetchVoice(url, call) });
  const connection = createConnection(store, (call) => client.menu(call));
  /** Of the customer in front of it. */
  let visit = new AbortController();
  let recording: { readonly finish: AbortController; readonly cancel: AbortController } | null = null;
  /** The payment that is waited for. */
  let awaited: string | null = null;
  let payment: Promise<void> = Promise.resolve();
  let spoken: Promise<void> = Promise.resolve();
  let conversation: string | null = null;
  let saidNoPlayer = false;

  const words = () => wordsOf(store.state.language);

  async function turn(
    said: string | null,
    send: (call: CallOptions) => Promise<ServerResponse | QueuedTurn>,
    again: boolean,
  ): Promise<Trouble | null> {
    voice.hush();
    const { signal } = visit;
    dispatch({ type: 'turn-start', said });
    try {
      let answer = await send({ signal });
      signal.throwIfAborted();
      if (!isQueued(answer) && isSessionGone(answer)) {
        onAnswer(answer);
        dispatch({ type: 'expired' });
        // Words mean the same in a new order; a tap was meant for a line that is gone.
        if (!again) return settle();
        answer = await send({ signal });
        signal.throwIfAborted();
      }
      onAnswer(answer);
      if (isQueued(answer)) {
        conversation = answer.conversation;
        dispatch({ type: 'turn-kept', message: answer.message });
        connection.lost();
        return null;
      }
      show(answer);
      return null;
    } catch (error) {
      return signal.aborted ? settle() : failed(error);
    }
  }

  function settle(): null {
    dispatch({ type: 'turn-dropped' });
    return null;
  }

  function show(answer: ServerResponse): void {
    dispatch({ type: 'answer', response: answer, nowMs: now() });
    if (answer.tts_audio_url !== null) speak(answer.tts_audio_url);
    followPayment();
  }

  function failed(error: unknown): Trouble {
    if (!(error instanceof MalbeotError)) {
      dispatch({ type: 'turn-failed', message: words().failed });
      return 'failed';
    }
    if (error.code === 'NETWORK' || error.code === 'TIMEOUT') {
      connection.lost();
      dispatch({ type: 'turn-failed', message: words().unreachable(store.state.server) });
      return 'unreachable';
    }
    if (isNotAllowed(error)) {
      dispatch({ type: 'turn-failed', message: words().notAllowed });
      return 'not-allowed';
    }
    dispatch({ type: 'turn-failed', message: error.message });
    return error.code.startsWith('QUEUE_') ? 'failed' : 'refused';
  }

  function speak(url: string): void {
    if (store.state.voice !== 'off' && !player.canPlay && !saidNoPlayer) {
      saidNoPlayer = true;
      dispatch({ type: 'notice', text: words().noPlayer });
    }
    spoken = voice.speak(url);
  }

  /** Waits for the payment on the screen, once. */
  function followPayment(): void {
    const { question } = store.state;
    const asked = question?.type === 'payment' ? question.data.payment : null;
    if (question?.type !== 'payment' || asked === null || asked.payment_id === awaited) return;
    awaited = asked.payment_id;
    const { signal } = visit;
    payment = client.waitForPayment(question.data.order_id, { signal }).then(
      (decided) => {
        if (signal.aborted) return;
        onAnswer(decided);
        dispatch({ type: 'payment', payment: decided, nowMs: now() });
        if (decided.tts_audio_url !== null) speak(decided.tts_audio_url);
      },
      () => {
        if (!signal.aborted) dispatch({ type: 'problem', text: words().paymentUnknown });
      },
    );
  }

  async function sendWavs(path: string): Promise<Trouble | null> {
    const { signal } = visit;
    try {
      for (const file of await findWavFiles(path, words())) {
        const wav = await readWavFile(file, words());
        if (signal.aborted) return null;
        const trouble = await turn(words().sentSound(file.name), (call) => client.sendAudio(wav, call), true);
        if (trouble !== null) return trouble;
      }
      return null;
    } catch (error) {
      const text = error instanceof WavFileError ? error.message : words().noFile(path);
      dispatch({ type: 'problem', text });
      return 'refused';
    }
  }

  async function listen(): Promise<Trouble | null> {
    if (recording !== null) return null;
    if (!recorder.canRecord) {
      dispatch({ type: 'problem', text: words().noRecorder });
      return 'refused';
    }
    voice.hush();
    const controls = { finish: new AbortController(), cancel: new AbortController() };
    recording = controls;
    const startedAtMs = now();
    dispatch({ type: 'recording', recording: { level: 0, startedAtMs } });
    const heard = await recorder.record({
      finish: controls.finish.signal,
      cancel: controls.cancel.signal,
      onLevel: (level) => dispatch({ type: 'recording', recording: { level, startedAtMs } }),
    });
    recording = null;
    dispatch({ type: 'recording', recording: null });
    switch (heard.type) {
      case 'speech': {
        const wav = writeWav(heard.samples, RECORDING_RATE);
        return turn(words().hearing, (call) => client.sendAudio(wav, call), true);
      }
      case 'silence':
        dispatch({ type: 'problem', text: words().recordingEmpty });
        return null;
      case 'cancelled':
        return null;
      case 'failed':
        dispatch({ type: 'problem', text: words().recorderFailed(heard.program) });
        return 'refused';
    }
  }

  async function leave(): Promise<void> {
    voice.hush();
    visit.abort();
    visit = new AbortController();
    awaited = null;
    conversation = null;
    recording?.cancel.abort();
    dispatch({ type: 'next-customer' });
    await client.reset({ signal: AbortSignal.timeout(LEAVE_LIMIT_MS) }).catch(() => undefined);
    client.language = store.state.startLanguage;
  }

  return {
    connect: () => connection.open(),
    leave,
    async perform(input) {
      switch (input.type) {
        case 'nothing':
          return null;
        case 'say':
          return turn(input.text, (call) => client.sendText(input.text, call), true);
        case 'act':
          return turn(input.label, (call) => client.sendAction(input.action, call), isTimeless(input.action));
        case 'browse':
          dispatch({ type: 'browse', category: input.category });
          return null;
        case 'page':
          dispatch({ type: 'page', by: input.by });
          return null;
        case 'toggle':
          dispatch({ type: 'toggle', choice: input.choice });
          return null;
        case 'view':
          dispatch({ type: 'view', view: store.state.view === input.view ? 'now' : input.view });
          return null;
        case 'wav':
          return sendWavs(input.path);
        case 'microphone':
          return listen();
        case 'voice':
          voice.turn(input.on);
          return null;
        case 'next-customer':
          await leave();
          return null;
        case 'refused':
          dispatch({ type: 'problem', text: input.text });
          return 'refused';
      }
    },
    endRecording(how) {
      recording?.[how].abort();
    },
    async checkSession() {
      const { signal } = visit;
      if (client.sessionId === null || store.state.waiting > 0) return;
      try {
        await client.session({ signal });
      } catch (error) {
        const isOver = error instanceof MalbeotError && (error.status === 404 || error.status === 410);
        if (!isOver || signal.aborted || store.state.waiting > 0) return;
        dispatch({ type: 'expired' });
        await client.reset({ signal: AbortSignal.timeout(LEAVE_LIMIT_MS) }).catch(() => undefined);
      }
    },
    async finished() {
      await payment;
      await spoken;
    },
    delivered(delivery) {
      const left = Math.max(0, store.state.kept - 1);
      dispatch({ type: 'kept', left });
      if (delivery.answer !== null) onAnswer(delivery.answer);
      // What a customer before this one said must not be shown to this one.
      if (delivery.conversation === conversation && delivery.answer !== null) show(delivery.answer);
      else dispatch({ type: 'notice', text: words().delivered(1) });
    },
    held({ turns }) {
      dispatch({ type: 'kept', left: Math.max(0, store.state.kept - turns.length) });
      dispatch({ type: 'problem', text: words().held(turns.length) });
    },
    async close() {
      connection.close();
      voice.hush();
      visit.abort();
      recording?.cancel.abort();
      await client.reset({ signal: AbortSignal.timeout(LEAVE_LIMIT_MS) }).catch(() => undefined);
    },
  };
}

/** Whether a tap means the same in a new order. */
function isTimeless(action: KioskAction): boolean {
  return ['add', 'call_staff', 'language', 'dine', 'start_over'].includes(action.type);
}
