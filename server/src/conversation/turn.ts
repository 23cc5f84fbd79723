import type { SpeechToText, Utterance } from '../providers/spec/stt.ts';
import type { Skipped } from '../providers/spec/provider.ts';
import type { TurnSpan } from '../telemetry/turn-span.ts';
import { AbortedError } from '../lib/abort.ts';
import type { Dialogue, DialogueContext, DialogueEvent } from './dialogue.ts';
import type { Heard } from './heard.ts';

/** How a turn comes in: sound, words, or a tap in the experience's own terms. */
export type TurnSource<Tap> =
  | { readonly type: 'audio'; readonly utterance: Utterance }
  | {
      readonly type: 'text';
      readonly text: string;
      readonly language: string;
      readonly confidence: number | null;
    }
  | { readonly type: 'tap'; readonly tap: Tap };

/** What a turn gives, as it comes: first what was heard, then what the dialogue says and does. */
export type TurnEvent =
  | {
      readonly type: 'transcript';
      readonly heard: Heard;
      /** Ears that heard it; null for words that came as text. */
      readonly provider: string | null;
      readonly skipped: readonly Skipped[];
    }
  /** The ears heard no words; the turn ends here and the dialogue is not asked. */
  | { readonly type: 'no-speech'; readonly provider: string; readonly skipped: readonly Skipped[] }
  | DialogueEvent;

export interface TurnPorts<Tap> {
  readonly ears: SpeechToText;
  readonly dialogue: Dialogue<Heard | Tap>;
  /** Stages `ears` and `mind` are added here. */
  readonly span: TurnSpan;
}

/**
 * Runs one turn: hear, then respond. The one path for every way in; ways out differ in what they do with the events.
 * Ending the iteration early stops the dialogue.
 *
 * @throws ProviderError when no ears can hear; AbortedError when `signal` aborts.
 */
export async function* runTurn<Tap>(
  source: TurnSource<Tap>,
  { ears, dialogue, span }: TurnPorts<Tap>,
  context: DialogueContext,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, void, void> {
  if (signal.aborted) throw new AbortedError(signal.reason);
  let input: Heard | Tap;
  if (source.type === 'audio') {
    const heard = await span.measure('ears', () => ears.transcribe(source.utterance, signal));
    const { provider, skipped = [] } = heard;
    if (heard.text === '') {
      yield { type: 'no-speech', provider, skipped };
      return;
    }
    input = { text: heard.text, language: heard.language, source: 'voice', confidence: heard.confidence };
    yield { type: 'transcript', heard: input, provider, skipped };
  } else if (source.type === 'text') {
    input = { text: source.text, language: source.language, source: 'text', confidence: source.confidence };
    yield { type: 'transcript', heard: input, provider: null, skipped: [] };
  } else {
    input = source.tap;
  }

  const events = dialogue.respond(input, context, signal)[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await span.measure('mind', () => events.next());
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await events.return?.();
  }
}
