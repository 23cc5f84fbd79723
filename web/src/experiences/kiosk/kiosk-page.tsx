import type { KioskMenu } from '@malbeot/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { LiveRegion } from '../../components/live-region.tsx';
import { useLoad } from '../../components/use-load.ts';
import { useLanguage, useTitle } from '../../language/language.tsx';
import { OfflineNotice } from '../../shell/offline-notice.tsx';
import { useThemeOverride } from '../../shell/theme.ts';
import { Dialogs } from './dialogs.tsx';
import { Dock } from './dock.tsx';
import { IdleDialog } from './idle-dialog.tsx';
import { StaffDialog } from './kiosk-dialog.tsx';
import { startKeypad } from './keypad.ts';
import { MenuBoard } from './menu-board.tsx';
import { OrderPanel } from './order-panel.tsx';
import { ReceiptScreen } from './receipt-screen.tsx';
import { SetupScreen } from './setup-screen.tsx';
import { StartScreen } from './start-screen.tsx';
import type { KioskState } from './kiosk-state.ts';
import { openPaymentOf } from './payment-state.ts';
import { patience } from './state.ts';
import { Stage } from './talk.tsx';
import { useGuidance } from './use-guidance.ts';
import { useIdle } from './use-idle.ts';
import { useKiosk } from './use-kiosk.ts';
import './styles/frame.css';
import './styles/menu.css';
import './styles/order.css';
import './styles/dock.css';
import './styles/dialogs.css';
import './styles/payment.css';
import './styles/end-screens.css';
// After the parts: these change them by the room there is.
import './styles/small.css';
import './styles/wide.css';
import './styles/low-reach.css';

const IDLE_MS = 60_000;

/** The counter: one customer after the other, by voice, by touch or by keypad. */
export function KioskPage() {
  useTitle('web.kiosk.title');
  const { t } = useLanguage();
  const [state, controls] = useKiosk();
  const { client } = controls;
  const [menu, reloadMenu] = useLoad<KioskMenu>(
    useCallback((signal: AbortSignal) => client.menu({ signal }), [client]),
  );
  const root = useRef<HTMLDivElement>(null);
  const [keypad, setKeypad] = useState(false);

  useThemeOverride(state.access.highContrast ? 'contrast' : null);
  useGuidance({
    enabled: state.access.voiceGuidance,
    language: state.language,
    rate: state.speech.rate,
    speaking: state.voice === 'speaking',
    hush: controls.hush,
  });
  useTextZoom(state);
  useEffect(() => startKeypad(root.current!, () => setKeypad(true)), []);
  const menuRefused = menu.state === 'failed' && (menu.error.status === 401 || menu.error.status === 403);

  const resting = state.waiting === 0 && state.ears === 'off' && state.voice === 'silent';
  // What has a time of its own: a read-back, and a terminal that waits.
  const timed = state.dialog?.type === 'confirmation' || openPaymentOf(state) !== null;
  // A purse takes time to find. Who was sent to the staff has left.
  const choosesHowToPay = state.dialog?.type === 'payment' && state.dialog.trouble === null;
  const idleMs = (choosesHowToPay ? state.dialog.timeoutMs : null) ?? IDLE_MS;
  const activity = `${state.turn} ${state.ears} ${state.voice}`;
  const [idle, stay] = useIdle(
    idleMs * patience(state.access),
    state.phase === 'ordering' && resting && !timed,
    activity,
  );

  const shownPhase = useRef(state.phase);
  useEffect(() => {
    if (shownPhase.current === state.phase) return;
    shownPhase.current = state.phase;
    // A new screen begins at its top, for the eye and for the keypad.
    root.current?.scrollTo({ top: 0 });
    document.getElementById('choices')?.focus({ preventScroll: true });
  }, [state.phase]);

  const modes = [
    state.access.largeType ? 'large-type' : '',
    state.access.lowReach ? 'low-reach' : '',
    keypad || state.access.voiceGuidance ? 'numbered' : '',
  ].join(' ');
  return (
    <div ref={root} className={`kiosk ${modes}`} data-phase={state.phase}>
      <a className="skip" href="#choices">
        {t('web.skip')}
      </a>
      <OfflineNotice lost={state.connection === 'lost'} />
      {state.needsDeviceKey || menuRefused ? (
        <SetupScreen controls={controls} />
      ) : (
        <div className="kiosk-frame">
          <Stage state={state} />
          <main id="choices" tabIndex={-1} className="kiosk-main">
            {state.phase === 'start' ? <StartScreen controls={controls} /> : null}
            {state.phase === 'ordering' ? (
              <>
                <MenuBoard state={state} controls={controls} menu={menu} onRetry={reloadMenu} />
                <OrderPanel
                  state={state}
                  controls={controls}
                  menu={menu.state === 'ready' ? menu.value : null}
                />
              </>
            ) : null}
            {state.phase === 'receipt' && state.receipt !== null ? (
              <ReceiptScreen state={state} receipt={state.receipt} controls={controls} />
            ) : null}
          </main>
          <Dock state={state} controls={controls} />
          <Dialogs state={state} controls={controls} menu={menu.state === 'ready' ? menu.value : null} />
          {state.staffMessage === null ? null : (
            <StaffDialog
              message={state.staffMessage}
              onClose={() => controls.dispatch({ type: 'staff-seen' })}
            />
          )}
          {idle ? <IdleDialog state={state} onStay={stay} onLeave={controls.leave} /> : null}
        </div>
      )}
      <LiveRegion text={state.announcement.text} turn={state.announcement.turn} />
    </div>
  );
}

/** Text size is the root's, so that every length, and with it the layout, follows. */
function useTextZoom({ access }: KioskState): void {
  const zoom = Math.min(2, access.zoom * (access.largeType ? 1.3 : 1));
  useEffect(() => {
    const { style, dataset } = document.documentElement;
    dataset['device'] = 'kiosk';
    style.setProperty('--text-zoom', String(zoom));
    return () => {
      delete dataset['device'];
      style.removeProperty('--text-zoom');
    };
  }, [zoom]);
}
