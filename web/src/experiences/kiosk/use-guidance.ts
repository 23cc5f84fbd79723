import type { Language } from '@malbeot/protocol';
import { useEffect, useSyncExternalStore } from 'react';

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

/** Voice guidance: says the name of what gets the focus, with the number that presses it, in the browser's own voice. */
export function useGuidance(enabled: boolean, language: Language, rate: number): void {
  useEffect(() => {
    const synthesis = globalThis.speechSynthesis;
    if (!enabled || synthesis === undefined) return;
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
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
