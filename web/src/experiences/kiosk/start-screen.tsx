import { useLanguage } from '../../language/language.tsx';
import type { KioskControls } from './kiosk-engine.ts';

/** The first question, answered by a touch; or by simply speaking, for which the microphone is below. */
export function StartScreen({ controls }: { readonly controls: KioskControls }) {
  const { t } = useLanguage();
  return (
    <section className="start" aria-label={t('web.kiosk.start')}>
      <button
        type="button"
        className="start-card start-in"
        data-choice="1"
        onClick={() => controls.act({ type: 'dine', where: 'in' })}
      >
        <img src="/art/dine-in.svg" alt="" />
        <span className="start-name">{t('web.kiosk.dine.in')}</span>
        <span className="start-note">{t('web.kiosk.dine.in.note')}</span>
      </button>
      <button
        type="button"
        className="start-card start-out"
        data-choice="2"
        onClick={() => controls.act({ type: 'dine', where: 'out' })}
      >
        <img src="/art/take-out.svg" alt="" />
        <span className="start-name">{t('web.kiosk.dine.out')}</span>
        <span className="start-note">{t('web.kiosk.dine.out.note')}</span>
      </button>
      <p className="start-say">{t('web.kiosk.start.say')}</p>
    </section>
  );
}
