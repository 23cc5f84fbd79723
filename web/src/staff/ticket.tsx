import type { HubEvents } from '@malbeot/protocol';
import { Button } from '../components/button.tsx';
import { Icon, type IconName } from '../components/icon.tsx';
import { Status } from '../components/states.tsx';
import { useLanguage, type LanguageChoice } from '../language/language.tsx';
import { paymentMethodName } from '../language/payment-method.ts';
import type { BoardCard } from './board.ts';

export interface TicketProps {
  readonly card: BoardCard;
  readonly onDone: (done: boolean) => void;
}

/** One card of the board: what happened where, when, and that someone saw to it. */
export function Ticket({ card, onDone }: TicketProps) {
  const { t, language } = useLanguage();
  const time = new Date(card.at).toLocaleTimeString(language === 'ko' ? 'ko-KR' : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
  });
  const { icon, title, what, why, advice, done } = wordsOf(card, t);
  const paid = card.kind === 'order' ? card.paid : card.kind === 'paid' ? card.data : undefined;
  return (
    <li className={`ticket ticket-${card.kind}${card.done ? ' ticket-done' : ''}`}>
      <div className="ticket-head">
        <Icon name={icon} />
        <h2>{title}</h2>
        <time dateTime={card.at}>{time}</time>
      </div>
      <p>{what}</p>
      {why === undefined ? null : <p>{why}</p>}
      {advice === undefined ? null : <p className="ticket-advice">{advice}</p>}
      {paid === undefined ? null : <Paid paid={paid} />}
      <Button
        icon={card.done ? 'repeat' : 'check'}
        look={card.done ? 'quiet' : 'plain'}
        onClick={() => onDone(!card.done)}
      >
        {card.done ? t('web.staff.undo') : done}
      </Button>
    </li>
  );
}

function Paid({ paid }: { readonly paid: HubEvents['order_paid'] }) {
  const { t } = useLanguage();
  return (
    <p className="ticket-payment">
      <Status tone="good">{t('web.staff.order.paid', { method: paymentMethodName(paid.method, t) })}</Status>
      {paid.simulated ? <Status tone="stand-in">{t('web.staff.order.simulated')}</Status> : null}
    </p>
  );
}

interface TicketWords {
  readonly icon: IconName;
  readonly title: string;
  readonly what: string;
  readonly why?: string;
  /** What somebody has to do about it. */
  readonly advice?: string;
  /** On the button that puts it away. */
  readonly done: string;
}

function wordsOf(card: BoardCard, t: LanguageChoice['t']): TicketWords {
  const where = card.data.kiosk_id ?? t('web.staff.some_kiosk');
  switch (card.kind) {
    case 'call':
      return {
        icon: 'bell',
        title: t('web.staff.call'),
        what: t('web.staff.call.where', { where }),
        done: t('web.staff.call.done'),
      };
    case 'order':
      return {
        icon: 'receipt',
        title: t('web.staff.order', { number: String(card.data.order_number) }),
        what: t('web.staff.order.what', {
          where,
          count: card.data.item_count,
          total: card.data.total_amount,
        }),
        done: t('web.staff.order.done'),
      };
    case 'paid':
      return {
        icon: 'receipt',
        title: t('web.staff.paid', { number: String(card.data.order_number) }),
        what: t('web.staff.paid.what', { where, total: card.data.amount }),
        done: t('web.staff.order.done'),
      };
    case 'attention':
      return {
        icon: 'alert',
        title: t('web.staff.attention', { number: String(card.data.order_number) }),
        what: t('web.staff.attention.what', {
          where,
          total: card.data.amount,
          method: paymentMethodName(card.data.method, t),
        }),
        why: t('web.staff.attention.why', { attempts: card.data.attempts }),
        advice: t('web.staff.attention.advice'),
        done: t('web.staff.attention.done'),
      };
  }
}
