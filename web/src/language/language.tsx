import type { Language } from '@malbeot/protocol';
import { formatWebMessage, type MessageValues, type WebMessageKey } from '@malbeot/protocol/messages';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { readStored, writeStored } from '../storage.ts';

const STORED_AS = 'malbeot.language';

export interface LanguageChoice {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  /** The message for `key` in the language in force. */
  readonly t: (key: WebMessageKey, values?: MessageValues) => string;
}

const LanguageContext = createContext<LanguageChoice | null>(null);

/** Keeps the language of the page: what was chosen last, else Korean. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (readStored(STORED_AS) === 'en' ? 'en' : 'ko'));
  useEffect(() => {
    document.documentElement.lang = language;
    writeStored(STORED_AS, language);
  }, [language]);
  const choice = useMemo<LanguageChoice>(
    () => ({ language, setLanguage, t: (key, values) => formatWebMessage(language, key, values) }),
    [language],
  );
  return <LanguageContext value={choice}>{children}</LanguageContext>;
}

/** @throws {Error} outside a {@link LanguageProvider}. */
export function useLanguage(): LanguageChoice {
  const choice = useContext(LanguageContext);
  if (choice === null) throw new Error('useLanguage needs a LanguageProvider above it');
  return choice;
}

/** Names the document after the page, for the tab and for screen readers. */
export function useTitle(key: WebMessageKey): void {
  const { t } = useLanguage();
  const title = t(key);
  useEffect(() => {
    document.title = `${title} · ${t('web.brand')}`;
  }, [title, t]);
}
