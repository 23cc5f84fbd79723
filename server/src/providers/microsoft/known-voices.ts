import type { VoiceInfo } from '../spec/tts.ts';
import { isVoiceName } from './ssml.ts';

const KNOWN: readonly VoiceInfo[] = [
  { id: 'ko-KR-SunHiNeural', name: '선희', languages: ['ko'] },
  { id: 'ko-KR-InJoonNeural', name: '인준', languages: ['ko'] },
  { id: 'en-US-AvaMultilingualNeural', name: 'Ava', languages: [] },
];

/** The voices to offer, with the configured one in front; a name that can be none is left out. */
export function offeredVoices(configured: string): readonly VoiceInfo[] {
  if (!isVoiceName(configured)) return KNOWN;
  const known = KNOWN.find(({ id }) => id === configured);
  const first = known ?? { id: configured, name: shortName(configured), languages: languagesOf(configured) };
  return [first, ...KNOWN.filter(({ id }) => id !== configured)];
}

/** Languages that the offered voices were made for; the multilingual ones speak more. */
export function offeredLanguages(configured: string): readonly string[] {
  const own = isVoiceName(configured) ? [configured.split('-', 1)[0]!] : [];
  return [...new Set(['ko', 'en', ...own])];
}

/** `ko-KR-SunHiNeural` is called SunHi. */
function shortName(voice: string): string {
  return (voice.split('-').at(-1) ?? voice).replace(/(Multilingual)?Neural$/, '');
}

function languagesOf(voice: string): readonly string[] {
  return voice.includes('Multilingual') ? [] : [voice.split('-', 1)[0]!];
}
