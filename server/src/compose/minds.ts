import type { CompatibleServer, Config } from '../config/config.ts';
import { TimeoutError, withTimeout } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import {
  createLanguageModelChain,
  type LanguageModelChain,
} from '../providers/chain/language-model-chain.ts';
import type { ChainOptions } from '../providers/chain/members.ts';
import type { SharedState } from '../providers/chain/shared-state.ts';
import { minds as known, type Mind, type MindId } from '../providers/openai-chat/minds.ts';
import { createOpenAiChat, type OpenAiChat } from '../providers/openai-chat/openai-chat.ts';
import type { Availability } from '../providers/spec/provider.ts';
import type { Logger } from '../telemetry/logger.ts';

/** A mind that this server may ask. */
export interface ConfiguredMind {
  readonly provider: OpenAiChat;
  /** Settings that are about it: key or address, then model. */
  readonly settings: readonly string[];
  /** False for Ollama where nobody named it: it is used when it is found. */
  readonly named: boolean;
}

/** The language models of this server. */
export interface Minds {
  /** Null where `LLM_ENABLED` is off. It can take nothing while none is configured and no Ollama runs here. */
  readonly chain: LanguageModelChain | null;
  /** In order of preference; empty where it is off. */
  readonly providers: readonly ConfiguredMind[];
  /**
   * Looks once for Ollama on this machine, and asks the minds that were named which models they have. Sends nothing but
   * that; resolves when all have answered or had their time. Never rejects.
   */
  find(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface MindsOptions {
  readonly parts: Pick<Config['parts'], 'llm'>;
  readonly minds: Config['minds'];
  readonly log: Logger;
  readonly clock: Clock;
  readonly watch?: Pick<ChainOptions, 'onAttempt' | 'onSkip' | 'onTakeover'>;
  /** Circuits of other processes; each finds out for itself when absent. */
  readonly shared?: SharedState;
  /** Where Ollama is looked for when it was not named; its usual address on this machine. */
  readonly ollamaUrl?: string;
}

/** Settings whose value turns a mind on, for people. */
export const mindSettings: readonly string[] = known.map(({ setting }) => setting);

const FIND_OLLAMA_LIMIT_MS = 1_000;
const FIND_MODELS_LIMIT_MS = 10_000;

const given: Readonly<Record<MindId, (minds: Config['minds']) => CompatibleServer>> = {
  cerebras_llm: ({ cerebras }) => cerebras,
  groq_llm: ({ groq }) => groq,
  gemini_llm: ({ gemini }) => gemini,
  deepseek_llm: ({ deepseek }) => deepseek,
  ollama_llm: ({ ollama }) => ollama,
  openai_llm: ({ openai }) => openai,
};

/** Builds the chain of minds that are configured. Sends nothing. */
export function openMinds(options: MindsOptions): Minds {
  const { parts, minds, log, clock, watch = {}, shared } = options;
  if (!parts.llm) {
    return { chain: null, providers: [], find: () => Promise.resolve(), close: () => Promise.resolve() };
  }
  let ollama: Availability = {
    available: false,
    reason: 'Ollama does not run on this machine.',
    action: 'To use it, start it and then this server, or set OLLAMA_URL.',
  };
  const providers = known.flatMap((mind): ConfiguredMind[] => {
    const server = given[mind.id](minds);
    const named = isNamed(mind.id, server);
    if (!named && mind.id !== 'ollama_llm') return [];
    const isSought = !named;
    const url = server.url ?? (isSought ? options.ollamaUrl : undefined);
    const provider = createOpenAiChat({
      ...aboutMind(mind, server),
      ...(url === undefined ? {} : { baseUrl: url }),
      ...(isSought ? { availability: () => ollama } : {}),
      clock,
    });
    return [{ provider, named, settings: settingsOf(mind) }];
  });
  const chain = createLanguageModelChain(
    providers.map(({ provider }) => provider),
    { clock, logger: log, ...watch, ...(shared === undefined ? {} : { shared }) },
  );

  async function look({ provider, named }: ConfiguredMind, signal: AbortSignal): Promise<void> {
    const { id } = provider.info;
    try {
      const limitMs = named ? FIND_MODELS_LIMIT_MS : FIND_OLLAMA_LIMIT_MS;
      const models = await withTimeout(limitMs, signal, (limited) => provider.refreshModels(limited));
      if (!named) ollama = { available: true };
      log.info({ provider: id, models: models.length, model: provider.model() }, 'mind found');
    } catch (error) {
      if (signal.aborted || !named) return;
      // It may answer later; the first model is asked for then.
      const kind = error instanceof TimeoutError ? 'timeout' : (error as { readonly kind?: string }).kind;
      log.warn({ provider: id, kind }, 'mind does not tell its models');
    }
  }

  return {
    chain,
    providers,
    find: async (signal) => void (await Promise.all(providers.map((mind) => look(mind, signal)))),
    close: async () => chain.close?.(),
  };
}

/** Whether the settings turn it on: by its key, or by an address where no key is needed. */
function isNamed(id: MindId, { url, key }: CompatibleServer): boolean {
  return key !== null || (url !== null && (id === 'ollama_llm' || id === 'openai_llm'));
}

function aboutMind(mind: Mind, { url, key, model }: CompatibleServer) {
  const { id, name, cost, baseUrl, models, contextTokens, setting } = mind;
  // One's own server has what one gave it; in a cloud nobody else's choice is paid for.
  const own = id === 'ollama_llm' || (id === 'openai_llm' && url !== null);
  return {
    id,
    name: id === 'openai_llm' && url !== null ? new URL(url).host : name,
    cost: own ? ('free' as const) : cost,
    baseUrl: url ?? baseUrl,
    key,
    models: model === null ? models : [model],
    ifNoneListed:
      model !== null ? ('ask-anyway' as const) : own ? ('take-any' as const) : ('ask-none' as const),
    contextTokens,
    needs: setting,
  };
}

function settingsOf({ id, setting }: Mind): readonly string[] {
  if (id === 'openai_llm') return ['OPENAI_API_KEY', 'OPENAI_LLM_URL', 'OPENAI_LLM_KEY', 'OPENAI_LLM_MODEL'];
  const prefix = setting.split('_')[0]!;
  return [...new Set([setting, `${prefix}_URL`, `${prefix}_MODEL`])];
}
