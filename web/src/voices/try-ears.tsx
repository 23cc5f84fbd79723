import type { SpeechClient } from '@malbeot/client';
import type { Transcript } from '@malbeot/protocol';
import { useEffect, useRef, useState } from 'react';
import {
  createBrowserEars,
  hasBrowserEars,
  type BrowserEars,
  type BrowserEarsState,
} from '../audio/index.ts';
import { Button } from '../components/button.tsx';
import { useLanguage } from '../language/language.tsx';
import { Figure, Figures } from './figures.tsx';
import { MicrophoneLevel } from './microphone-level.tsx';
import { TroubleNote, troubleOf, type Trouble } from './trouble.tsx';
import { useRecording } from './use-recording.ts';

interface Heard {
  readonly transcript: Transcript;
  readonly ms: number;
}

export interface TryEarsProps {
  readonly speech: SpeechClient;
  /** Whether whoever runs the server lets the browser listen. */
  readonly browserEars: boolean;
}

/** Sound in, words out: from the microphone or a file. */
export function TryEars({ speech, browserEars }: TryEarsProps) {
  const { t } = useLanguage();
  const recording = useRecording();
  const [heard, setHeard] = useState<Heard | null>(null);
  const [isHearing, setIsHearing] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const hearing = useRef<AbortController | null>(null);
  const file = useRef<HTMLInputElement>(null);
  useEffect(() => () => hearing.current?.abort(), []);

  async function hear(sound: Blob): Promise<void> {
    const controller = new AbortController();
    hearing.current?.abort();
    hearing.current = controller;
    setIsHearing(true);
    setHeard(null);
    setTrouble(null);
    const startedMs = performance.now();
    try {
      const transcript = await speech.transcribe(sound, { signal: controller.signal });
      setHeard({ transcript, ms: performance.now() - startedMs });
    } catch (error) {
      if (controller.signal.aborted) return;
      setTrouble(troubleOf(error, 'hear', t('web.voices.hear.failed'), t));
    } finally {
      if (hearing.current === controller) setIsHearing(false);
    }
  }

  async function toggle(): Promise<void> {
    if (recording.state === 'off') {
      setHeard(null);
      setTrouble(null);
      return recording.start();
    }
    const wav = await recording.stop();
    if (wav !== null) await hear(wav);
  }

  const isRecording = recording.state === 'recording' || recording.state === 'full';
  return (
    <div className="voices-form">
      <p>{t('web.voices.hear.line')}</p>
      <div className="voices-row">
        <Button
          look="main"
          icon={isRecording ? 'stop' : 'microphone'}
          disabled={recording.state === 'opening' || isHearing}
          onClick={() => void toggle()}
        >
          {t(isRecording ? 'web.voices.hear.stop' : 'web.voices.hear.record')}
        </Button>
        <Button icon="file" disabled={isRecording || isHearing} onClick={() => file.current?.click()}>
          {t('web.voices.hear.file')}
        </Button>
        <input
          ref={file}
          type="file"
          accept="audio/*,video/webm,video/mp4"
          hidden
          onChange={({ target }) => {
            const [chosen] = target.files ?? [];
            target.value = '';
            if (chosen !== undefined) void hear(chosen);
          }}
        />
      </div>
      <MicrophoneLevel recording={recording} />
      {isHearing ? <output className="voices-wait">{t('web.voices.hear.wait')}</output> : null}
      <TroubleNote trouble={trouble} />
      {heard === null ? null : <Outcome heard={heard} />}
      {browserEars ? <ListenWithBrowser /> : null}
    </div>
  );
}

/** The browser's own ears, and where they take the sound. */
function ListenWithBrowser() {
  const { t, language } = useLanguage();
  const [text, setText] = useState<string | null>(null);
  const [state, setState] = useState<BrowserEarsState>('closed');
  const [trouble, setTrouble] = useState(false);
  const ears = useRef<BrowserEars | null>(null);
  useEffect(() => () => ears.current?.cancel(), []);

  function toggle(): void {
    if (state !== 'closed') return ears.current?.stop();
    if (!hasBrowserEars()) return setTrouble(true);
    setTrouble(false);
    ears.current = createBrowserEars({
      language: () => (language === 'en' ? 'en-US' : 'ko-KR'),
      onText: (said) => {
        setText(said);
        ears.current?.cancel();
      },
      onState: setState,
      onError: () => setTrouble(true),
    });
    ears.current.listen();
  }

  return (
    <div className="voices-hint">
      <p>{t('web.voices.hear.browser.line')}</p>
      <Button icon={state === 'closed' ? 'ear' : 'stop'} onClick={toggle}>
        {t(state === 'closed' ? 'web.voices.hear.browser' : 'web.voices.hear.stop')}
      </Button>
      {text === null ? null : <output className="voices-heard">“{text}”</output>}
      {trouble ? (
        <p className="voices-trouble" role="alert">
          {t('web.voices.hear.browser.refused')}
        </p>
      ) : null}
    </div>
  );
}

function Outcome({ heard: { transcript, ms } }: { readonly heard: Heard }) {
  const { t } = useLanguage();
  const { confidence } = transcript;
  return (
    <>
      <output className="voices-heard">
        {transcript.transcript === '' ? t('web.voices.hear.nothing') : `“${transcript.transcript}”`}
      </output>
      <Figures even>
        <Figure name={t('web.voices.figure.language')}>{transcript.language}</Figure>
        <Figure name={t('web.voices.figure.sure')}>
          {confidence === null ? t('web.voices.figure.unknown') : `${Math.round(confidence * 100)} %`}
        </Figure>
        <Figure name={t('web.voices.figure.length')}>
          {t('web.voices.figure.s', { seconds: transcript.duration.toFixed(1) })}
        </Figure>
        <Figure name={t('web.voices.figure.took')}>
          {t('web.voices.figure.ms', { ms: Math.round(ms) })}
        </Figure>
      </Figures>
    </>
  );
}
