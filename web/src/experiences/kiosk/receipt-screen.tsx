import type { ShowReceiptData } from '@malbeot/protocol';
import { Button } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';
import { paymentMethodName } from '../../language/payment-method.ts';
import type { KioskState } from './kiosk-state.ts';
import { patience } from './state.ts';
import type { KioskControls } from './kiosk-engine.ts';
import { useCountdown } from './use-countdown.ts';

const RECEIPT_MS = 30_000;

export interface ReceiptScreenProps {
  readonly state: KioskState;
  readonly receipt: ShowReceiptData;
  readonly controls: KioskControls;
}

/** The end: the number that will be called, what was ordered, and how it is paid. */
export function ReceiptScreen({ state, receipt, controls }: ReceiptScreenProps) {
  const { t } = useLanguage();
  const payment = state.payment?.order_id === receipt.order_id ? state.payment : null;
  const { leftMs, extend } = useCountdown({
    limitMs: RECEIPT_MS * patience(state.access),
    held: state.voice === 'speaking' || state.dialog !== null,
    onEnd: controls.leave,
  });
  return (
    <section className="receipt" aria-labelledby="receipt-title">
      <div className="receipt-paper">
        <h2 id="receipt-title">{t('web.kiosk.receipt.number')}</h2>
        <p className="receipt-number">{receipt.order_number}</p>
        <p className="receipt-pay">
          {t(receipt.paid ? 'web.kiosk.receipt.paid' : 'web.kiosk.receipt.counter')}
        </p>
        {payment?.simulated === true && receipt.paid ? (
          <p className="simulated">{t('web.kiosk.payment.simulated')}</p>
        ) : null}
        <ul className="receipt-lines">
          {receipt.order.items.map((item, line) => (
            <li key={`${line} ${item.item_id}`}>
              <span>{receipt.lines[line]?.label ?? item.name}</span>
              <span>{t('web.kiosk.times', { count: item.quantity })}</span>
              <span>{t('web.kiosk.won', { amount: item.line_total })}</span>
            </li>
          ))}
        </ul>
        <p className="receipt-total">
          <span>{t('web.kiosk.total')}</span>
          <strong>{t('web.kiosk.won', { amount: receipt.order.total_amount })}</strong>
        </p>
        {payment === null || !receipt.paid ? null : (
          <dl className="receipt-payment">
            <div>
              <dt>{t('web.kiosk.receipt.method')}</dt>
              <dd>{paymentMethodName(payment.method, t)}</dd>
            </div>
            {payment.approval_code === null ? null : (
              <div>
                <dt>{t('web.kiosk.receipt.approval')}</dt>
                <dd>{payment.approval_code}</dd>
              </div>
            )}
          </dl>
        )}
        {receipt.dine === null ? null : (
          <p className="receipt-dine">
            {t(receipt.dine === 'in' ? 'web.kiosk.dine.in' : 'web.kiosk.dine.out')}
          </p>
        )}
      </div>
      <div className="receipt-actions">
        <Button look="main" icon="check" data-choice="1" onClick={controls.leave}>
          {t('web.kiosk.receipt.done')}
        </Button>
        <Button icon="clock" data-choice="2" onClick={extend}>
          {t('web.kiosk.receipt.stay', { seconds: Math.ceil((leftMs ?? 0) / 1000) })}
        </Button>
      </div>
    </section>
  );
}
