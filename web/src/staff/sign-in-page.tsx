import { MalbeotError } from '@malbeot/client';
import { useCallback, useEffect } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { ErrorState, Skeleton } from '../components/states.tsx';
import { useLoad } from '../components/use-load.ts';
import { useLanguage, useTitle } from '../language/language.tsx';
import { signInWithCode } from './tokens.ts';
import './staff.css';

/** Where the one-time link leads: exchanges its code, then goes on to the staff page. */
export function SignInPage() {
  const { t, language } = useLanguage();
  useTitle('web.sign_in.title');
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const code = search.get('code');
  const [signIn, retry] = useLoad(
    useCallback(async () => {
      if (code === null || code === '') throw new MalbeotError('LINK_MISSING', { status: 400, language });
      return signInWithCode(code, language);
    }, [code, language]),
  );
  useEffect(() => {
    // The code leaves the address bar and the history with this step.
    if (signIn.state === 'ready') navigate('/staff', { replace: true });
  }, [signIn, navigate]);
  return (
    <div className="page page-narrow">
      <h1 className="staff-title">{t('web.sign_in.title')}</h1>
      {signIn.state === 'failed' ? (
        <Failed error={signIn.error} missing={code === null || code === ''} onRetry={retry} />
      ) : (
        <Skeleton rows={1} label={t('web.sign_in.wait')} />
      )}
    </div>
  );
}

function Failed({
  error,
  missing,
  onRetry,
}: {
  readonly error: MalbeotError;
  readonly missing: boolean;
  readonly onRetry: () => void;
}) {
  const { t } = useLanguage();
  if (error.retryable) {
    return (
      <ErrorState title={t('web.sign_in.unreachable')} onRetry={onRetry}>
        <p>{error.message}</p>
      </ErrorState>
    );
  }
  return (
    <ErrorState title={t(missing ? 'web.sign_in.no_code' : 'web.sign_in.used')}>
      <p>{t('web.sign_in.new_link')}</p>
      <Link href="/">{t('web.not_found.home')}</Link>
    </ErrorState>
  );
}
