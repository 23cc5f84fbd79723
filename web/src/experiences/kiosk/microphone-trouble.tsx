import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskState } from './kiosk-state.ts';

export interface MicrophoneTroubleProps {
  readonly state: Pick<KioskState, 'microphoneTrouble' | 'browserEars'>;
}

/** Why nobody can be heard and what to do instead; else where the sound goes, when it leaves the machine. */
export function MicrophoneTrouble({ state }: MicrophoneTroubleProps) {
  const { t } = useLanguage();
  if (state.microphoneTrouble === null && !state.browserEars) return null;
  return (
    <output className="microphone-trouble">
      <Icon name="microphone" />
      {state.microphoneTrouble === null
        ? t('web.kiosk.browser_ears')
        : t(`web.microphone.${state.microphoneTrouble}`)}
    </output>
  );
}
