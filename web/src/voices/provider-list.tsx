import type { SpeechProvider, SpeechProviders } from '@malbeot/protocol';
import { Status } from '../components/states.tsx';
import { useLanguage } from '../language/language.tsx';
import { modelOf, needsSetup, providerName, setupText } from './provider-words.ts';
import { WithCode } from './with-code.tsx';

/** Every provider that the server knows: who is ready, who is set up and fails, who can be set up; each in its order. */
export function ProviderList({ providers, current }: SpeechProviders) {
  const { t } = useLanguage();
  const rest = providers.filter(needsSetup);
  const setUp = [
    ...providers.filter(({ available }) => available),
    ...providers.filter((one) => !one.available && !needsSetup(one)),
  ];
  return (
    <div className="voices-providers">
      {setUp.length === 0 ? <p className="voices-hint">{t('web.voices.list.none')}</p> : null}
      <ol className="voices-list">
        {setUp.map((one) => (
          <li key={one.id} className="card voices-provider">
            <Provider provider={one} isCurrent={one.id === current} />
          </li>
        ))}
      </ol>
      {rest.length === 0 ? null : (
        <details className="card voices-rest" open={setUp.length === 0}>
          <summary>{t('web.voices.list.rest', { count: rest.length })}</summary>
          <ol>
            {rest.map((one) => (
              <li key={one.id} className="voices-provider">
                <Provider provider={one} isCurrent={false} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

interface ProviderProps {
  readonly provider: SpeechProvider;
  readonly isCurrent: boolean;
}

/** What one costs, where sound goes, and what to do where it is not there. */
function Provider({ provider, isCurrent }: ProviderProps) {
  const { t } = useLanguage();
  const { id, cost, local, recommended, tried_with } = provider;
  const isMissing = needsSetup(provider);
  const name = providerName(provider, t);
  const model = modelOf(provider);
  return (
    <>
      <div className="voices-provider-head">
        <h3>{name}</h3>
        {isMissing ? null : <State provider={provider} isCurrent={isCurrent} />}
      </div>
      <p className="voices-facts">
        <code>{id}</code>
        <span>{t(`web.voices.cost.${cost}`)}</span>
        <span>{t(local ? 'web.voices.local' : 'web.voices.cloud')}</span>
        {recommended ? <span className="voices-best">{t('web.voices.recommended')}</span> : null}
        {isMissing || name === provider.name || model === null ? null : <code>{model}</code>}
      </p>
      {isMissing ? <Setup provider={provider} /> : <Failing provider={provider} />}
      {tried_with === 'real' ? null : <p className="voices-tried">{t(`web.voices.tried.${tried_with}`)}</p>}
    </>
  );
}

function Setup({ provider: { id, reason, action } }: { readonly provider: SpeechProvider }) {
  const { t } = useLanguage();
  const text = setupText(id, t);
  return text === null ? (
    <Detail lines={[reason, action]} />
  ) : (
    <p>
      <WithCode text={text} />
    </p>
  );
}

function Failing({ provider: { available, reason, action } }: { readonly provider: SpeechProvider }) {
  const { t } = useLanguage();
  return (
    <>
      {available ? null : <p>{t('web.voices.failing')}</p>}
      <Detail lines={[reason, action]} />
    </>
  );
}

/** The server's own words, which are English. */
function Detail({ lines }: { readonly lines: readonly (string | null)[] }) {
  const text = lines.filter((line) => line !== null).join(' ');
  if (text === '') return null;
  return (
    <p className="voices-detail" lang="en">
      <WithCode text={text} />
    </p>
  );
}

function State({ provider: { available, stand_in }, isCurrent }: ProviderProps) {
  const { t } = useLanguage();
  if (!available) return <Status tone="bad">{t('web.voices.state.failing')}</Status>;
  if (isCurrent && stand_in) return <Status tone="stand-in">{t('web.voices.state.stand_in')}</Status>;
  return <Status tone="good">{t(isCurrent ? 'web.voices.state.current' : 'web.voices.state.ready')}</Status>;
}
