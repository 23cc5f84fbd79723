import type { ReactNode } from 'react';
import { useCallback, useId } from 'react';
import { ErrorState, Skeleton } from '../components/states.tsx';
import { useLoad } from '../components/use-load.ts';
import { useLanguage, useTitle } from '../language/language.tsx';
import { CustomVoices } from './custom-voices.tsx';
import { ProviderList } from './provider-list.tsx';
import { TryEars } from './try-ears.tsx';
import { TryVoice } from './try-voice.tsx';
import { useSpeech } from './use-speech.ts';
import './voices.css';

/** What this server hears and speaks with: to try, and to see what it takes to have more. */
export function VoicesPage() {
  const { t } = useLanguage();
  useTitle('web.voices.title');
  const speech = useSpeech();
  const [voices, reloadVoices] = useLoad(
    useCallback((signal: AbortSignal) => speech.voices({ signal }), [speech]),
  );
  const [ears, reloadEars] = useLoad(useCallback((signal: AbortSignal) => speech.ears({ signal }), [speech]));
  const [customVoices, reloadCustom] = useLoad(
    useCallback((signal: AbortSignal) => speech.customVoices({ signal }), [speech]),
  );
  // One word for all three: they fail for the same reason, a server that is away or wants to know who asks.
  const failed = [voices, ears, customVoices].find(({ state }) => state === 'failed');
  return (
    <div className="page voices">
      <header>
        <h1>{t('web.voices.title')}</h1>
        <p className="voices-line">{t('web.voices.line')}</p>
      </header>
      {failed?.state === 'failed' ? (
        <ErrorState
          title={t('web.voices.failed')}
          onRetry={() => {
            reloadVoices();
            reloadEars();
            reloadCustom();
          }}
        >
          <p>{failed.error.message}</p>
        </ErrorState>
      ) : null}
      {voices.state === 'failed' ? null : (
        <div className="voices-doors">
          <Card title={t('web.voices.speak.title')}>
            {voices.state === 'loading' ? <Skeleton rows={4} label={t('web.loading')} /> : null}
            {voices.state === 'ready' ? (
              <TryVoice
                speech={speech}
                providers={voices.value.providers}
                customVoices={customVoices.state === 'ready' ? customVoices.value : []}
              />
            ) : null}
          </Card>
          <div className="voices-stack">
            <Card title={t('web.voices.hear.title')}>
              <TryEars
                speech={speech}
                browserEars={ears.state === 'ready' && ears.value.browser_ears === true}
              />
            </Card>
            {customVoices.state === 'failed' ? null : (
              <Card title={t('web.voices.custom.title')}>
                {customVoices.state === 'loading' ? <Skeleton rows={2} label={t('web.loading')} /> : null}
                {customVoices.state === 'ready' ? (
                  <CustomVoices
                    speech={speech}
                    voices={customVoices.value}
                    canSpeak={
                      voices.state === 'loading' ||
                      voices.value.providers.some((one) => one.available && one.takes_reference)
                    }
                    reload={reloadCustom}
                  />
                ) : null}
              </Card>
            )}
          </div>
        </div>
      )}
      <div className="voices-known">
        {voices.state === 'ready' ? (
          <Section title={t('web.voices.list.voices')}>
            <ProviderList {...voices.value} />
          </Section>
        ) : null}
        {ears.state === 'ready' ? (
          <Section title={t('web.voices.list.ears')}>
            <ProviderList {...ears.value} />
          </Section>
        ) : null}
      </div>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
}

function Section({ title, className, children }: SectionProps) {
  const id = useId();
  return (
    <section className={className} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Card(props: Omit<SectionProps, 'className'>) {
  return <Section className="card" {...props} />;
}
