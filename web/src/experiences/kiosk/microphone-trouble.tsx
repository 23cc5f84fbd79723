import { Icon } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskState } from './kiosk-state.ts';

/** Why nobody can be heard, and what to do instead. */
export function MicrophoneTrouble({ state }: { readonly state: Pick<KioskState, 'microphoneTrouble'> }) {
  const { t } = useLanguage();
  if (state.microphoneTrouble === null) return null;
  return (
    <output className="microphone-trouble">
      <Icon name="microphone" />
      {t(`web.microphone.${state.microphoneTrouble}`)}
    </output>
  );
}
