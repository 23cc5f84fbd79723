import { messages, type MessageKey } from '@malbeot/protocol/messages';
import { Button } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';
import { KioskDialog } from './kiosk-dialog.tsx';
import { SayInstead } from './say-instead.tsx';
import type { Dialog, KioskState } from './kiosk-state.ts';
import { patience } from './state.ts';
import { TimeLeft } from './time-left.tsx';
import type { KioskControls } from './kiosk-engine.ts';
import { useCountdown } from './use-countdown.ts';

export interface PaymentDialogProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly dialog: Extract<Dialog, { type: 'payment' }>;
}

/** How to pay what. */
export function PaymentDialog({ state, controls, dialog }: PaymentDialogProps) {
  const { t } = useLanguage();
  const { data, timeoutMs } = dialog;
  const limitMs = timeoutMs === null ? null : timeoutMs * patience(state.access);
  const close = () => controls.dispatch({ type: 'close' });
  const { leftMs, extend } = useCountdown({
    limitMs,
    held: state.voice === 'speaking' || state.ears === 'hearing' || state.waiting > 0,
    onEnd: close,
  });
  const extras = [
    { key: 'web.kiosk.payment.tax', amount: data.tax_amount },
    { key: 'web.kiosk.payment.service', amount: data.service_charge },
    { key: 'web.kiosk.payment.discount', amount: -data.discount_amount },
  ] as const;
  return (
    <KioskDialog
      controls={controls}
      title={t('web.kiosk.payment.title')}
      className="dialog-payment"
      onClose={close}
    >
      <p className="check-total">
        <span>{t('web.kiosk.total')}</span>
        <strong>{t('web.kiosk.won', { amount: data.total_amount })}</strong>
      </p>
      <dl className="payment-extras">
        {extras
          .filter(({ amount }) => amount !== 0)
          .map(({ key, amount }) => (
            <div key={key}>
              <dt>{t(key)}</dt>
              <dd>{t('web.kiosk.won', { amount })}</dd>
            </div>
          ))}
      </dl>
      <TimeLeft leftMs={leftMs} limitMs={limitMs} announceAtMs={30_000} />
      <div className="dialog-actions">
        {data.payment_methods.map((method, index) => (
          <Button
            key={method}
            look={index === 0 ? 'main' : 'plain'}
            data-choice={index + 1}
            onClick={() => controls.act({ type: 'pay', method })}
          >
            {methodName(method, t)}
          </Button>
        ))}
        <Button onClick={() => controls.act({ type: 'cancel' })}>{t('web.kiosk.payment.back')}</Button>
        <SayInstead state={state} controls={controls} />
        {limitMs === null ? null : (
          <Button look="quiet" icon="clock" onClick={extend}>
            {t('web.kiosk.more_time')}
          </Button>
        )}
      </div>
    </KioskDialog>
  );
}

/** The shop's terminals have names of their own; the two built-in ones are known here. */
function methodName(method: string, t: (key: MessageKey) => string): string {
  const key = `web.kiosk.payment.${method}`;
  return key in messages ? t(key as MessageKey) : method;
}
