import { useLanguage } from '../language/language.tsx';
import type { Recording } from './use-recording.ts';

/** Speech has an RMS of about a sixth of the full scale. */
const METER_GAIN = 6;

/** How loud it is while it records, and why it does not. */
export function MicrophoneLevel({ recording }: { readonly recording: Recording }) {
  const { t } = useLanguage();
  const { state, level, trouble } = recording;
  if (trouble !== null) {
    return (
      <p className="voices-trouble" role="alert">
        {t(`web.voices.microphone.${trouble}`)}
      </p>
    );
  }
  if (state !== 'recording' && state !== 'full') return null;
  return (
    <div className="voices-recording">
      <meter
        className="voices-level"
        aria-label={t('web.voices.hear.level')}
        min={0}
        max={1}
        value={Math.min(1, level * METER_GAIN)}
      />
      <output>{t(state === 'full' ? 'web.voices.hear.full' : 'web.voices.hear.recording')}</output>
    </div>
  );
}
