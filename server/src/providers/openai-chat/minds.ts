import type { ProviderInfo } from '../spec/provider.ts';

/** A server with OpenAI's chat completions API, as it is first listed. */
export interface Mind {
  readonly id: string;
  readonly name: string;
  readonly cost: ProviderInfo['cost'];
  /** How soon it answers; `by_hardware` on one's own machine. */
  readonly speed: 'very_fast' | 'fast' | 'medium' | 'by_hardware';
  /** Address that `/chat/completions` and `/models` are below. */
  readonly baseUrl: string;
  /** In order of preference. */
  readonly models: readonly string[];
  readonly contextTokens: number;
  /** The setting that turns it on. */
  readonly setting: string;
}

/** Every mind of this kind, in the default order of preference. */
export const minds = [
  {
    id: 'cerebras_llm',
    name: 'Cerebras Inference',
    cost: 'free_tier',
    speed: 'very_fast',
    baseUrl: 'https://api.cerebras.ai/v1',
    models: ['llama3.1-8b', 'llama3.1-70b'],
    contextTokens: 128_000,
    setting: 'CEREBRAS_API_KEY',
  },
  {
    id: 'groq_llm',
    name: 'Groq',
    cost: 'free_tier',
    speed: 'very_fast',
    baseUrl: 'https://api.groq.com/openai/v1',
    models: ['llama-3.3-70b-versatile', 'mixtral-8x7b-32768'],
    contextTokens: 32_768,
    setting: 'GROQ_API_KEY',
  },
  {
    id: 'gemini_llm',
    name: 'Google Gemini',
    cost: 'free_tier',
    speed: 'medium',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    models: ['gemini-1.5-flash', 'gemini-1.5-pro'],
    contextTokens: 1_048_576,
    setting: 'GEMINI_API_KEY',
  },
  {
    id: 'deepseek_llm',
    name: 'DeepSeek',
    cost: 'low_cost',
    speed: 'fast',
    baseUrl: 'https://api.deepseek.com/v1',
    models: ['deepseek-chat', 'deepseek-coder'],
    contextTokens: 32_768,
    setting: 'DEEPSEEK_API_KEY',
  },
  {
    id: 'ollama_llm',
    name: 'Ollama (local)',
    cost: 'free',
    speed: 'by_hardware',
    baseUrl: 'http://localhost:11434/v1',
    models: ['qwen2.5:7b', 'llama3.2:3b'],
    contextTokens: 32_768,
    setting: 'OLLAMA_URL',
  },
  {
    id: 'openai_llm',
    name: 'OpenAI',
    cost: 'paid',
    speed: 'fast',
    baseUrl: 'https://api.openai.com/v1',
    models: ['gpt-4o-mini', 'gpt-4o'],
    contextTokens: 128_000,
    setting: 'OPENAI_API_KEY',
  },
] as const satisfies readonly Mind[];

export type MindId = (typeof minds)[number]['id'];
