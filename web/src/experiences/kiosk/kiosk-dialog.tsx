import { Button } from '../../components/button.tsx';
import { Dialog, type DialogProps } from '../../components/dialog.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskControls } from './kiosk-engine.ts';

/** A dialog of the kiosk: it covers the bottom of the screen, so it has the call for staff in itself. */
export function KioskDialog({
  controls,
  children,
  ...rest
}: DialogProps & { readonly controls: KioskControls }) {
  const { t } = useLanguage();
  return (
    <Dialog {...rest}>
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
