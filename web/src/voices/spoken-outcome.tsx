import type { SpeechProvider } from '@malbeot/protocol';
import { Button } from '../components/button.tsx';
import { useLanguage } from '../language/language.tsx';
import { Figure, Figures } from './figures.tsx';
import { providerName, skippedText } from './provider-words.ts';
import { saveFile } from './save-file.ts';
import { SoundPlot } from './sound-plot.tsx';
import type { Spoken } from './spoken.ts';

export interface SpokenOutcomeProps {
  /** Null before the first sound. */
  readonly spoken: Spoken | null;
  readonly isSpeaking: boolean;
  readonly providers: readonly SpeechProvider[];
}

/** What was spoken: its shape, by whom, how long it took, and the sound to keep. */
export function SpokenOutcome({ spoken, isSpeaking, providers }: SpokenOutcomeProps) {
  const { t } = useLanguage();
  if (spoken === null) {
    return isSpeaking ? <output className="voices-wait">{t('web.voices.speak.wait')}</output> : null;
  }
  const { wav } = spoken;
  const nameOf = (id: string | null) => {
    const known = providers.find((one) => one.id === id);
    return known === undefined ? (id ?? '?') : providerName(known, t);
  };
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const milliseconds = (ms: number) => t('web.voices.figure.ms', { ms: Math.round(ms) });
  return (
    <>
      <SoundPlot
        peaks={spoken.peaks}
        played={spoken.played}
        label={t('web.voices.speak.plot', { seconds: seconds(spoken.soundMs) })}
      />
      <Figures>
        <Figure name={t('web.voices.figure.who')} wide>
          {nameOf(spoken.provider)}
        </Figure>
        <Figure name={t('web.voices.figure.first')}>{milliseconds(spoken.firstByteMs)}</Figure>
        <Figure name={t('web.voices.figure.whole')}>
          {spoken.wholeMs !== null
            ? milliseconds(spoken.wholeMs)
            : wav === null
              ? '…'
              : t('web.voices.figure.cut')}
        </Figure>
        <Figure name={t('web.voices.figure.length')}>
          {t('web.voices.figure.s', { seconds: seconds(spoken.soundMs) })}
        </Figure>
        {spoken.skipped.length === 0 ? null : (
          <Figure name={t('web.voices.speak.skipped')} wide>
            {spoken.skipped
              .map(({ provider, reason }) =>
                t('web.voices.skipped.one', { name: nameOf(provider), why: skippedText(reason, t) }),
              )
              .join(', ')}
          </Figure>
        )}
      </Figures>
      {wav === null ? null : (
        <Button icon="download" onClick={() => saveFile(wav, `malbeot-${spoken.provider ?? 'voice'}.wav`)}>
          {t('web.voices.speak.keep')}
        </Button>
      )}
    </>
  );
}
