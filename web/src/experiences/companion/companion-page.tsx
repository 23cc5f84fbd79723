import { Skeleton, ErrorState } from '../../components/states.tsx';
import { useLanguage, useTitle } from '../../language/language.tsx';
import { TalkRoom } from './talk-room.tsx';
import { useSession } from './use-session.ts';
import './companion.css';

/** Someone to talk with, in real time. */
export function CompanionPage() {
  const { t } = useLanguage();
  useTitle('web.companion.title');
  const { current, retry, renew } = useSession();
  if (current.state === 'ready') {
    return <TalkRoom key={current.value.session.sessionId} opened={current.value} onNew={renew} />;
  }
  return (
    <div className="page companion">
      <header className="companion-head">
        <h1>{t('web.companion.title')}</h1>
      </header>
      {current.state === 'loading' ? (
        <Skeleton rows={3} label={t('web.talk.phase.connecting')} />
      ) : (
        <ErrorState title={t('web.companion.failed')} onRetry={retry}>
          <p>{current.error.message}</p>
        </ErrorState>
      )}
    </div>
  );
}
