import type { KioskMenu, OrderItem } from '@malbeot/protocol';
import { useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.tsx';
import { groupsOf, imageOf } from './menu-view.ts';
import type { KioskState } from './kiosk-state.ts';
import type { KioskControls } from './kiosk-engine.ts';

/** Matches no read-back: this button only asks for one, however often and whenever it is pressed. */
const NOT_SEEN_YET = 'not-seen-yet';

export interface OrderPanelProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly menu: KioskMenu | null;
}

/** The order as it stands, with everything that can be changed by hand. */
export function OrderPanel({ state, controls, menu }: OrderPanelProps) {
  const { t } = useLanguage();
  const { order } = state;
  const empty = order === null || order.items.length === 0;
  const panel = useRef<HTMLElement>(null);
  /** The line that was taken out by hand, until the order shows it. */
  const removed = useRef<number | null>(null);
  useEffect(() => {
    const line = removed.current;
    removed.current = null;
    // The focus went with the line: it goes to the one that moved up, or to the order itself.
    if (line === null || document.activeElement !== document.body) return;
    const others = panel.current!.querySelectorAll<HTMLElement>('.line-remove');
    const next =
      others[Math.min(line, (order?.items.length ?? 0) - 1)] ?? document.getElementById('order-title');
    next?.focus({ preventScroll: true });
  }, [order]);
  return (
    <section ref={panel} className="order" aria-labelledby="order-title" id="order">
      <div className="order-head">
        <h2 id="order-title" tabIndex={-1}>
          {t('web.kiosk.order')}
        </h2>
        {empty ? null : (
          <p className="order-count">{t('web.kiosk.order.count', { count: order.item_count })}</p>
        )}
      </div>
      {empty ? (
        <div className="order-empty">
          <img src="/art/kiosk.svg" alt="" width="96" height="96" />
          <p>{t('web.kiosk.order.empty')}</p>
          <p className="order-hint">{t('web.kiosk.order.empty.say')}</p>
        </div>
      ) : (
        <ul className="lines">
          {order.items.map((item, line) => (
            <Line
              // A line has no id of its own: its place and its dish tell it.
              key={`${line} ${item.item_id}`}
              item={item}
              line={line}
              state={state}
              controls={controls}
              onRemove={() => {
                removed.current = line;
              }}
              hasOptions={menu !== null && groupsOf(menu, item.item_id, item.options).length > 0}
            />
          ))}
        </ul>
      )}
      <div className="order-foot">
        <p className="order-total">
          <span>{t('web.kiosk.total')}</span>
          <strong>{t('web.kiosk.won', { amount: order?.total_amount ?? 0 })}</strong>
        </p>
        <Button
          look="main"
          icon="check"
          className="order-confirm"
          disabled={empty}
          onClick={() => controls.act({ type: 'confirm', read_back: NOT_SEEN_YET })}
        >
          {t('web.kiosk.confirm')}
        </Button>
      </div>
    </section>
  );
}

interface LineProps {
  readonly item: OrderItem;
  readonly line: number;
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly hasOptions: boolean;
  /** Called before the line is taken out. */
  readonly onRemove: () => void;
}

function Line({ item, line, state, controls, hasOptions, onRemove }: LineProps) {
  const { t } = useLanguage();
  const { act, dispatch } = controls;
  const element = useRef<HTMLLIElement>(null);
  const view = state.lines[line];
  const label = view?.label ?? item.name;
  /** The turn that changed this line, if it was the last one. */
  const changedBy = state.changedLines.includes(line) ? state.turn : null;
  const missing = view !== undefined && view.missing.length > 0;
  useEffect(() => {
    // Only within the list: the page itself stays where the customer has it.
    const list = element.current?.parentElement;
    if (changedBy !== null && list && list.scrollHeight > list.clientHeight) {
      list.scrollTo({ top: element.current!.offsetTop - list.offsetTop - 16 });
    }
  }, [changedBy]);
  return (
    <li ref={element} className={`line${changedBy === null ? '' : ' line-changed'}`}>
      <img src={imageOf(item.item_id, item.options, null)} alt="" width="64" height="64" />
      <div className="line-what">
        <p className="line-name">{label}</p>
        {missing ? <p className="line-missing">{t('web.kiosk.line.missing')}</p> : null}
        <p className="line-price">
          {t('web.kiosk.won', { amount: item.line_total })}
          {hasOptions ? (
            <button
              type="button"
              className="line-edit"
              aria-label={t('web.kiosk.line.edit', { name: label })}
              onClick={() => dispatch({ type: 'open', dialog: { type: 'edit', line } })}
            >
              <Icon name="edit" />
              <span aria-hidden="true">{t('web.kiosk.line.options')}</span>
            </button>
          ) : null}
        </p>
      </div>
      <fieldset className="stepper" aria-label={t('web.kiosk.line.quantity', { name: label })}>
        <button
          type="button"
          aria-label={t('web.kiosk.line.less', { name: label })}
          // Not `disabled`: a button that goes out takes the focus of a keypad with it.
          aria-disabled={item.quantity === 1}
          onClick={() => {
            if (item.quantity > 1) act({ type: 'set_quantity', line, quantity: item.quantity - 1 });
          }}
        >
          <Icon name="minus" />
        </button>
        <span className="stepper-count">{item.quantity}</span>
        <button
          type="button"
          aria-label={t('web.kiosk.line.more', { name: label })}
          onClick={() => act({ type: 'set_quantity', line, quantity: item.quantity + 1 })}
        >
          <Icon name="plus" />
        </button>
      </fieldset>
      <button
        type="button"
        className="line-remove"
        aria-label={t('web.kiosk.line.remove', { name: label })}
        onClick={() => {
          onRemove();
          act({ type: 'remove', line });
        }}
      >
        <Icon name="remove" />
      </button>
    </li>
  );
}
