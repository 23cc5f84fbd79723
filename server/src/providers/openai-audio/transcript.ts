import { isRecord } from '../../lib/is-record.ts';
import { languageCode } from './language-code.ts';

/** What a server says that it heard. */
export interface Transcript {
  /** NFC, in one line; empty when there was no speech. */
  readonly text: string;
  /** Null where the answer does not tell it. */
  readonly language: string | null;
  /** 0..1; null where the answer does not tell it. */
  readonly confidence: number | null;
}

/** From where on Whisper itself takes a stretch for silence, whatever words it made of it. */
const NO_SPEECH_PROBABILITY = 0.6;
const UNSURE_LOG_PROBABILITY = -1;

/** Reads an answer in the form `json` or `verbose_json`, whichever it is; null when it is neither. */
export function readTranscript(body: string): Transcript | null {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return null;
  }
  if (!isRecord(answer) || typeof answer['text'] !== 'string') return null;
  const segments = listOf(answer['segments']);
  const isSilence = segments.length > 0 && segments.every(isSilent);
  const text = isSilence ? '' : answer['text'].replaceAll(/\s+/g, ' ').trim().normalize('NFC');
  const language = typeof answer['language'] === 'string' ? languageCode(answer['language']) : null;
  return { text, language, confidence: confidenceOf(segments, listOf(answer['logprobs'])) };
}

type Fields = Readonly<Record<string, unknown>>;

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isSilent(segment: Fields): boolean {
  const noSpeech = numberIn(segment, 'no_speech_prob');
  const sure = numberIn(segment, 'avg_logprob');
  return (
    noSpeech !== null && noSpeech > NO_SPEECH_PROBABILITY && sure !== null && sure < UNSURE_LOG_PROBABILITY
  );
}

/** The mean probability of a token: of segments by their length where they are told, else of the tokens themselves. */
function confidenceOf(segments: readonly Fields[], tokens: readonly Fields[]): number | null {
  let sum = 0;
  let weights = 0;
  const add = (logProbability: number | null, weight: number) => {
    if (logProbability === null) return;
    sum += logProbability * weight;
    weights += weight;
  };
  for (const segment of segments) {
    const seconds = (numberIn(segment, 'end') ?? 0) - (numberIn(segment, 'start') ?? 0);
    add(numberIn(segment, 'avg_logprob'), Math.max(seconds, 0.01));
  }
  for (const token of tokens) add(numberIn(token, 'logprob'), 1);
  return weights === 0 ? null : Math.min(1, Math.exp(sum / weights));
}

function numberIn(fields: Fields, name: string): number | null {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
