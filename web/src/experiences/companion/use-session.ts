import { useCallback, useState } from 'react';
import { useLoad, type Loaded } from '../../components/use-load.ts';
import { useLanguage } from '../../language/language.tsx';
import { openSession, type OpenedSession } from './open-session.ts';

export interface SessionChoice {
  readonly current: Loaded<OpenedSession>;
  /** Tries again. */
  readonly retry: () => void;
  /** Leaves this conversation for a new one, in the language of the page. */
  readonly renew: () => void;
}

/** The conversation that this tab has: the one from before it was loaded anew, else a new one. */
export function useSession(): SessionChoice {
  const { language } = useLanguage();
  const [wish, setWish] = useState({ isNew: false, language });
  const [current, retry] = useLoad(
    useCallback((signal: AbortSignal) => openSession(wish.isNew, wish.language, signal), [wish]),
  );
  const renew = useCallback(() => setWish({ isNew: true, language }), [language]);
  return { current, retry, renew };
}
