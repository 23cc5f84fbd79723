import type { Language } from '@malbeot/protocol';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

/** Whether this browser has a voice of its own for the language; they load late, so it may become true. */
export function useOwnVoice(language: Language): boolean {
  return useSyncExternalStore(onVoices, () => hasVoice(language));
}

function onVoices(listener: () => void): () => void {
  const synthesis: SpeechSynthesis | undefined = globalThis.speechSynthesis;
  synthesis?.addEventListener('voiceschanged', listener);
  return () => synthesis?.removeEventListener('voiceschanged', listener);
}

function hasVoice(language: Language): boolean {
  return globalThis.speechSynthesis?.getVoices().some(({ lang }) => lang.startsWith(language)) ?? false;
}

export interface GuidanceOptions {
  readonly enabled: boolean;
  readonly language: Language;
  /** Factor on the voice's normal speed. */
  readonly rate: number;
  /** Whether the kiosk's own voice speaks now. */
  readonly speaking: boolean;
  /** Ends the kiosk's own voice: who moves on wants to hear where they are. */
  readonly hush: () => void;
}

/**
 * Voice guidance: says the name of what gets the focus, with the number that presses it, in the browser's own voice. It never
 * speaks together with the kiosk's.
 */
export function useGuidance({ enabled, language, rate, speaking, hush }: GuidanceOptions): void {
  useEffect(() => {
    if (enabled && speaking) globalThis.speechSynthesis?.cancel();
  }, [enabled, speaking]);
  // The title of a question takes the focus when it opens, and the kiosk is about to say it.
  const giveWay = useEffectEvent((target: HTMLElement) => {
    if (!speaking) return true;
    if (target.tabIndex < 0) return false;
    hush();
    return true;
  });
  useEffect(() => {
    const synthesis = globalThis.speechSynthesis;
    if (!enabled || synthesis === undefined) return;
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || !hasVoice(language) || !giveWay(target)) return;
      const text = spokenNameOf(target);
      if (text === '') return;
      synthesis.cancel();
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = language === 'ko' ? 'ko-KR' : 'en-US';
      utterance.rate = rate;
      synthesis.speak(utterance);
    };
    document.addEventListener('focusin', onFocus);
    return () => {
      document.removeEventListener('focusin', onFocus);
      synthesis.cancel();
    };
  }, [enabled, language, rate]);
}

/** What a screen reader would call the element, with its number in front. */
export function spokenNameOf(element: HTMLElement): string {
  const number = element.dataset['choice'];
  const name = (element.getAttribute('aria-label') ?? element.textContent).replaceAll(/\s+/g, ' ').trim();
  return number === undefined ? name : `${number}. ${name}`;
}
