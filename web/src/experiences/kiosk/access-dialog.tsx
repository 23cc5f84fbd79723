import { Button } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';
import { KioskDialog } from './kiosk-dialog.tsx';
import { zoomSteps, type AccessModes, type KioskState } from './kiosk-state.ts';
import type { KioskControls } from './kiosk-engine.ts';
import { useOwnVoice } from './use-guidance.ts';

const modes = ['largeType', 'highContrast', 'lowReach', 'voiceGuidance', 'screenReader'] as const;

/** How the kiosk fits this customer. Every change shows at once. */
export function AccessDialog({
  state,
  controls,
}: {
  readonly state: KioskState;
  readonly controls: KioskControls;
}) {
  const { t } = useLanguage();
  const hasVoice = useOwnVoice(state.language);
  const set = (access: Partial<AccessModes>) => controls.dispatch({ type: 'access', access });
  return (
    <KioskDialog
      state={state}
      controls={controls}
      title={t('web.kiosk.access.title')}
      className="dialog-access"
      onClose={() => controls.dispatch({ type: 'close' })}
    >
      <ul className="modes">
        {modes.map((mode, index) => (
          <li key={mode}>
            <button
              type="button"
              className="mode"
              role="switch"
              data-choice={index + 1}
              aria-checked={state.access[mode]}
              aria-labelledby={`mode-${mode}`}
              aria-describedby={`mode-note-${mode}`}
              onClick={() => set({ [mode]: !state.access[mode] })}
            >
              <span className="mode-switch" aria-hidden="true" />
              <span>
                <span className="mode-name" id={`mode-${mode}`}>
                  {t(`web.kiosk.access.${mode}`)}
                </span>
                <span className="mode-note" id={`mode-note-${mode}`}>
                  {mode === 'voiceGuidance' && !hasVoice
                    ? t('web.kiosk.access.voiceGuidance.none')
                    : t(`web.kiosk.access.${mode}.note`)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <fieldset className="zoom" aria-label={t('web.kiosk.access.zoom')}>
        <span aria-hidden="true">{t('web.kiosk.access.zoom')}</span>
        {zoomSteps.map((zoom) => (
          <button
            key={zoom}
            type="button"
            aria-pressed={state.access.zoom === zoom}
            onClick={() => set({ zoom })}
          >
            {Math.round(zoom * 100)}%
          </button>
        ))}
      </fieldset>
      <div className="dialog-actions">
        <Button look="main" data-choice="6" onClick={() => controls.dispatch({ type: 'close' })}>
          {t('web.kiosk.access.done')}
        </Button>
      </div>
    </KioskDialog>
  );
}
