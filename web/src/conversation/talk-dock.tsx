import { useCallback, useRef } from 'react';
import { Button } from '../components/button.tsx';
import { useLanguage } from '../language/language.tsx';
import { MicrophoneMeter } from './microphone-meter.tsx';
import { useTalkKeys } from './talk-keys.ts';
import { TalkOrb } from './talk-orb.tsx';
import type { TalkSession } from './talk-session.ts';
import { isSpeaking, phaseOf, type TalkMode, type TalkState } from './talk-state.ts';
import { TypeBox } from './type-box.tsx';
import './talk-dock.css';

const modes = ['hands-free', 'push-to-talk'] as const satisfies readonly TalkMode[];

export interface TalkDockProps {
  readonly state: TalkState;
  readonly session: TalkSession;
}

/** What a person talks with: the main control, how it is used, a way to stop the voice, and a line to type in. */
export function TalkDock({ state, session }: TalkDockProps) {
  const { t } = useLanguage();
  const orb = useRef<HTMLButtonElement>(null);
  const dock = useRef<HTMLElement>(null);
  useTalkKeys(session, orb);
  const showLevel = useCallback((level: number) => {
    dock.current?.style.setProperty('--level', level.toFixed(3));
  }, []);
  const { connection, mode, microphone, server } = state;
  const isReachable = connection === 'open';
  const hasEars = server === null || server.providers.ears !== null;
  return (
    <section className="talk-dock" ref={dock} aria-label={t('web.talk.mode')}>
      <div className="talk-status">
        <p className="talk-phase" data-phase={phaseOf(state)}>
          {t(phaseText(state, hasEars))}
        </p>
        {microphone === 'closed' || microphone === 'opening' ? null : (
          <MicrophoneMeter session={session} onLevel={showLevel} />
        )}
      </div>
      {hasEars ? (
        <div className="talk-controls">
          <fieldset className="segments talk-modes" aria-label={t('web.talk.mode')}>
            {modes.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={mode === one}
                onClick={() => session.setMode(one)}
              >
                {t(`web.talk.mode.${one}`)}
              </button>
            ))}
          </fieldset>
          <TalkOrb
            ref={orb}
            state={state}
            session={session}
            disabled={!isReachable || microphone === 'opening'}
          />
          <div className="talk-aside">
            {isSpeaking(state) ? <StopButton session={session} /> : null}
            {!isSpeaking(state) && mode === 'push-to-talk' && microphone === 'held' ? (
              <Button look="quiet" onClick={() => void session.setMicrophone(false)}>
                {t('web.talk.mute')}
              </Button>
            ) : null}
          </div>
        </div>
      ) : (
        <div className="talk-controls talk-controls-deaf">
          {isSpeaking(state) ? <StopButton session={session} /> : null}
        </div>
      )}
      <TypeBox disabled={!isReachable} onSay={(text) => session.say(text)} />
    </section>
  );
}

function StopButton({ session }: { readonly session: TalkSession }) {
  const { t } = useLanguage();
  return (
    <Button icon="stop" className="talk-stop" aria-keyshortcuts="Escape" onClick={() => session.interrupt()}>
      {t('web.talk.stop')}
    </Button>
  );
}

function phaseText(state: TalkState, hasEars: boolean) {
  if (state.loudspeaker === 'blocked') return 'web.talk.phase.blocked';
  const phase = phaseOf(state);
  if (phase !== 'resting') return `web.talk.phase.${phase}` as const;
  if (!hasEars) return 'web.talk.phase.type';
  return state.mode === 'push-to-talk' ? 'web.talk.phase.hold' : 'web.talk.phase.resting';
}
