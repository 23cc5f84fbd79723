import { isAbsolute, join, resolve } from 'node:path';
import type { ConfiguredApiKey, TrustProxy } from './fields.ts';
import type { Settings } from './schema.ts';

export type Profile = Settings['MALBEOT_PROFILE'];

export type LogLevel = Settings['LOG_LEVEL'];

/** A server with an API of OpenAI's shape. Null fields are not given. */
export interface CompatibleServer {
  readonly url: string | null;
  readonly key: string | null;
  readonly model: string | null;
}

/** The settings in force, checked, by the part that they are for. Frozen all the way down. */
export interface Config {
  readonly profile: Profile;
  readonly data: {
    /** Absolute path. */
    readonly folder: string;
  };
  readonly log: { readonly level: LogLevel };
  readonly server: {
    /** 0 for a free one. */
    readonly port: number;
    readonly host: string;
    readonly trustProxy: TrustProxy;
    /** Origins beside the server's own. */
    readonly corsOrigins: readonly string[];
    readonly assetBaseUrl: string | null;
  };
  readonly tls: {
    /** Absolute path, PEM. */
    readonly certFile: string;
    /** Absolute path, PEM. */
    readonly keyFile: string;
    /** True when the files were named: HTTPS or nothing. False: HTTPS when they are there. */
    readonly required: boolean;
  };
  readonly secrets: {
    /** Signs tokens. */
    readonly signing: string;
    /** 32 bytes as base64 or hexadecimal; see `decodeEncryptionKey`. */
    readonly encryptionKey: string;
    readonly apiKeys: readonly ConfiguredApiKey[];
  };
  readonly database: {
    /** `sqlite:/absolute/path`, or the URL of a server with user and password. */
    readonly location: string;
    readonly dialect: 'sqlite' | 'postgres' | 'mariadb';
  };
  readonly redis: { readonly url: string | null };
  readonly milvus: { readonly url: string | null; readonly collection: string };
  readonly embedding: { readonly model: string };
  /** Parts that can be switched off. */
  readonly parts: { readonly stt: boolean; readonly llm: boolean; readonly tts: boolean };
  readonly voice: { readonly cacheBytes: number };
  /** Ears and voices: which, in which order, and what local models may take. */
  readonly speech: {
    /** Ids of ears to ask first. */
    readonly earOrder: readonly string[];
    /** Ids of voices to ask first. */
    readonly voiceOrder: readonly string[];
    /** Id of a pulled model, or null for the best. */
    readonly earModel: string | null;
    readonly voiceModel: string | null;
    /** Whether a pulled model of turn ends is used. */
    readonly turnDetector: Settings['TURN_DETECTOR'];
    /** For one utterance or sentence. */
    readonly threads: number;
    /** Whether parts are loaded at the start. */
    readonly preload: boolean;
    /** Time without use after which a local model is unloaded; null for never. */
    readonly modelIdleMs: number | null;
    readonly browserEars: boolean;
    /** Program and arguments; null where none is given. */
    readonly command: { readonly argv: readonly string[]; readonly languages: readonly string[] } | null;
    readonly edge: { readonly enabled: boolean; readonly voice: string };
    readonly siliconflow: {
      readonly url: string | null;
      readonly key: string | null;
      readonly model: string;
      readonly voice: string;
    };
    readonly azure: { readonly key: string | null; readonly region: string | null; readonly voice: string };
    readonly openaiVoice: { readonly voice: string; readonly takesReference: boolean };
  };
  readonly models: {
    /** Where pulled models lie. Absolute path. */
    readonly folder: string;
    readonly mirror: string | null;
    /** Absolute path. */
    readonly offline: string | null;
  };
  /** Requests a minute. */
  readonly limits: {
    readonly enabled: boolean;
    readonly turnsPerKiosk: number;
    readonly turnsPerAddress: number;
    readonly signIn: number;
    readonly runs: number;
    readonly reads: number;
  };
  readonly talk: {
    readonly companionIdleMs: number;
    readonly resumeMs: number;
    readonly maxConversations: number;
    readonly maxPerAddress: number;
    readonly maxPerPerson: number;
  };
  readonly kiosk: { readonly sessionIdleMs: number; readonly terminal: Settings['KIOSK_TERMINAL'] };
  readonly retention: {
    readonly audioMs: number;
    readonly sessionsMs: number;
    readonly jobsMs: number;
    readonly logsMs: number;
  };
  readonly backup: {
    /** `HH:MM`. */
    readonly at: string;
    readonly keep: number;
  };
  /** Language models, by the id of the provider; null fields are as the provider first lists them. */
  readonly minds: Readonly<
    Record<'cerebras' | 'groq' | 'gemini' | 'deepseek' | 'ollama' | 'openai', CompatibleServer>
  >;
  /** Ears, voice and pictures of OpenAI's shape. A null URL with a key is OpenAI's own server. */
  readonly openaiCompatible: {
    readonly stt: CompatibleServer;
    readonly tts: CompatibleServer;
    readonly image: CompatibleServer;
  };
  readonly comfyui: {
    readonly url: string | null;
    readonly path: string | null;
    readonly arguments: readonly string[];
    readonly workflow: string;
  };
  readonly alerts: {
    readonly webhookUrl: string | null;
    readonly smtpUrl: string | null;
    readonly emails: readonly string[];
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Settings with the secrets that the server can't do without. */
export type CompleteSettings = Settings & {
  readonly MALBEOT_SECRET: string;
  readonly MALBEOT_ENCRYPTION_KEY: string;
};

/** Groups checked settings. Relative paths are taken from `cwd`, SQLite's from the data folder. */
export function toConfig(settings: CompleteSettings, cwd: string): Config {
  const folder = resolve(cwd, settings.MALBEOT_DATA);
  return deepFreeze<Config>({
    profile: settings.MALBEOT_PROFILE,
    data: { folder },
    log: { level: settings.LOG_LEVEL },
    server: {
      port: settings.PORT,
      host: settings.HOST,
      trustProxy: settings.TRUST_PROXY,
      corsOrigins: settings.CORS_ORIGINS,
      assetBaseUrl: settings.ASSET_BASE_URL ?? null,
    },
    tls: {
      certFile: resolve(cwd, settings.TLS_CERT_FILE ?? join(folder, 'certs', 'cert.pem')),
      keyFile: resolve(cwd, settings.TLS_KEY_FILE ?? join(folder, 'certs', 'key.pem')),
      required: settings.TLS_CERT_FILE !== undefined,
    },
    secrets: {
      signing: settings.MALBEOT_SECRET,
      encryptionKey: settings.MALBEOT_ENCRYPTION_KEY,
      apiKeys: settings.MALBEOT_API_KEYS ?? [],
    },
    database: toDatabase(settings, folder),
    redis: { url: settings.REDIS_URL ?? null },
    milvus: { url: milvusUrl(settings), collection: settings.MILVUS_COLLECTION },
    embedding: { model: settings.EMBEDDING_MODEL },
    parts: { stt: settings.STT_ENABLED, llm: settings.LLM_ENABLED, tts: settings.TTS_ENABLED },
    voice: { cacheBytes: settings.VOICE_CACHE_BYTES },
    speech: {
      earOrder: settings.STT_ORDER,
      voiceOrder: settings.TTS_ORDER,
      earModel: settings.STT_MODEL ?? null,
      voiceModel: settings.TTS_MODEL ?? null,
      turnDetector: settings.TURN_DETECTOR,
      threads: settings.SPEECH_THREADS,
      preload: settings.PRELOAD,
      modelIdleMs: settings.MODELS_IDLE_MINUTES === 0 ? null : settings.MODELS_IDLE_MINUTES * MINUTE_MS,
      browserEars: settings.BROWSER_EARS,
      command:
        settings.COMMAND_STT.length === 0
          ? null
          : { argv: settings.COMMAND_STT, languages: settings.COMMAND_STT_LANGUAGES },
      edge: { enabled: settings.EDGE_TTS, voice: settings.EDGE_TTS_VOICE },
      siliconflow: {
        url: settings.SILICONFLOW_URL ?? null,
        key: settings.SILICONFLOW_API_KEY ?? null,
        model: settings.SILICONFLOW_MODEL,
        voice: settings.SILICONFLOW_VOICE,
      },
      azure: {
        key: settings.AZURE_SPEECH_KEY ?? null,
        region: settings.AZURE_SPEECH_REGION ?? null,
        voice: settings.AZURE_TTS_VOICE,
      },
      openaiVoice: { voice: settings.OPENAI_TTS_VOICE, takesReference: settings.OPENAI_TTS_REFERENCE },
    },
    models: {
      folder: join(folder, 'models'),
      mirror: settings.MODELS_MIRROR ?? null,
      offline: settings.MODELS_OFFLINE === undefined ? null : resolve(cwd, settings.MODELS_OFFLINE),
    },
    limits: {
      enabled: settings.RATE_LIMIT,
      turnsPerKiosk: settings.RATE_LIMIT_TURNS_PER_KIOSK,
      turnsPerAddress: settings.RATE_LIMIT_TURNS_PER_ADDRESS,
      signIn: settings.RATE_LIMIT_SIGN_IN,
      runs: settings.RATE_LIMIT_RUNS,
      reads: settings.RATE_LIMIT_READS,
    },
    kiosk: {
      sessionIdleMs: settings.KIOSK_SESSION_IDLE_MINUTES * MINUTE_MS,
      terminal: settings.KIOSK_TERMINAL,
    },
    talk: {
      companionIdleMs: settings.COMPANION_SESSION_IDLE_HOURS * HOUR_MS,
      resumeMs: settings.TALK_RESUME_SECONDS * 1_000,
      maxConversations: settings.TALK_MAX_CONVERSATIONS,
      maxPerAddress: settings.TALK_MAX_PER_ADDRESS,
      maxPerPerson: settings.TALK_MAX_PER_PERSON,
    },
    retention: {
      audioMs: settings.RETENTION_AUDIO_HOURS * HOUR_MS,
      sessionsMs: settings.RETENTION_SESSIONS_DAYS * DAY_MS,
      jobsMs: settings.RETENTION_JOBS_DAYS * DAY_MS,
      logsMs: settings.RETENTION_LOGS_DAYS * DAY_MS,
    },
    backup: { at: settings.BACKUP_AT, keep: settings.BACKUP_KEEP },
    minds: {
      cerebras: compatible(settings.CEREBRAS_URL, settings.CEREBRAS_API_KEY, settings.CEREBRAS_MODEL),
      groq: compatible(settings.GROQ_URL, settings.GROQ_API_KEY, settings.GROQ_MODEL),
      gemini: compatible(settings.GEMINI_URL, settings.GEMINI_API_KEY, settings.GEMINI_MODEL),
      deepseek: compatible(settings.DEEPSEEK_URL, settings.DEEPSEEK_API_KEY, settings.DEEPSEEK_MODEL),
      ollama: compatible(ollamaUrl(settings), undefined, settings.OLLAMA_MODEL),
      openai: compatible(
        settings.OPENAI_LLM_URL,
        keyFor(settings, settings.OPENAI_LLM_URL, settings.OPENAI_LLM_KEY),
        settings.OPENAI_LLM_MODEL,
      ),
    },
    openaiCompatible: {
      stt: compatible(
        settings.OPENAI_STT_URL,
        keyFor(settings, settings.OPENAI_STT_URL, settings.OPENAI_STT_KEY),
        settings.OPENAI_STT_MODEL,
      ),
      tts: compatible(
        settings.OPENAI_TTS_URL,
        keyFor(settings, settings.OPENAI_TTS_URL, settings.OPENAI_TTS_KEY),
        settings.OPENAI_TTS_MODEL,
      ),
      image: compatible(
        settings.OPENAI_IMAGE_URL,
        keyFor(settings, settings.OPENAI_IMAGE_URL, settings.OPENAI_IMAGE_KEY),
        settings.OPENAI_IMAGE_MODEL,
      ),
    },
    comfyui: {
      url: settings.COMFYUI_URL ?? null,
      path: settings.COMFYUI_PATH === undefined ? null : resolve(cwd, settings.COMFYUI_PATH),
      arguments: settings.COMFYUI_ARGS,
      workflow: settings.COMFYUI_WORKFLOW,
    },
    alerts: {
      webhookUrl: settings.ALERT_WEBHOOK_URL ?? null,
      smtpUrl: settings.SMTP_URL ?? null,
      emails: settings.ALERT_EMAIL,
    },
  });
}

function compatible(url?: string, key?: string, model?: string): CompatibleServer {
  return { url: url ?? null, key: key ?? null, model: model ?? null };
}

/** Most write the address of Ollama without the path of its API. */
function ollamaUrl({ OLLAMA_URL: url }: Settings): string | undefined {
  return url !== undefined && new URL(url).pathname === '/' ? `${url}/v1` : url;
}

/** The key for the server at `url`, which is OpenAI's own when absent: a key of OpenAI's never goes to another one. */
function keyFor(settings: Settings, url: string | undefined, key: string | undefined): string | undefined {
  return url === undefined ? settings.OPENAI_API_KEY : key;
}

function milvusUrl(settings: Settings): string | null {
  if (settings.MILVUS_URL !== undefined) return settings.MILVUS_URL;
  return settings.MILVUS_HOST === undefined
    ? null
    : `http://${bracketed(settings.MILVUS_HOST)}:${settings.MILVUS_PORT}`;
}

function toDatabase(settings: Settings, dataFolder: string): Config['database'] {
  const location = settings.DATABASE_URL ?? locationFromParts(settings) ?? 'sqlite:malbeot.db';
  if (!location.toLowerCase().startsWith('sqlite:')) {
    return { location, dialect: /^postgres/i.test(location) ? 'postgres' : 'mariadb' };
  }
  const path = location.slice('sqlite:'.length).replace(/^\/\//, '');
  const absolute = path === ':memory:' || isAbsolute(path) ? path : join(dataFolder, path);
  return { location: `sqlite:${absolute}`, dialect: 'sqlite' };
}

/** The location that `DB_*` describe. Their port tells which server it is. */
function locationFromParts(settings: Settings): string | null {
  if (settings.DB_HOST === undefined) return null;
  const scheme = settings.DB_PORT === 5432 ? 'postgres' : 'mariadb';
  const password = settings.DB_PASSWORD === undefined ? '' : `:${encodeURIComponent(settings.DB_PASSWORD)}`;
  const user = `${encodeURIComponent(settings.DB_USER)}${password}`;
  const host = `${bracketed(settings.DB_HOST)}:${settings.DB_PORT}`;
  return `${scheme}://${user}@${host}/${encodeURIComponent(settings.DB_NAME)}`;
}

/** IPv6 addresses stand in brackets inside a URL. */
function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
