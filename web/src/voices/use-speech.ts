import { SpeechClient } from '@malbeot/client';
import { useMemo } from 'react';
import { useLanguage } from '../language/language.tsx';
import { accessToken, readSignIn } from '../staff/tokens.ts';

/** Ears and voices of this server, asked as whoever is signed in on this tab; nobody has to be on the server's own machine. */
export function useSpeech(): SpeechClient {
  const { language } = useLanguage();
  return useMemo(
    () =>
      new SpeechClient({
        language,
        maxTries: 1,
        timeoutMs: 60_000,
        token: () => (readSignIn() === null ? undefined : accessToken(language, false)),
      }),
    [language],
  );
}
