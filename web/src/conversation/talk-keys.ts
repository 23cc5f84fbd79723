import { useEffect, type RefObject } from 'react';
import type { TalkSession } from './talk-session.ts';
import { isSpeaking } from './talk-state.ts';

/**
 * The keys of a talk: Escape stops what is being said, the space bar is held to speak where that is how one talks. A key that
 * something else on the page needs is left to it.
 */
export function useTalkKeys(session: TalkSession | null, orb: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (session === null) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && (isSpeaking(session.state) || session.state.isWaiting)) {
        return session.interrupt();
      }
      if (event.code !== 'Space' || session.state.mode !== 'push-to-talk') return;
      if (belongsToOther(event.target, orb.current)) return;
      // It would press the button, or scroll.
      event.preventDefault();
      if (!event.repeat) void session.press();
    };
    const onKeyUp = (event: KeyboardEvent) => {
      if (event.code !== 'Space' || session.state.mode !== 'push-to-talk') return;
      if (!belongsToOther(event.target, orb.current)) event.preventDefault();
      session.release();
    };
    const release = () => session.release();
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('keyup', onKeyUp);
    globalThis.addEventListener('blur', release);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('keyup', onKeyUp);
      globalThis.removeEventListener('blur', release);
    };
  }, [session, orb]);
}

function belongsToOther(target: EventTarget | null, orb: HTMLElement | null): boolean {
  if (!(target instanceof Element) || (orb?.contains(target) ?? false)) return false;
  return target.closest('input, textarea, select, button, a, summary, [contenteditable]') !== null;
}
