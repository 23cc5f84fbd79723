import type { SpeechClient } from '@malbeot/client';
import type { CustomVoice, SpeechProvider, SpokenEmotion } from '@malbeot/protocol';
import { useEffect, useId, useRef, useState } from 'react';
import { AudioError } from '../audio/index.ts';
import { Button } from '../components/button.tsx';
import { useLanguage } from '../language/language.tsx';
import { Field } from './field.tsx';
import { providerName } from './provider-words.ts';
import { Slider } from './slider.tsx';
import { SpokenOutcome } from './spoken-outcome.tsx';
import { speakAloud, type Spoken } from './spoken.ts';
import { TroubleNote, troubleOf, type Trouble } from './trouble.tsx';

const emotions: readonly SpokenEmotion[] = ['neutral', 'joy', 'sadness', 'anger', 'fear', 'surprise', 'love'];
const LONGEST_TEXT = 5_000;
/** The first of the list: whoever comes first in the server's own order. */
const ANYONE = '';

export interface TryVoiceProps {
  readonly speech: SpeechClient;
  readonly providers: readonly SpeechProvider[];
  readonly customVoices: readonly CustomVoice[];
}

/** Words in, sound out: with every knob that the server has, and what it took. */
export function TryVoice({ speech, providers, customVoices }: TryVoiceProps) {
  const { t, language } = useLanguage();
  const [text, setText] = useState(() => t('web.voices.sample'));
  const [provider, setProvider] = useState(ANYONE);
  const [voice, setVoice] = useState(ANYONE);
  const [emotion, setEmotion] = useState<SpokenEmotion>('neutral');
  const [speed, setSpeed] = useState(1);
  const [pitch, setPitch] = useState(1);
  const [spoken, setSpoken] = useState<Spoken | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const speaking = useRef<AbortController | null>(null);
  const [isSpeaking, setIsSpeaking] = useState(false);
  const textId = useId();
  useEffect(() => () => speaking.current?.abort(), []);

  const usable = providers.filter(({ available }) => available);
  const asked = usable.filter(({ id }) => provider === ANYONE || id === provider);
  const voices = provider === ANYONE ? [] : asked.flatMap((one) => one.voices);
  // Only where somebody can speak like a recording.
  const likeRecordings = asked.some((one) => one.takes_reference) ? customVoices : [];
  const isVoiceThere = [...voices, ...likeRecordings].some(({ id }) => id === voice);

  async function speak(): Promise<void> {
    const controller = new AbortController();
    speaking.current = controller;
    setIsSpeaking(true);
    setTrouble(null);
    setSpoken(null);
    const request = {
      text,
      language: /\p{Script=Hangul}/u.test(text) ? 'ko' : language === 'ko' ? 'en' : language,
      ...(provider === ANYONE ? {} : { provider }),
      ...(isVoiceThere ? { voice } : {}),
      ...(emotion === 'neutral' ? {} : { emotion }),
      ...(speed === 1 ? {} : { speed }),
      ...(pitch === 1 ? {} : { pitch }),
    };
    try {
      await speakAloud(speech, request, setSpoken, controller.signal);
    } catch (error) {
      const otherwise = error instanceof AudioError ? 'web.voices.speak.silent' : 'web.voices.speak.cut';
      if (!controller.signal.aborted) setTrouble(troubleOf(error, 'speak', t(otherwise), t));
    } finally {
      speaking.current = null;
      setIsSpeaking(false);
    }
  }

  return (
    <form
      className="voices-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isSpeaking) speaking.current?.abort();
        else void speak();
      }}
    >
      <div className="field">
        <label htmlFor={textId}>{t('web.voices.speak.text')}</label>
        <textarea
          id={textId}
          rows={3}
          maxLength={LONGEST_TEXT}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <div className="voices-knobs voices-knobs-voice">
        <Field label={t('web.voices.speak.provider')}>
          {(id) => (
            <select
              id={id}
              value={provider}
              onChange={(event) => {
                setProvider(event.target.value);
                setVoice(ANYONE);
              }}
            >
              <option value={ANYONE}>{t('web.voices.speak.anyone')}</option>
              {usable.map((one) => (
                <option key={one.id} value={one.id}>
                  {providerName(one, t)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('web.voices.speak.voice')}>
          {(id) => (
            <select
              id={id}
              value={isVoiceThere ? voice : ANYONE}
              onChange={(event) => setVoice(event.target.value)}
            >
              <option value={ANYONE}>{t('web.voices.speak.default')}</option>
              {voices.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
              {likeRecordings.map((one) => (
                <option key={one.id} value={one.id}>
                  {t('web.voices.custom.option', { name: one.name })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('web.voices.speak.emotion')}>
          {(id) => (
            <select
              id={id}
              value={emotion}
              onChange={(event) => setEmotion(event.target.value as SpokenEmotion)}
            >
              {emotions.map((one) => (
                <option key={one} value={one}>
                  {t(`web.voices.emotion.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Slider label={t('web.voices.speak.speed')} value={speed} from={0.5} to={2} onChange={setSpeed} />
        <Slider label={t('web.voices.speak.pitch')} value={pitch} from={0.5} to={2} onChange={setPitch} />
      </div>
      <Button
        type="submit"
        look="main"
        icon={isSpeaking ? 'stop' : 'louder'}
        disabled={!isSpeaking && text.trim() === ''}
      >
        {t(isSpeaking ? 'web.voices.speak.stop' : 'web.voices.speak.go')}
      </Button>
      <SpokenOutcome spoken={spoken} isSpeaking={isSpeaking} providers={providers} />
      <TroubleNote trouble={trouble} />
    </form>
  );
}
