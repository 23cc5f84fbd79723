import type { ApiClient } from '@malbeot/client';
import type { PartHealth } from '@malbeot/protocol';
import { isWebMessageKey, type WebMessageKey } from '@malbeot/protocol/messages';
import { useCallback } from 'react';
import { ErrorState, Skeleton, Status } from '../components/states.tsx';
import { useLoad } from '../components/use-load.ts';
import { useLanguage } from '../language/language.tsx';

/** The server's parts as it tells them itself: which are real, which stand in, and what to do about it. */
export function ServerParts({ api }: { readonly api: ApiClient }) {
  const { t } = useLanguage();
  const [health, reload] = useLoad(useCallback((signal: AbortSignal) => api.health({ signal }), [api]));
  return (
    <section aria-labelledby="server" className="server">
      <h2 id="server">{t('web.server.title')}</h2>
      {health.state === 'loading' ? <Skeleton rows={4} label={t('web.loading')} /> : null}
      {health.state === 'failed' ? (
        <ErrorState title={t('web.server.failed')} onRetry={reload}>
          <p>{health.error.message}</p>
        </ErrorState>
      ) : null}
      {health.state === 'ready' ? (
        <>
          <p className="server-line">
            {t(`web.server.${health.value.status}`, { version: health.value.version })}
          </p>
          <ul className="parts">
            {Object.entries(health.value.parts).map(([name, part]) => (
              <li key={name} className="part">
                <div className="part-head">
                  <h3>{partName(name, t)}</h3>
                  <PartStatus part={part} />
                </div>
                <p>
                  {part.provider === null ? null : <code>{part.provider}</code>} {part.detail}
                </p>
                {part.action === null ? null : (
                  <p className="part-action">
                    <strong>{t('web.server.action')}</strong> {part.action}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function PartStatus({ part }: { readonly part: PartHealth }) {
  const { t } = useLanguage();
  if (part.status === 'down') return <Status tone="bad">{t('web.part.down')}</Status>;
  if (part.stand_in) return <Status tone="stand-in">{t('web.part.stand_in')}</Status>;
  if (part.status === 'degraded') return <Status tone="stand-in">{t('web.part.degraded')}</Status>;
  return <Status tone="good">{t('web.part.ok')}</Status>;
}

/** A part's name for people; the server's own word where this page knows none. */
function partName(name: string, t: (key: WebMessageKey) => string): string {
  const key = `web.part.name.${name}`;
  return isWebMessageKey(key) ? t(key) : name;
}
