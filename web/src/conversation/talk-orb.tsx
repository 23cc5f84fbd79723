import { useRef, type KeyboardEvent, type MouseEvent, type PointerEvent, type Ref } from 'react';
import { Icon } from '../components/icon.tsx';
import { useLanguage } from '../language/language.tsx';
import { TalkFace } from './talk-face.tsx';
import type { TalkSession } from './talk-session.ts';
import { phaseOf, type TalkState } from './talk-state.ts';

export interface TalkOrbProps {
  readonly state: TalkState;
  readonly session: TalkSession;
  readonly disabled: boolean;
  readonly ref: Ref<HTMLButtonElement>;
}

/** The one main control: turns the microphone on and off, or is held while speaking. */
export function TalkOrb({ state, session, disabled, ref }: TalkOrbProps) {
  const { t } = useLanguage();
  const { mode, microphone } = state;
  const isHeld = mode === 'push-to-talk';
  const isOn = microphone === 'sending';
  /** Whether the pointer has dealt already with what its click would do. */
  const wasPressed = useRef(false);

  const holding = {
    onPointerDown(event: PointerEvent<HTMLButtonElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      wasPressed.current = true;
      void session.press();
    },
    onPointerUp: () => session.release(),
    onPointerCancel: () => session.release(),
    onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Enter' || event.repeat) return;
      event.preventDefault();
      void session.press();
    },
    onKeyUp(event: KeyboardEvent) {
      if (event.key === 'Enter') session.release();
    },
    // A long press opens a menu on phones.
    onContextMenu: (event: MouseEvent) => event.preventDefault(),
    onBlur: () => session.release(),
    /** Of a screen reader, which can't hold: once to begin, once more to end. */
    onClick() {
      if (wasPressed.current) wasPressed.current = false;
      else if (isOn) session.release();
      else void session.press();
    },
  };
  const toggling = { onClick: () => void session.setMicrophone(microphone === 'closed') };

  return (
    <button
      ref={ref}
      type="button"
      className="talk-orb"
      data-phase={phaseOf(state)}
      data-on={isOn}
      disabled={disabled}
      {...(isHeld ? holding : toggling)}
    >
      <span className="talk-orb-circle">
        <span className="talk-orb-ring" />
        {microphone === 'closed' && state.captions.length === 0 ? (
          <Icon name="microphone" />
        ) : (
          <TalkFace state={state} />
        )}
      </span>
      <span className="talk-orb-label">
        {microphone === 'opening' ? t('web.talk.opening') : t(labelOf(isHeld, microphone, isOn))}
      </span>
    </button>
  );
}

function labelOf(isHeld: boolean, microphone: TalkState['microphone'], isOn: boolean) {
  if (isHeld) return isOn ? 'web.talk.holding' : 'web.talk.hold';
  return microphone === 'closed' ? 'web.talk.start' : 'web.talk.mute';
}
