import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, type DialogProps } from '../../components/dialog.tsx';
import { LiveRegion } from '../../components/live-region.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskControls } from './kiosk-engine.ts';
import type { KioskState } from './kiosk-state.ts';

export interface KioskDialogProps extends DialogProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
  /** The turn that opened it, whose words beyond the title are shown too; by default only what is said after that. */
  readonly turn?: number;
}

/**
 * A dialog of the kiosk. It covers the talk and the bottom of the screen, and what lies below is out of reach for a screen
 * reader: so it has the last words and the call for staff in itself.
 */
export function KioskDialog({ state, controls, turn, children, ...rest }: KioskDialogProps) {
  const { t } = useLanguage();
  const [openedAfter] = useState(state.turn);
  return (
    <Dialog {...rest} lead={<DialogTalk state={state} title={rest.title} since={turn ?? openedAfter + 1} />}>
      {children}
      <div className="dialog-staff">
        <Button
          icon="bell"
          look="quiet"
          data-key="staff"
          onClick={() => controls.act({ type: 'call_staff' })}
        >
          {t('web.kiosk.staff')}
        </Button>
      </div>
    </Dialog>
  );
}

interface DialogTalkProps {
  readonly state: KioskState;
  readonly title: string;
  readonly since: number;
}

function DialogTalk({ state, title, since }: DialogTalkProps) {
  const { t } = useLanguage();
  const last = state.talk.at(-1);
  const recent = last !== undefined && last.turn >= since ? last : null;
  const said = withoutEnd(recent?.said ?? '', title);
  const { announcement, waiting } = state;
  return (
    <>
      {recent === null || (recent.heard === null && said === '') ? null : (
        <div className="dialog-talk">
          {recent.heard === null ? null : (
            <p className="dialog-heard">
              <span className="visually-hidden">{t('web.kiosk.heard')} </span>“{recent.heard}”
            </p>
          )}
          {said === '' ? null : (
            <p className={recent.tone === 'problem' ? 'dialog-said dialog-said-problem' : 'dialog-said'}>
              {said}
            </p>
          )}
        </div>
      )}
      {waiting > 0 ? (
        <p className="dialog-thinking">
          <span className="visually-hidden">{t('web.kiosk.thinking')}</span>
        </p>
      ) : null}
      <LiveRegion
        text={announcement.turn >= since ? withoutEnd(announcement.text, title) : ''}
        turn={announcement.turn}
      />
    </>
  );
}

/** The title often is the end of what was said: it is not shown twice. */
function withoutEnd(said: string, title: string): string {
  return said.endsWith(title) ? said.slice(0, -title.length).trim() : said;
}

/** Staff are on their way; what stood before goes on when it is closed. */
export function StaffDialog({
  message,
  onClose,
}: {
  readonly message: string;
  readonly onClose: () => void;
}) {
  const { t } = useLanguage();
  return (
    <Dialog title={t('web.kiosk.staff.title')} className="dialog-staff-called" onClose={onClose}>
      <p className="dialog-large">{message}</p>
      <div className="dialog-actions">
        <Button look="main" data-choice="1" onClick={onClose}>
          {t('web.ok')}
        </Button>
      </div>
    </Dialog>
  );
}
