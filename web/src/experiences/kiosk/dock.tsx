import { useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskState } from './kiosk-state.ts';
import type { KioskControls } from './kiosk-engine.ts';
import { MicrophoneTrouble } from './microphone-trouble.tsx';
import { TypeInstead } from './type-instead.tsx';

/** A press longer than this is "hold to talk"; a shorter one starts listening until the customer stops speaking. */
const HOLD_MS = 350;

export interface DockProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
}

/** The bottom of the screen: microphone, staff, and how the kiosk speaks and looks. */
export function Dock({ state, controls }: DockProps) {
  const { t } = useLanguage();
  const { dispatch } = controls;
  const { rate, volume } = state.speech;
  const other = state.language === 'ko' ? 'en' : 'ko';
  const speech = (next: Partial<KioskState['speech']>) => dispatch({ type: 'speech', speech: next });
  return (
    <footer className="dock" aria-label={t('web.kiosk.dock')}>
      <fieldset className="tools tools-voice" aria-label={t('web.kiosk.voice')}>
        <Button
          icon="repeat"
          className="tool"
          onClick={controls.repeat}
          aria-disabled={state.talk.length === 0}
        >
          {t('web.kiosk.repeat')}
        </Button>
        <Button
          icon="slower"
          className="tool"
          aria-pressed={rate < 1}
          onClick={() => speech({ rate: rate < 1 ? 1 : 0.75 })}
        >
          {t('web.kiosk.slower')}
        </Button>
        <Button
          icon="louder"
          className="tool"
          aria-pressed={volume > 1}
          onClick={() => speech({ volume: volume > 1 ? 1 : 1.5 })}
        >
          {t('web.kiosk.louder')}
        </Button>
      </fieldset>
      <div className="speak-bar">
        <MicrophoneTrouble state={state} />
        {state.typing && state.phase !== 'receipt' ? (
          <TypeInstead controls={controls} example={t('web.kiosk.type.example')} />
        ) : null}
        {state.phase === 'ordering' && state.order !== null && state.order.items.length > 0 ? (
          <Button look="main" icon="receipt" className="to-order" onClick={showOrder}>
            {t('web.kiosk.to_order', { count: state.order.item_count, total: state.order.total_amount })}
          </Button>
        ) : null}
        <div className="speak">
          <Button
            icon="bell"
            className="tool tool-staff"
            data-key="staff"
            onClick={() => controls.act({ type: 'call_staff' })}
          >
            {t('web.kiosk.staff')}
          </Button>
          <MicrophoneButton state={state} controls={controls} />
          <div className="speak-ways">
            <Button
              icon="ear"
              className="tool"
              aria-pressed={state.handsFree}
              onClick={() => controls.setHandsFree(!state.handsFree)}
            >
              {t('web.kiosk.hands_free')}
            </Button>
            <Button
              icon="keyboard"
              className="tool"
              aria-pressed={state.typing}
              onClick={() => dispatch({ type: 'typing', on: !state.typing })}
            >
              {t('web.kiosk.type')}
            </Button>
          </div>
        </div>
      </div>
      <fieldset className="tools tools-screen" aria-label={t('web.kiosk.screen')}>
        <Button
          icon="access"
          className="tool"
          onClick={() => dispatch({ type: 'open', dialog: { type: 'access' } })}
        >
          {t('web.kiosk.access')}
        </Button>
        <Button
          icon="globe"
          className="tool"
          lang={other}
          onClick={() => {
            dispatch({ type: 'language', language: other });
            if (state.phase === 'ordering') controls.act({ type: 'language', language: other });
          }}
        >
          {other === 'en' ? 'English' : '한국어'}
        </Button>
        {state.phase === 'start' ? null : (
          <Button
            icon="restart"
            className="tool"
            onClick={() => dispatch({ type: 'open', dialog: { type: 'start-over' } })}
          >
            {t('web.kiosk.start_over')}
          </Button>
        )}
      </fieldset>
    </footer>
  );
}

function showOrder() {
  const title = document.getElementById('order-title');
  title?.focus({ preventScroll: true });
  title?.scrollIntoView({ block: 'start', behavior: 'smooth' });
}

function MicrophoneButton({ state, controls }: DockProps) {
  const { t } = useLanguage();
  const pressedAtMs = useRef<number | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { showLevelOn } = controls;
  useEffect(() => {
    showLevelOn(button.current);
    return () => showLevelOn(null);
  }, [showLevelOn]);
  const busy = state.ears !== 'off';
  const label =
    state.ears === 'hearing'
      ? 'hearing'
      : state.ears === 'listening'
        ? 'listening'
        : state.ears === 'opening'
          ? 'opening'
          : 'talk';
  const toggle = () => {
    if (state.handsFree) controls.setHandsFree(false);
    else if (busy) controls.send();
    else controls.listenOnce();
  };
  return (
    <button
      type="button"
      ref={button}
      className={`microphone microphone-${state.ears}`}
      data-key="talk"
      aria-pressed={busy}
      onContextMenu={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        if (event.button !== 0 || busy) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pressedAtMs.current = event.timeStamp;
        controls.record();
      }}
      onPointerUp={(event) => {
        if (pressedAtMs.current === null) return;
        if (event.timeStamp - pressedAtMs.current >= HOLD_MS) controls.send();
        else controls.listenOnce();
      }}
      onPointerCancel={() => {
        if (pressedAtMs.current !== null) controls.send();
        pressedAtMs.current = null;
      }}
      onClick={() => {
        // The pointer has already begun; a keypad or a screen reader only clicks.
        if (pressedAtMs.current === null) toggle();
        pressedAtMs.current = null;
      }}
    >
      <span className="microphone-disc">
        <Icon name={state.ears === 'hearing' ? 'stop' : 'microphone'} filled={state.ears === 'hearing'} />
      </span>
      <span className="microphone-label">{t(`web.kiosk.microphone.${label}`)}</span>
    </button>
  );
}
