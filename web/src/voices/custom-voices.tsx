import type { SpeechClient } from '@malbeot/client';
import type { CustomVoice } from '@malbeot/protocol';
import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/states.tsx';
import { useLanguage } from '../language/language.tsx';
import { NewVoiceForm } from './new-voice-form.tsx';
import { TroubleNote, troubleOf, type Trouble } from './trouble.tsx';
import { WithCode } from './with-code.tsx';

export interface CustomVoicesProps {
  readonly speech: SpeechClient;
  readonly voices: readonly CustomVoice[];
  /** Whether a provider can speak with them now. */
  readonly canSpeak: boolean;
  readonly reload: () => void;
}

/** Voices made from recordings of people who agreed: kept and forgotten here. */
export function CustomVoices({ speech, voices, canSpeak, reload }: CustomVoicesProps) {
  const { t } = useLanguage();
  const [isAdding, setIsAdding] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  async function remove({ id, name }: CustomVoice): Promise<void> {
    if (!globalThis.confirm(t('web.voices.custom.forget.sure', { name }))) return;
    try {
      await speech.removeVoice(id);
      reload();
    } catch (error) {
      setTrouble(troubleOf(error, 'custom', t('web.voices.custom.failed'), t));
    }
  }

  return (
    <div className="voices-custom">
      <p>{t('web.voices.custom.line')}</p>
      {canSpeak ? null : (
        <p className="voices-hint">
          <WithCode text={t('web.voices.custom.nobody')} />
        </p>
      )}
      {voices.length === 0 && !isAdding ? (
        <EmptyState icon="microphone" title={t('web.voices.custom.empty')}>
          {t('web.voices.custom.empty.body')}
        </EmptyState>
      ) : null}
      {voices.length === 0 ? null : (
        <ul className="voices-own">
          {voices.map((voice) => (
            <Voice key={voice.id} voice={voice} onForget={() => void remove(voice)} />
          ))}
        </ul>
      )}
      <TroubleNote trouble={trouble} />
      {isAdding ? (
        <NewVoiceForm
          speech={speech}
          onDone={() => {
            setIsAdding(false);
            reload();
          }}
        />
      ) : (
        <Button icon="plus" onClick={() => setIsAdding(true)}>
          {t('web.voices.custom.add')}
        </Button>
      )}
    </div>
  );
}

function Voice({ voice, onForget }: { readonly voice: CustomVoice; readonly onForget: () => void }) {
  const { t, language } = useLanguage();
  const { id, name, text, consent_by, created_at, duration_ms } = voice;
  return (
    <li className="voices-provider">
      <div className="voices-provider-head">
        <h3>{name}</h3>
        <Button
          look="quiet"
          icon="remove"
          aria-label={t('web.voices.custom.forget.one', { name })}
          onClick={onForget}
        >
          {t('web.voices.custom.forget')}
        </Button>
      </div>
      <p lang={voice.language}>“{text}”</p>
      <p className="voices-facts">
        <code>{id}</code>
        <span>{t('web.voices.custom.by', { name: consent_by })}</span>
        <span>{new Date(created_at).toLocaleDateString(language)}</span>
        <span>{t('web.voices.figure.s', { seconds: (duration_ms / 1000).toFixed(1) })}</span>
      </p>
    </li>
  );
}
