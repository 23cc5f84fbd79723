import { useEffect, useRef } from 'react';
import { useLanguage } from '../language/language.tsx';
import type { TalkSession } from './talk-session.ts';

/** Speech has an RMS of about a sixth of the full scale. */
const METER_GAIN = 6;

export interface MicrophoneMeterProps {
  readonly session: TalkSession;
  /** Told of the level, 0 to 1, fifty times a second. */
  readonly onLevel: (level: number) => void;
}

/** How loud it is. Drawn without React: it changes with every frame of the microphone. */
export function MicrophoneMeter({ session, onLevel }: MicrophoneMeterProps) {
  const { t } = useLanguage();
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    let shown = 0;
    const stop = session.onLevel((level) => {
      // Up at once, down slowly: a bar that shivers can't be read.
      shown = Math.max(Math.min(1, level * METER_GAIN), shown * 0.85);
      if (meter.current !== null) meter.current.value = shown;
      onLevel(shown);
    });
    return () => {
      stop();
      onLevel(0);
    };
  }, [session, onLevel]);
  return <meter ref={meter} className="talk-level" aria-label={t('web.talk.level')} min={0} max={1} />;
}
