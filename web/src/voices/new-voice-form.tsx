import type { SpeechClient } from '@malbeot/client';
import { useState, type FormEvent } from 'react';
import { Button } from '../components/button.tsx';
import { useLanguage } from '../language/language.tsx';
import { BlobPlayer } from './blob-player.tsx';
import { Field } from './field.tsx';
import { MicrophoneLevel } from './microphone-level.tsx';
import { TroubleNote, troubleOf, type Trouble } from './trouble.tsx';
import { useRecording } from './use-recording.ts';

/** As much as the server takes. */
const LONGEST_RECORDING_MS = 30_000;

export interface NewVoiceFormProps {
  readonly speech: SpeechClient;
  /** Saved or given up. */
  readonly onDone: () => void;
}

/** Makes a voice of a person: what to read aloud, the recording, and the consent without which there is none. */
export function NewVoiceForm({ speech, onDone }: NewVoiceFormProps) {
  const { t, language } = useLanguage();
  const recording = useRecording(LONGEST_RECORDING_MS);
  const [text, setText] = useState(() => t('web.voices.custom.script'));
  const [name, setName] = useState('');
  const [consentBy, setConsentBy] = useState('');
  const [hasConsent, setHasConsent] = useState(false);
  const [sound, setSound] = useState<Blob | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  async function toggle(): Promise<void> {
    if (recording.state === 'off') {
      setSound(null);
      return recording.start();
    }
    setSound(await recording.stop());
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sound === null) return;
    setIsSending(true);
    setTrouble(null);
    try {
      await speech.addVoice({ recording: sound, text, name, language, consentBy });
      onDone();
    } catch (error) {
      setTrouble(troubleOf(error, 'custom', t('web.voices.custom.failed'), t));
      setIsSending(false);
    }
  }

  const isRecording = recording.state === 'recording' || recording.state === 'full';
  return (
    <form className="voices-form voices-new" onSubmit={(event) => void send(event)}>
      <h3>{t('web.voices.custom.new')}</h3>
      <Field label={t('web.voices.custom.text')}>
        {(id) => (
          <textarea
            id={id}
            rows={3}
            required
            maxLength={500}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="voices-row">
        <Button
          icon={isRecording ? 'stop' : 'microphone'}
          disabled={recording.state === 'opening' || isSending}
          onClick={() => void toggle()}
        >
          {t(
            isRecording
              ? 'web.voices.hear.stop'
              : sound === null
                ? 'web.voices.custom.record'
                : 'web.voices.custom.again',
          )}
        </Button>
        {sound === null ? null : <BlobPlayer sound={sound} label={t('web.voices.custom.listen')} />}
      </div>
      <MicrophoneLevel recording={recording} />
      <div className="voices-knobs">
        <Field label={t('web.voices.custom.name')}>
          {(id) => (
            <input
              id={id}
              required
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('web.voices.custom.consent_by')}>
          {(id) => (
            <input
              id={id}
              required
              maxLength={120}
              autoComplete="off"
              value={consentBy}
              onChange={(event) => setConsentBy(event.target.value)}
            />
          )}
        </Field>
      </div>
      <label className="voices-consent">
        <input
          type="checkbox"
          required
          checked={hasConsent}
          onChange={(event) => setHasConsent(event.target.checked)}
        />
        <span>{t('web.voices.custom.consent')}</span>
      </label>
      <TroubleNote trouble={trouble} />
      <div className="voices-row">
        <Button type="submit" look="main" disabled={sound === null || !hasConsent || isSending}>
          {t(isSending ? 'web.voices.custom.saving' : 'web.voices.custom.save')}
        </Button>
        <Button look="quiet" onClick={onDone}>
          {t('web.voices.custom.cancel')}
        </Button>
      </div>
    </form>
  );
}
