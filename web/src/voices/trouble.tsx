import { MalbeotError } from '@malbeot/client';
import { isWebMessageKey } from '@malbeot/protocol/messages';
import { useLanguage, type LanguageChoice } from '../language/language.tsx';

export interface Trouble {
  /** What happened and what to do, in the reader's language. */
  readonly text: string;
  /** The server's own words, which are English; null without any. */
  readonly detail: string | null;
}

/** What to say of a failed try; `otherwise` for what is no error of the server. */
export function troubleOf(
  error: unknown,
  door: 'speak' | 'hear' | 'custom',
  otherwise: string,
  t: LanguageChoice['t'],
): Trouble {
  if (!(error instanceof MalbeotError)) return { text: otherwise, detail: null };
  const key = `web.voices.trouble.${door}.${error.code}`;
  return {
    text: isWebMessageKey(key) ? t(key) : error.message,
    detail: error.problem?.detail ?? null,
  };
}

/** Says it at once to screen readers too. */
export function TroubleNote({ trouble }: { readonly trouble: Trouble | null }) {
  const { language } = useLanguage();
  if (trouble === null) return null;
  const { text, detail } = trouble;
  return (
    <div className="voices-trouble" role="alert">
      <p>{text}</p>
      {detail === null ? null : (
        <p className="voices-detail" lang={language === 'en' ? undefined : 'en'}>
          {detail}
        </p>
      )}
    </div>
  );
}
