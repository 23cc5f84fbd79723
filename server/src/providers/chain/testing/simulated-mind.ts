import type { ChatChunk, LanguageModel } from '../../spec/llm.ts';
import { ProviderError, type ProviderInfo } from '../../spec/provider.ts';
import { aboutSimulated, begin, type SimulatedOptions } from './simulated-fault.ts';

/** A piece of text takes so long to make. */
const PIECE_WORK_MS = 15;

/** How many pieces its answers have. */
export const ANSWER_PIECES = 12;

/** A mind that lives by a manual clock. It says its id and counts: `mind_0:0 mind_0:1 ...`. */
export class SimulatedMind implements LanguageModel {
  readonly kind = 'llm';
  readonly contextTokens = 8_192;
  readonly info: ProviderInfo;
  readonly #options: SimulatedOptions;

  constructor(options: SimulatedOptions) {
    this.info = aboutSimulated(options.id);
    this.#options = options;
  }

  availability() {
    return { available: true } as const;
  }

  async *chat(_: unknown, signal: AbortSignal): AsyncGenerator<ChatChunk, void, void> {
    const { nextFault, clock, id } = this.#options;
    const fault = nextFault();
    await begin(this.#options, fault, signal);
    if (fault?.kind === 'mute') return;
    for (let piece = 0; piece < ANSWER_PIECES; piece++) {
      if (piece === fault?.amount) {
        if (fault.kind === 'die') throw new ProviderError('failed', id, 'died');
        if (fault.kind === 'stall') await new Promise(() => {});
        if (fault.kind === 'garbage') yield { type: 'text-delta', text: 7 as unknown as string };
      }
      if (piece > 0) await clock.sleep(PIECE_WORK_MS, signal);
      yield { type: 'text-delta', text: `${id}:${piece} ` };
    }
    if (fault?.kind === 'die') throw new ProviderError('failed', id, 'died at the end');
    if (fault?.kind === 'stall') await new Promise(() => {});
    yield { type: 'finish', reason: 'stop' };
  }
}
