import { Button } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskState } from './kiosk-state.ts';
import type { KioskControls } from './kiosk-engine.ts';
import { MicrophoneTrouble } from './microphone-trouble.tsx';
import { TypeInstead } from './type-instead.tsx';

export interface SayInsteadProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
}

/**
 * Answers a question in words: by voice, and in letters for who types or can't be heard. It lies in the dialog because the
 * microphone and the field at the foot of the screen are covered by it.
 */
export function SayInstead({ state, controls }: SayInsteadProps) {
  const { t } = useLanguage();
  const heard = state.handsFree ? 'off' : state.ears;
  const busy = heard !== 'off';
  return (
    <>
      <Button
        icon={state.ears === 'hearing' ? 'stop' : 'microphone'}
        className={`say-instead say-instead-${state.ears}`}
        data-key="talk"
        aria-pressed={busy}
        onClick={busy ? controls.send : controls.listenOnce}
      >
        {t(heard === 'off' ? 'web.kiosk.say_instead' : `web.kiosk.microphone.${heard}`)}
      </Button>
      <MicrophoneTrouble state={state} />
      {state.typing ? <TypeInstead controls={controls} /> : null}
    </>
  );
}
