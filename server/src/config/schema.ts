import { z } from 'zod';
import {
  apiKeys,
  byteSize,
  databaseUrl,
  emails,
  encryptionKey,
  fileName,
  host,
  onOff,
  oneOf,
  origins,
  path,
  plainText,
  programArguments,
  timeOfDay,
  trustProxy,
  url,
  wholeNumber,
} from './fields.ts';
import { optional, settingRegistry, withDefault, type SettingInfo } from './setting.ts';

const port = () => wholeNumber(1, 65_535);
const web = () => url('http', 'https');
const perMinute = () => wholeNumber(1, 1_000_000);
const later = { inUse: false } as const;

const cloudKey = (meaning: string) =>
  optional(plainText(8, 400), { section: 'providers', meaning, secret: 'whole', ...later });
const providerUrl = (meaning: string) =>
  optional(web(), { section: 'providers', meaning, secret: 'url', ...later });
const modelName = (meaning: string) =>
  optional(plainText(1, 200), { section: 'providers', meaning, ...later });
/** What leaves the machine, said with everything that lets it. */
const SENT =
  'What the rules of the kiosk do not understand goes there: the words, the menu without prices, the order and the question just asked; nothing else.';
const mindKey = (meaning: string) =>
  optional(plainText(8, 400), { section: 'providers', meaning, secret: 'whole' });
const mindUrl = (meaning: string, defaultText: string) =>
  optional(web(), {
    section: 'providers',
    meaning,
    defaultText: `its own: \`${defaultText}\``,
    secret: 'url',
  });
