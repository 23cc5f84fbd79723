import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskState } from './kiosk-state.ts';
import { patience } from './state.ts';
import { TimeLeft } from './time-left.tsx';
import { useCountdown } from './use-countdown.ts';

const WARNING_MS = 30_000;

export interface IdleDialogProps {
  readonly state: KioskState;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}

/** Before the order of someone who seems to have left is let go. Any touch of it keeps the order. */
export function IdleDialog({ state, onStay, onLeave }: IdleDialogProps) {
  const { t } = useLanguage();
  const limitMs = WARNING_MS * patience(state.access);
  const { leftMs } = useCountdown({ limitMs, onEnd: onLeave });
  return (
    <Dialog title={t('web.kiosk.idle.title')} role="alertdialog" onClose={onStay}>
      <p>{t('web.kiosk.idle.body')}</p>
      <TimeLeft leftMs={leftMs} limitMs={limitMs} announceAtMs={10_000} />
      <div className="dialog-actions">
        <Button look="main" data-choice="1" onClick={onStay}>
          {t('web.kiosk.idle.stay')}
        </Button>
        <Button data-choice="2" onClick={onLeave}>
          {t('web.kiosk.idle.leave')}
        </Button>
      </div>
    </Dialog>
  );
}
