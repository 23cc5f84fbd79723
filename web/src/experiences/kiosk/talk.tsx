import { Icon, Mark } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskState } from './kiosk-state.ts';
import { stepOf } from './state.ts';

/** What lies on the welcome's table. */
const feast = ['french_fries', 'bulgogi_burger', 'cola', 'cafe_latte-iced'] as const;
const steps = ['choose', 'check', 'pay', 'done'] as const;

/** The top of the screen: where the order stands, what was heard and what was said. Nothing here must be reached. */
export function Stage({ state }: { readonly state: KioskState }) {
  const { t } = useLanguage();
  return (
    <header className="stage">
      <div className="stage-head">
        <span className="brand">
          <Mark />
          {state.phase === 'start' ? (
            t('web.brand')
          ) : (
            <span className="visually-hidden">{t('web.brand')}</span>
          )}
        </span>
        {state.phase === 'start' ? null : <Steps current={stepOf(state)} />}
        {state.dine === null ? null : (
          <p className="dine-badge">
            <img
              src={state.dine === 'in' ? '/art/dine-in.svg' : '/art/take-out.svg'}
              alt=""
              width="28"
              height="28"
            />
            <span className="dine-name">
              {t(state.dine === 'in' ? 'web.kiosk.dine.in' : 'web.kiosk.dine.out')}
            </span>
          </p>
        )}
      </div>
      {state.phase === 'start' ? (
        <div className="welcome">
          <h1>{t('web.kiosk.welcome')}</h1>
          <p>{t('web.kiosk.welcome.how')}</p>
          <div className="feast" aria-hidden="true">
            {feast.map((dish) => (
              <img key={dish} src={`/menu/${dish}.svg`} alt="" />
            ))}
          </div>
        </div>
      ) : (
        <Talk state={state} />
      )}
    </header>
  );
}

function Steps({ current }: { readonly current: number }) {
  const { t } = useLanguage();
  return (
    <ol className="steps" aria-label={t('web.kiosk.steps')}>
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index + 1 === current ? 'step' : undefined}
          className={index + 1 < current ? 'step step-past' : 'step'}
        >
          <span className="step-mark">{index + 1 < current ? <Icon name="check" /> : index + 1}</span>
          <span className="step-name">{t(`web.kiosk.step.${step}`)}</span>
        </li>
      ))}
    </ol>
  );
}

/** Everything that is heard and spoken, in letters. */
function Talk({ state }: { readonly state: KioskState }) {
  const { t } = useLanguage();
  const last = state.talk.at(-1);
  return (
    <section className="talk" aria-label={t('web.kiosk.talk')}>
      <h1 className="visually-hidden">{t('web.kiosk.title')}</h1>
      {state.hearing === null ? null : (
        // Words that still change are no news for a screen reader.
        <p className="bubble bubble-heard bubble-hearing" aria-hidden="true">
          {state.hearing}
        </p>
      )}
      {state.hearing !== null || last === undefined || last.heard === null ? null : (
        <p className="bubble bubble-heard">
          <span className="visually-hidden">{t('web.kiosk.heard')} </span>“{last.heard}”
        </p>
      )}
      <div className={`bubble bubble-said${last?.tone === 'problem' ? ' bubble-problem' : ''}`}>
        <p>{last?.said ?? t('web.kiosk.first_words')}</p>
        {last === undefined || last.recovery.length === 0 ? null : (
          <ul className="recovery">
            {last.recovery.map((action) => (
              <li key={action}>{action}</li>
            ))}
          </ul>
        )}
        {state.waiting > 0 ? (
          <span className="thinking">
            <span className="visually-hidden">{t('web.kiosk.thinking')}</span>
          </span>
        ) : null}
      </div>
    </section>
  );
}
