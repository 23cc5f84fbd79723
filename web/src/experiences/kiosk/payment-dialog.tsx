import { isWebMessageKey } from '@malbeot/protocol/messages';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.tsx';
import { paymentMethodName } from '../../language/payment-method.ts';
import { Choices } from './choices.tsx';
import { KioskDialog } from './kiosk-dialog.tsx';
import type { KioskControls } from './kiosk-engine.ts';
import type { KioskState, PaymentDialogState } from './kiosk-state.ts';
import { isDecided, paymentStageOf } from './payment-state.ts';
import { SayInstead } from './say-instead.tsx';
import { choicesPerPage } from './state.ts';

export interface PaymentDialogProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly dialog: PaymentDialogState;
}

/** The placed order's payment, from the choice of how until it is decided. Nothing but an answer closes it. */
export function PaymentDialog(props: PaymentDialogProps) {
  switch (paymentStageOf(props.dialog)) {
    case 'choose':
      return <ChooseMethod {...props} />;
    case 'waiting':
      return <Waiting {...props} />;
    case 'reversing':
      return <Reversing {...props} />;
    case 'unknown':
      return <Unknown {...props} />;
  }
}

function ChooseMethod({ state, controls, dialog }: PaymentDialogProps) {
  const { t } = useLanguage();
  const { data, turn } = dialog;
  const failed = state.payment?.order_id === data.order_id && isDecided(state.payment);
  return (
    <KioskDialog
      state={state}
      controls={controls}
      turn={turn}
      title={t(failed ? 'web.kiosk.payment.again' : 'web.kiosk.payment.title')}
      className="dialog-payment"
    >
      <Amount dialog={dialog} />
      <Choices
        label={t('web.kiosk.payment.methods')}
        choices={data.payment_methods.map((method) => ({
          id: method,
          name: paymentMethodName(method, t),
          price: 0,
          image: methodImage(method),
          available: true,
        }))}
        chosen={[]}
        perPage={choicesPerPage(state.access)}
        onPress={(method) => controls.act({ type: 'pay', method })}
      />
      <div className="dialog-actions">
        <SayInstead state={state} controls={controls} />
      </div>
    </KioskDialog>
  );
}

function Waiting({ state, controls, dialog }: PaymentDialogProps) {
  const { t } = useLanguage();
  const { data, turn, trouble } = dialog;
  const method = data.payment?.method ?? '';
  const asks = `web.kiosk.payment.ask.${method}`;
  return (
    <KioskDialog
      state={state}
      controls={controls}
      turn={turn + 1}
      title={t(isWebMessageKey(asks) ? asks : 'web.kiosk.payment.ask.other')}
      className="dialog-payment"
    >
      <div className="payment-scene" aria-hidden="true">
        <img className="payment-terminal" src="/art/terminal.svg" alt="" />
        <img className="payment-token" src={methodImage(method)} alt="" />
      </div>
      <div className="payment-progress" aria-hidden="true" />
      {trouble === 'unreachable' ? (
        <Unreachable />
      ) : (
        <p className="payment-then">{t('web.kiosk.payment.waiting')}</p>
      )}
      <Amount dialog={dialog} />
      <div className="dialog-actions">
        <Button icon="remove" data-choice={CANCEL_CHOICE} onClick={() => controls.act({ type: 'cancel' })}>
          {t('web.kiosk.payment.cancel')}
        </Button>
        <SayInstead state={state} controls={controls} />
      </div>
    </KioskDialog>
  );
}

function Reversing({ state, controls, dialog }: PaymentDialogProps) {
  const { t } = useLanguage();
  return (
    <KioskDialog
      state={state}
      controls={controls}
      turn={dialog.turn}
      title={t('web.kiosk.payment.reversing')}
      className="dialog-payment"
      role="alertdialog"
    >
      <div className="payment-turning" aria-hidden="true" />
      {dialog.trouble === 'unreachable' ? (
        <Unreachable />
      ) : (
        <p className="payment-then">{t('web.kiosk.payment.reversing.wait')}</p>
      )}
      <Amount dialog={dialog} />
    </KioskDialog>
  );
}

function Unknown({ state, controls, dialog }: PaymentDialogProps) {
  const { t } = useLanguage();
  const checking = dialog.trouble === 'checking';
  return (
    <KioskDialog
      state={state}
      controls={controls}
      title={t('web.kiosk.payment.unknown')}
      className="dialog-payment"
      role="alertdialog"
    >
      <p className="payment-failed">
        <Icon name="alert" />
        {t('web.kiosk.payment.unknown.body', { number: String(dialog.data.order_number) })}
      </p>
      <Amount dialog={dialog} />
      <div className="dialog-actions">
        <Button
          look="main"
          icon="repeat"
          data-choice="1"
          // Not `disabled`: a button that goes out takes the focus of a keypad with it.
          aria-disabled={checking}
          onClick={() => {
            if (!checking) controls.dispatch({ type: 'payment-check' });
          }}
        >
          {t(checking ? 'web.kiosk.payment.checking' : 'web.kiosk.payment.check_again')}
        </Button>
      </div>
    </KioskDialog>
  );
}

function Unreachable() {
  const { t } = useLanguage();
  return (
    <p className="payment-failed" role="alert">
      <Icon name="offline" />
      {t('web.kiosk.payment.unreachable')}
    </p>
  );
}

/** What is paid, for which order, and whether any money moves. */
function Amount({ dialog: { data } }: { readonly dialog: PaymentDialogState }) {
  const { t } = useLanguage();
  const extras = [
    { key: 'web.kiosk.payment.tax', amount: data.tax_amount },
    { key: 'web.kiosk.payment.service', amount: data.service_charge },
    { key: 'web.kiosk.payment.discount', amount: data.discount_amount },
  ] as const;
  return (
    <div className="payment-amount">
      <p>{t('web.kiosk.payment.order', { number: String(data.order_number) })}</p>
      <p className="payment-sum">
        <span className="visually-hidden">{t('web.kiosk.total')} </span>
        <strong>{t('web.kiosk.won', { amount: data.total_amount })}</strong>
      </p>
      {extras
        .filter(({ amount }) => amount !== 0)
        .map(({ key, amount }) => (
          <p key={key} className="payment-extra">
            {t(key, { amount })}
          </p>
        ))}
      {data.simulated ? <p className="simulated">{t('web.kiosk.payment.simulated')}</p> : null}
    </div>
  );
}

/** Far from the numbers of the ways to pay: a key pressed twice must not call off what its first press began. */
const CANCEL_CHOICE = 9;

const drawn: ReadonlySet<string> = new Set(['card', 'mobile_pay', 'cash', 'counter']);

function methodImage(method: string): string {
  return `/art/pay-${drawn.has(method) ? method : 'other'}.svg`;
}
