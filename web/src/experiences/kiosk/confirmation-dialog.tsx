import type { ShowConfirmationData } from '@malbeot/protocol';
import { Button, type ButtonProps } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';
import { KioskDialog } from './kiosk-dialog.tsx';
import { imageOf } from './menu-view.ts';
import { SayInstead } from './say-instead.tsx';
import type { Dialog, KioskState } from './kiosk-state.ts';
import { patience } from './state.ts';
import { TimeLeft } from './time-left.tsx';
import type { KioskControls } from './kiosk-engine.ts';
import { useCountdown } from './use-countdown.ts';

export interface ConfirmationDialogProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly dialog: Extract<Dialog, { type: 'confirmation' }>;
}

/** The read-back with its total, or a smaller yes-or-no question. When its time is up the order is as it was. */
export function ConfirmationDialog({ state, controls, dialog }: ConfirmationDialogProps) {
  const { t } = useLanguage();
  const { data, timeoutMs } = dialog;
  const limitMs = timeoutMs === null ? null : timeoutMs * patience(state.access);
  const close = () => controls.dispatch({ type: 'close' });
  const isAmount = data.kind === 'quantity' && data.replies.length > 2;
  const { leftMs, extend } = useCountdown({
    limitMs,
    // Nobody answers before the question was asked, nor is hurried while they answer it.
    held: state.voice === 'speaking' || state.ears === 'hearing' || state.waiting > 0,
    onEnd: () => {
      close();
      controls.dispatch({ type: 'notice', text: t('web.kiosk.confirmation.late') });
    },
  });
  return (
    <KioskDialog
      state={state}
      controls={controls}
      turn={dialog.turn}
      title={data.question}
      className="dialog-confirmation"
      role="alertdialog"
      onClose={close}
    >
      {data.order === null ? null : (
        <>
          <ul className="check-lines">
            {data.order.items.map((item, line) => (
              <li key={`${line} ${item.item_id}`}>
                <img src={imageOf(item.item_id, item.options, null)} alt="" width="48" height="48" />
                <span className="check-name">{data.lines[line]?.label ?? item.name}</span>
                <span className="check-count">{t('web.kiosk.times', { count: item.quantity })}</span>
                <span className="check-price">{t('web.kiosk.won', { amount: item.line_total })}</span>
              </li>
            ))}
          </ul>
          <p className="check-total">
            <span>
              {t('web.kiosk.total')}
              {data.dine === null
                ? ''
                : ` · ${t(data.dine === 'in' ? 'web.kiosk.dine.in' : 'web.kiosk.dine.out')}`}
            </span>
            <strong>{t('web.kiosk.won', { amount: data.order.total_amount })}</strong>
          </p>
        </>
      )}
      <TimeLeft leftMs={leftMs} limitMs={limitMs} announceAtMs={10_000} />
      <div className="dialog-actions">
        {data.replies.map(({ label, send }, index) => (
          <Button
            key={label}
            look={lookOf(data, index)}
            data-choice={index + 1}
            onClick={() => ('text' in send ? controls.say(send.text) : controls.act(send.action))}
          >
            {label}
          </Button>
        ))}
        {isAmount ? <Button onClick={close}>{t('web.kiosk.edit.cancel')}</Button> : null}
        {limitMs === null ? null : (
          <Button look="quiet" icon="clock" onClick={extend}>
            {t('web.kiosk.more_time')}
          </Button>
        )}
        <SayInstead state={state} controls={controls} />
      </div>
    </KioskDialog>
  );
}

/** The answer that goes on stands out: to keep where all would be lost, none among amounts. */
function lookOf({ kind, replies }: ShowConfirmationData, index: number): NonNullable<ButtonProps['look']> {
  if (kind === 'cancel_all') return index === 0 ? 'danger' : 'main';
  if (kind === 'quantity' && replies.length > 2) return 'plain';
  return index === 0 ? 'main' : 'plain';
}