const mindModel = (id: string, ...models: readonly string[]) =>
  optional(plainText(1, 200), {
    section: 'providers',
    meaning: `Model of \`${id}\`.`,
    defaultText: `the first that it has of ${models.map((model) => `\`${model}\``).join(', ')}`,
  });

/** Every setting by its name. The only place where a setting is declared. */
export const settingsSchema = z.object({
  MALBEOT_PROFILE: withDefault(
    oneOf(['local', 'docker', 'production'], {
      development: 'local',
      dev: 'local',
      test: 'local',
      prod: 'production',
      staging: 'production',
    }),
    'local',
    {
      section: 'basics',
      meaning:
        'Where the server runs. `local`: one machine, secrets are made at first start, no sign-in to try things on that machine. `docker` and `production`: weak or missing secrets stop the start. `development` and `test` are read as `local`, `staging` as `production`.',
      aliases: ['ENVIRONMENT'],
      dockerExample: 'docker',
    },
  ),
  MALBEOT_DATA: withDefault(path(), './data', {
    section: 'basics',
    meaning:
      'Folder of the database, files, models, outputs, live2d-models and certs; relative to the folder of the start.',
    dockerExample: '/data',
  }),
  LOG_LEVEL: withDefault(
    oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], { warning: 'warn', critical: 'fatal' }),
    'info',
    { section: 'basics', meaning: 'How much is logged.' },
  ),
  PORT: withDefault(wholeNumber(0, 65_535), 8080, {
    section: 'network',
    meaning: 'Port of the server; 0 takes a free one.',
  }),
  HOST: withDefault(host(), '127.0.0.1', {
    section: 'network',
    meaning: 'Address to listen on; `0.0.0.0` for every network of the machine.',
    dockerExample: '0.0.0.0',
  }),
  TLS_CERT_FILE: optional(path(), {
    section: 'network',
    meaning: 'Certificate chain, PEM. HTTPS turns itself on when certificate and key are there.',
    defaultText: '`certs/cert.pem` in the data folder, when it is there',
    aliases: ['SSL_CRT_FILE'],
  }),
  TLS_KEY_FILE: optional(path(), {
    section: 'network',
    meaning: 'Private key of the certificate, PEM.',
    defaultText: '`certs/key.pem` in the data folder, when it is there',
    aliases: ['SSL_KEY_FILE'],
  }),
  TRUST_PROXY: withDefault(trustProxy(), false, {
    section: 'network',
    meaning:
      'Whose `X-Forwarded-*` headers tell the address of the client. Only switch on behind a proxy that sets them.',
  }),
  CORS_ORIGINS: withDefault(origins(), [], {
    section: 'network',
    meaning: 'Other origins whose pages may call this server.',
    defaultText: 'same origin only',
  }),
  ASSET_BASE_URL: optional(web(), {
    section: 'network',
    meaning: 'Where the files of the pages are fetched from, such as a CDN.',
    ...later,
  }),
  MALBEOT_SECRET: optional(plainText(1, 1_000), {
    section: 'secrets',
    meaning:
      'Signs tokens. At least 32 random characters outside the local profile; changing it signs everybody out.',
    defaultText: 'made at first start in the local profile',
    secret: 'whole',
  }),
  MALBEOT_ENCRYPTION_KEY: optional(encryptionKey(), {
    section: 'secrets',
    meaning: 'Encrypts what has to be kept secret in the database. Losing it loses that data.',
    defaultText: 'made at first start in the local profile',
    secret: 'whole',
    ...later,
  }),
  MALBEOT_API_KEYS: optional(apiKeys(), {
    section: 'secrets',
    meaning: 'API keys beside those of `malbeot keys`, each with a name in front if wanted: `name:key`.',
    defaultText: 'one is made at first start in the local profile',
    secret: 'whole',
  }),
  DATABASE_URL: optional(databaseUrl(), {
    section: 'storage',
    meaning: 'The database; wins over `DB_*`. A relative path of SQLite lies in the data folder.',
    defaultText: '`sqlite:malbeot.db` in the data folder',
    secret: 'url',
  }),
  DB_HOST: optional(host(), {
    section: 'storage',
    meaning:
      'Database server, where `DATABASE_URL` is not given: PostgreSQL on port 5432, MariaDB on any other.',
  }),
  DB_PORT: withDefault(port(), 3306, { section: 'storage', meaning: 'Port of the database server.' }),
  DB_USER: withDefault(plainText(1, 100), 'malbeot', {
    section: 'storage',
    meaning: 'User at the database server.',
  }),
  DB_PASSWORD: optional(plainText(0, 500), {
    section: 'storage',
    meaning: 'Password at the database server.',
    secret: 'whole',
  }),
  DB_NAME: withDefault(plainText(1, 100), 'malbeot', {
    section: 'storage',
    meaning: 'Name of the database.',
  }),
  REDIS_URL: optional(url('redis', 'rediss'), {
    section: 'storage',
    meaning: 'Redis, for several processes that share the work; without it everything is in process.',
    defaultText: 'none: everything in process',
    secret: 'url',
    ...later,
  }),
  MILVUS_URL: optional(web(), {
    section: 'storage',
    meaning: 'Milvus, for vectors; wins over `MILVUS_HOST`.',
    secret: 'url',
    ...later,
  }),
  MILVUS_HOST: optional(host(), { section: 'storage', meaning: 'Host of Milvus.', ...later }),
  MILVUS_PORT: withDefault(port(), 19_530, { section: 'storage', meaning: 'Port of Milvus.', ...later }),
  MILVUS_COLLECTION: withDefault(plainText(1, 255), 'voice_conversations', {
    section: 'storage',
    meaning: 'Collection in Milvus.',
    ...later,
  }),
  EMBEDDING_MODEL: withDefault(plainText(1, 200), 'paraphrase-multilingual-MiniLM-L12-v2', {
    section: 'storage',
    meaning: 'Model that turns words into vectors, when it is pulled.',
    ...later,
  }),
  STT_ENABLED: withDefault(onOff(), true, { section: 'parts', meaning: 'Ears: speech to text.' }),
  LLM_ENABLED: withDefault(onOff(), true, {
    section: 'parts',
    meaning:
      'Mind: language models behind the rules, where one is configured or Ollama runs. `off`: nothing is ever asked; the rules stay.',
  }),
  TTS_ENABLED: withDefault(onOff(), true, { section: 'parts', meaning: 'Mouth: text to speech.' }),
  VOICE_CACHE_BYTES: withDefault(byteSize('1MB', '1000GB'), 256 * 1024 ** 2, {
    section: 'parts',
    meaning: 'Bytes that cached voices may take in the data folder.',
    defaultText: '256MB',
  }),
  RATE_LIMIT: withDefault(onOff(), true, {
    section: 'limits',
    meaning: 'Whether requests are limited; `off` in the local profile only.',
  }),
  RATE_LIMIT_TURNS_PER_KIOSK: withDefault(perMinute(), 60, {
    section: 'limits',
    meaning: 'Turns a minute of one kiosk.',
  }),
  RATE_LIMIT_TURNS_PER_ADDRESS: withDefault(perMinute(), 120, {
    section: 'limits',
    meaning: 'Turns a minute from one address.',
  }),
  RATE_LIMIT_SIGN_IN: withDefault(perMinute(), 10, {
    section: 'limits',
    meaning: 'Sign-ins a minute from one address.',
  }),
  RATE_LIMIT_RUNS: withDefault(perMinute(), 120, { section: 'limits', meaning: 'Runs started a minute.' }),
  RATE_LIMIT_READS: withDefault(perMinute(), 600, {
    section: 'limits',
    meaning: 'Reads a minute from one address.',
  }),
  KIOSK_SESSION_IDLE_MINUTES: withDefault(wholeNumber(1, 1_440), 10, {
    section: 'kiosk',
    meaning: 'Minutes after the last turn at which a kiosk session is over.',
  }),
  KIOSK_TERMINAL: withDefault(oneOf(['counter', 'simulator']), 'counter', {
    section: 'kiosk',
    meaning:
      'Where kiosk orders are paid for: `counter` at the desk with the order number; `simulator` on a terminal that only acts as if, and says so: no money moves. It declines an order of exactly 44,400 won and never answers one of 55,500 won.',
  }),
  RETENTION_AUDIO_HOURS: withDefault(wholeNumber(1, 8_760), 1, {
    section: 'retention',
    meaning: 'Hours that recorded audio is kept.',
    ...later,
  }),
  RETENTION_SESSIONS_DAYS: withDefault(wholeNumber(1, 3_650), 30, {
    section: 'retention',
    meaning: 'Days that ended sessions are kept.',
  }),
  RETENTION_JOBS_DAYS: withDefault(wholeNumber(1, 3_650), 7, {
    section: 'retention',
    meaning: 'Days that finished jobs are kept.',
  }),
  RETENTION_LOGS_DAYS: withDefault(wholeNumber(1, 3_650), 30, {
    section: 'retention',
    meaning: 'Days that log files are kept.',
    ...later,
  }),
  BACKUP_AT: withDefault(timeOfDay(), '03:00', {
    section: 'retention',
    meaning: 'Time of the daily backup.',
    ...later,
  }),
  BACKUP_KEEP: withDefault(wholeNumber(1, 1_000), 7, {
    section: 'retention',
    meaning: 'Backups that are kept.',
    ...later,
  }),
  CEREBRAS_API_KEY: mindKey(`Turns on \`cerebras_llm\`. ${SENT}`),
  CEREBRAS_URL: mindUrl('Address of `cerebras_llm`.', 'https://api.cerebras.ai/v1'),
  CEREBRAS_MODEL: mindModel('cerebras_llm', 'llama3.1-8b', 'llama3.1-70b'),
  GROQ_API_KEY: mindKey(`Turns on \`groq_llm\`. ${SENT}`),
  GROQ_URL: mindUrl('Address of `groq_llm`.', 'https://api.groq.com/openai/v1'),
  GROQ_MODEL: mindModel('groq_llm', 'llama-3.3-70b-versatile', 'mixtral-8x7b-32768'),
  GEMINI_API_KEY: mindKey(`Turns on \`gemini_llm\`. ${SENT}`),
  GEMINI_URL: mindUrl('Address of `gemini_llm`.', 'https://generativelanguage.googleapis.com/v1beta/openai'),
  GEMINI_MODEL: mindModel('gemini_llm', 'gemini-1.5-flash', 'gemini-1.5-pro'),
  DEEPSEEK_API_KEY: mindKey(`Turns on \`deepseek_llm\`. ${SENT}`),
  DEEPSEEK_URL: mindUrl('Address of `deepseek_llm`.', 'https://api.deepseek.com/v1'),
  DEEPSEEK_MODEL: mindModel('deepseek_llm', 'deepseek-chat', 'deepseek-coder'),
  OPENAI_API_KEY: mindKey(`Turns on \`openai_llm\`. ${SENT}`),
  OPENAI_LLM_URL: mindUrl(
    `Mind: any server with OpenAI's chat completions API in place of OpenAI's own, such as llama.cpp or vLLM; turns on \`openai_llm\` without \`OPENAI_API_KEY\`, which is not sent there. ${SENT}`,
    'https://api.openai.com/v1',
  ),
  OPENAI_LLM_KEY: mindKey('Key for `OPENAI_LLM_URL`, where it wants one.'),
  OPENAI_LLM_MODEL: mindModel('openai_llm', 'gpt-4o-mini', 'gpt-4o'),
  SILICONFLOW_API_KEY: cloudKey('Turns on `siliconflow_tts`.'),
  AZURE_SPEECH_KEY: cloudKey('Turns on `azure_tts`, together with its region.'),
  AZURE_SPEECH_REGION: optional(plainText(1, 60), {
    section: 'providers',
    meaning: 'Region of `AZURE_SPEECH_KEY`, such as koreacentral.',
    ...later,
  }),
  OLLAMA_URL: mindUrl(
    `Ollama, where it does not run on its usual address; turns on \`ollama_llm\`. Without it, Ollama is looked for once at the start, on this machine only. ${SENT}`,
    'http://localhost:11434/v1',
  ),
  OLLAMA_MODEL: mindModel('ollama_llm', 'qwen2.5:7b', 'llama3.2:3b'),
  OPENAI_STT_URL: providerUrl("Ears: any server with OpenAI's transcription API."),
  OPENAI_STT_KEY: cloudKey('Key for `OPENAI_STT_URL`.'),
  OPENAI_STT_MODEL: modelName('Model at `OPENAI_STT_URL`.'),
  OPENAI_TTS_URL: providerUrl("Voice: any server with OpenAI's speech API."),
  OPENAI_TTS_KEY: cloudKey('Key for `OPENAI_TTS_URL`.'),
  OPENAI_TTS_MODEL: modelName('Model at `OPENAI_TTS_URL`.'),
  OPENAI_IMAGE_URL: providerUrl("Pictures: any server with OpenAI's image API."),
  OPENAI_IMAGE_KEY: cloudKey('Key for `OPENAI_IMAGE_URL`.'),
  OPENAI_IMAGE_MODEL: modelName('Model at `OPENAI_IMAGE_URL`.'),
  COMFYUI_URL: providerUrl('ComfyUI, for pictures.'),
  COMFYUI_PATH: optional(path(), {
    section: 'providers',
    meaning: 'Folder of a ComfyUI to start.',
    ...later,
  }),
  COMFYUI_ARGS: withDefault(programArguments(), [], {
    section: 'providers',
    meaning: 'Arguments for that ComfyUI.',
    ...later,
  }),
  COMFYUI_WORKFLOW: withDefault(fileName(), 'make_panel.json', {
    section: 'providers',
    meaning: 'Workflow that draws one panel.',
    ...later,
  }),
  ALERT_WEBHOOK_URL: optional(web(), {
    section: 'alerts',
    meaning: 'Where alerts are posted, Slack-shaped.',
    secret: 'whole',
    ...later,
  }),
  SMTP_URL: optional(url('smtp', 'smtps'), {
    section: 'alerts',
    meaning: 'Mail server for alerts.',
    secret: 'url',
    ...later,
  }),
  ALERT_EMAIL: withDefault(emails(), [], {
    section: 'alerts',
    meaning: 'Who gets alerts by mail.',
    ...later,
  }),
});

/** Every setting, read and checked one by one. */
export type Settings = z.output<typeof settingsSchema>;

export type SettingName = keyof Settings;

export const settingNames = Object.keys(settingsSchema.shape) as readonly SettingName[];

/** What is known about the setting `name`. */
export function settingInfo(name: SettingName): SettingInfo {
  return settingRegistry.get(settingsSchema.shape[name])!;
}
