import { PlayerError, type Player } from './player.ts';
import type { KioskStore } from './kiosk-store.ts';
import { wordsOf } from './words-of.ts';

/** Speaks answers, one at a time. */
export interface Voice {
  /** Fetches and plays the sound of an answer in place of the one before. Resolves when it is over; never rejects. */
  speak(url: string): Promise<void>;
  /** Ends what is spoken. */
  hush(): void;
  /** Turns it on or off; says why where it can't be on. */
  turn(on: boolean): void;
}

export interface VoiceOptions {
  readonly player: Player;
  readonly store: KioskStore;
  readonly fetchVoice: (url: string, options: { readonly signal: AbortSignal }) => Promise<ArrayBuffer>;
}

export function createVoice({ player, store, fetchVoice }: VoiceOptions): Voice {
  let speaking = new AbortController();

  function hush(): void {
    speaking.abort();
    speaking = new AbortController();
    if (store.state.voice === 'speaking') store.dispatch({ type: 'voice', voice: 'silent' });
  }

  function isOn(): boolean {
    return store.state.voice !== 'off';
  }

  return {
    hush,
    async speak(url) {
      hush();
      if (!isOn() || !player.canPlay) return;
      const { signal } = speaking;
      const { speech } = store.state;
      try {
        const sound = await fetchVoice(url, { signal });
        if (signal.aborted || !isOn()) return;
        store.dispatch({ type: 'voice', voice: 'speaking' });
        await player.play(new Uint8Array(sound), speech, signal);
      } catch (error) {
        if (signal.aborted) return;
        const words = wordsOf(store.state.language);
        const text = error instanceof PlayerError ? words.playerFailed(error.program) : words.voiceMissing;
        store.dispatch({ type: 'notice', text });
        if (error instanceof PlayerError) store.dispatch({ type: 'voice', voice: 'off' });
      } finally {
        if (!signal.aborted && store.state.voice === 'speaking')
          store.dispatch({ type: 'voice', voice: 'silent' });
      }
    },
    turn(on) {
      const words = wordsOf(store.state.language);
      if (on && !player.canPlay) return store.dispatch({ type: 'notice', text: words.noPlayer });
      if (!on) hush();
      store.dispatch({ type: 'voice', voice: on ? 'silent' : 'off' });
      store.dispatch({ type: 'notice', text: on ? words.voiceOn : words.voiceOff });
    },
  };
}
