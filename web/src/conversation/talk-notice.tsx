import { isWebMessageKey } from '@malbeot/protocol/messages';
import { Icon } from '../components/icon.tsx';
import { useLanguage, type LanguageChoice } from '../language/language.tsx';
import type { TalkState, TalkTrouble } from './talk-state.ts';

export interface TalkNoticeProps {
  readonly state: TalkState;
  readonly onDismiss: () => void;
}

/** What stands in the way of a talk, with what to do about it; nothing when nothing does. */
export function TalkNotice({ state, onDismiss }: TalkNoticeProps) {
  const { t } = useLanguage();
  const { connection, comeback, trouble, server } = state;
  return (
    <>
      <output>
        {connection === 'lost' ? (
          <p className="talk-notice" data-tone="wait">
            <Icon name="offline" />
            <span>
              <strong>{t('web.talk.lost.title')}</strong> {t('web.talk.lost.body')}
            </span>
          </p>
        ) : null}
        {connection === 'open' && comeback !== null ? (
          <p className="talk-notice" data-tone="good">
            <Icon name="check" />
            <span>{t(`web.talk.${comeback}`)}</span>
          </p>
        ) : null}
        {server === null || server.providers.ears !== null ? null : (
          <p className="talk-notice" data-tone="wait">
            <Icon name="keyboard" />
            <span>{t('web.talk.no_ears')}</span>
          </p>
        )}
        {server === null || server.providers.voice !== null ? null : (
          <p className="talk-notice" data-tone="wait">
            <Icon name="louder" />
            <span>{t('web.talk.no_voice')}</span>
          </p>
        )}
      </output>
      {trouble === null ? null : (
        <p className="talk-notice" data-tone="bad" role="alert">
          <Icon name="alert" />
          <span>{troubleText(trouble, t)}</span>
          {connection === 'over' ? null : (
            <button type="button" aria-label={t('web.talk.dismiss')} onClick={onDismiss}>
              <Icon name="remove" />
            </button>
          )}
        </p>
      )}
    </>
  );
}

function troubleText(trouble: TalkTrouble, t: LanguageChoice['t']): string {
  switch (trouble.from) {
    case 'microphone':
      return t(`web.talk.microphone.${trouble.kind}`);
    case 'loudspeaker':
      return t('web.talk.loudspeaker');
    case 'connection':
    case 'server': {
      const key = `web.talk.error.${trouble.code}`;
      return isWebMessageKey(key) ? t(key) : trouble.message;
    }
  }
}
