import { ApiClient } from '@malbeot/client';
import { useCallback, useMemo } from 'react';
import { Link } from 'wouter';
import { EmptyState, ErrorState, Skeleton, Status } from '../components/states.tsx';
import { useLoad } from '../components/use-load.ts';
import { useLanguage, useTitle } from '../language/language.tsx';
import { ServerParts } from './server-parts.tsx';
import './home.css';

/** What Malbeot is, what can be used on this server now, and what the server is made of. */
export function HomePage() {
  const { t, language } = useLanguage();
  useTitle('web.home.title');
  const api = useMemo(() => new ApiClient({ language }), [language]);
  const [experiences, reload] = useLoad(
    useCallback((signal: AbortSignal) => api.experiences({ signal }), [api]),
  );
  return (
    <div className="page home">
      <section className="hero">
        <div>
          <h1>{t('web.home.headline')}</h1>
          <p className="hero-line">{t('web.home.line')}</p>
          <div className="hero-actions">
            <Link href="/kiosk" className="button button-main">
              {t('web.home.try')}
            </Link>
            <a href="#server" className="button">
              {t('web.home.server')}
            </a>
          </div>
        </div>
        <Bojagi />
      </section>
      <section aria-labelledby="experiences">
        <h2 id="experiences">{t('web.home.experiences')}</h2>
        {experiences.state === 'loading' ? <Skeleton rows={3} label={t('web.loading')} /> : null}
        {experiences.state === 'failed' ? (
          <ErrorState title={t('web.home.experiences.failed')} onRetry={reload}>
            <p>{experiences.error.message}</p>
          </ErrorState>
        ) : null}
        {experiences.state === 'ready' && experiences.value.experiences.length === 0 ? (
          <EmptyState title={t('web.home.experiences.empty')}>
            {t('web.home.experiences.empty.body')}
          </EmptyState>
        ) : null}
        {experiences.state === 'ready' ? (
          <ul className="patches">
            {experiences.value.experiences.map(({ id, state, path }) => (
              <li key={id} className={`patch patch-${id}`}>
                <img src={`/art/${id}.svg`} alt="" width="72" height="72" />
                <h3>
                  {state === 'ready' && path !== null ? (
                    <Link href={path} className="patch-link">
                      {t(`web.experience.${id}`)}
                    </Link>
                  ) : (
                    t(`web.experience.${id}`)
                  )}
                </h3>
                <p>{t(`web.experience.${id}.line`)}</p>
                <p className="patch-state">
                  {state === 'ready' ? (
                    <Status tone="good">{t('web.experience.ready')}</Status>
                  ) : (
                    <Status tone="planned">{t('web.experience.planned')}</Status>
                  )}
                </p>
              </li>
            ))}
          </ul>
        ) : null}
      </section>
      <ServerParts api={api} />
    </div>
  );
}

/** A patchwork cloth with two bubbles talking on it. */
function Bojagi() {
  return (
    <svg className="bojagi" viewBox="0 0 400 320" aria-hidden="true" focusable="false">
      <g className="bojagi-cloth">
        <path className="c1" d="M4 4h122v98H4z" />
        <path className="c2" d="M132 4h86v150h-86z" />
        <path className="c3" d="M224 4h172v66H224z" />
        <path className="c4" d="M4 108h122v120H4z" />
        <path className="c5" d="M224 76h80v112h-80z" />
        <path className="c1" d="M310 76h86v112h-86z" />
        <path className="c3" d="M132 160h86v68h-86z" />
        <path className="c2" d="M4 234h80v82H4z" />
        <path className="c5" d="M90 234h128v82H90z" />
        <path className="c4" d="M224 194h172v122H224z" />
      </g>
      <path
        className="bubble-back"
        d="M238 78h74a50 50 0 0 1 50 50v20a50 50 0 0 1-34 47v41l-40-38h-50a50 50 0 0 1-50-50v-20a50 50 0 0 1 50-50z"
      />
      <path
        className="bubble-front"
        d="M92 48h86a56 56 0 0 1 56 56v26a56 56 0 0 1-56 56h-40l-50 46v-48a56 56 0 0 1-52-56v-24a56 56 0 0 1 56-56z"
      />
      <path className="smile" d="M92 108c16 34 68 34 86 0" />
      <path className="dots" d="M262 138h.1M288 138h.1M314 138h.1" />
    </svg>
  );
}
