import type { Language, ServerResponse } from '@malbeot/protocol';
import { formatMessage, type MessageKey } from '@malbeot/protocol/messages';
import { afterEach, beforeEach, expect } from 'vitest';
import { makeWav, type WavRecipe } from '../src/audio/testing/make-wav.ts';
import { sine } from '../src/audio/testing/noise.ts';
import type { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import type { SpeechToText } from '../src/providers/spec/stt.ts';
import { openKioskKit, type KioskKit, type KioskKitOptions, type Turned } from './kiosk-kit.ts';

/** A kiosk for each test of a file, and what tests do with it again and again. */
export interface KioskTest {
  /** Fresh in every test. */
  readonly kit: KioskKit;
  /** Another one, closed after the test. */
  openOther(options: KioskKitOptions): Promise<KioskKit>;
  /** Closes one before its test is over. */
  closeOther(kit: KioskKit): Promise<void>;
  /** Words in a session, or in a new one; they have to be taken. */
  say(text: string, session_id?: string, by?: KioskKit): Promise<ServerResponse>;
  /** A session whose order, 10,900 won, was read back and waits for its yes. */
  readBack(by?: KioskKit): Promise<string>;
  confirm(session_id: string, headers?: Record<string, string>): Promise<Turned>;
}

export function useKiosk(): KioskTest {
  let kit: KioskKit;
  const others: KioskKit[] = [];
  beforeEach(async () => void (kit = await openKioskKit()));
  afterEach(async () => {
    for (const other of others.splice(0)) await other.close();
    await kit.close();
  });

  async function say(text: string, session_id?: string, by = kit): Promise<ServerResponse> {
    const { status, body } = await by.turn({ text, ...(session_id === undefined ? {} : { session_id }) });
    expect(status).toBe(200);
    return body;
  }

  return {
    get kit() {
      return kit;
    },
    async openOther(options) {
      const other = await openKioskKit(options);
      others.push(other);
      return other;
    },
    async closeOther(other) {
      others.splice(others.indexOf(other), 1);
      await other.close();
    },
    say,
    async readBack(by = kit) {
      const { session_id } = await say('불고기버거 두 개랑 콜라 하나 주세요', undefined, by);
      const { order_data } = await say('주문할게요', session_id, by);
      expect(order_data).toMatchObject({ status: 'confirming', requires_confirmation: true });
      // Nobody hears it in less: a tap at once would be half of a double one.
      by.clock.advance(1_000);
      return session_id;
    },
    confirm: (session_id, headers = {}) => kit.turn({ action: { type: 'confirm' }, session_id }, headers),
  };
}

/** Items and amounts of the order in an answer. */
export const itemsOf = ({ order_data }: ServerResponse): string[] =>
  order_data!.items.map(({ item_id, quantity }) => `${item_id} ${quantity}`);

/** `ears` that wait for `wait` before they hear. */
export function stalledEars(ears: ScriptedEars, wait: () => Promise<void>): SpeechToText {
  return {
    kind: 'stt',
    info: ears.info,
    availability: () => ears.availability(),
    async transcribe(utterance, signal) {
      await wait();
      return ears.transcribe(utterance, signal);
    },
  };
}

/** Half a second of a tone, or what `recipe` says. */
export const wav = (recipe: Partial<WavRecipe> = {}): Buffer =>
  makeWav({
    coding: 'pcm',
    bits: 16,
    sampleRate: 16_000,
    channels: [sine(8_000, 16_000, 300, 0.3)],
    ...recipe,
  });

/** How an error is told: a row of the contract's table. */
export interface Row {
  readonly status: number;
  readonly code: string;
  readonly message: MessageKey;
  readonly recovery: readonly MessageKey[];
  readonly details?: Readonly<Record<string, unknown>>;
}

export function expectError({ status, body }: Turned, language: Language, row: Row): void {
  const { error_info: error, message, success, tts_audio_url, transcript } = body;
  expect([status, error?.error_code, message]).toEqual([
    row.status,
    row.code,
    formatMessage(language, row.message),
  ]);
  expect(error!.error_message).toBe(message);
  expect(error!.recovery_actions).toEqual(row.recovery.map((key) => formatMessage(language, key)));
  expect(error!.details).toMatchObject(row.details ?? {});
  expect([success, transcript]).toEqual([false, null]);
  const shown = body.ui_actions.find(({ action_type }) => action_type === 'show_error');
  expect(shown!.data).toEqual({
    error_code: error!.error_code,
    error_message: message,
    recovery_actions: error!.recovery_actions,
  });
  if (status >= 400) expect(tts_audio_url).toBeNull();
}
