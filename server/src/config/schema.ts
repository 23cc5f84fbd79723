import { z } from 'zod';
import {
  apiKeys,
  byteSize,
  databaseUrl,
  emails,
  encryptionKey,
  fileName,
  host,
  names,
  onOff,
  oneOf,
  origins,
  path,
  plainText,
  programArguments,
  someOf,
  timeOfDay,
  trustProxy,
  url,
  wholeNumber,
} from './fields.ts';
import { providerSettings } from './provider-settings.ts';
import { optional, settingRegistry, withDefault, type SettingInfo } from './setting.ts';

const port = () => wholeNumber(1, 65_535);
const web = () => url('http', 'https');
const perMinute = () => wholeNumber(1, 1_000_000);
const later = { inUse: false } as const;

/** Every setting by its name. With those of `provider-settings.ts` the only place where a setting is declared. */
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
  STT_ORDER: withDefault(someOf(['sherpa', 'openai', 'command', 'demo_ear']), [], {
    section: 'parts',
    meaning: 'Ears to ask first, in this order, before the rest in their usual order.',
    defaultText: 'the usual order',
  }),
  TTS_ORDER: withDefault(
    someOf([
      'supertonic',
      'sherpa_tts',
      'edge_tts',
      'siliconflow_tts',
      'azure_tts',
      'openai_tts',
      'espeak',
      'zipvoice',
    ]),
    [],
    {
      section: 'parts',
      meaning: 'Voices to ask first, in this order, before the rest in their usual order.',
      defaultText: 'the usual order',
    },
  ),
  STT_MODEL: optional(plainText(1, 200), {
    section: 'parts',
    meaning: 'Which of the pulled models `sherpa` hears with; see `malbeot models list`.',
    defaultText: 'the best that is pulled',
  }),
  TTS_MODEL: optional(plainText(1, 200), {
    section: 'parts',
    meaning:
      'Which of the pulled models `sherpa_tts` speaks with (Supertonic and ZipVoice are providers of their own); see `malbeot models list`.',
    defaultText: 'the best that is pulled',
  }),
  TURN_DETECTOR: withDefault(oneOf(['auto', 'rules']), 'auto', {
    section: 'parts',
    meaning:
      'What tells in a live talk that a person has finished: `auto` by the words and, where `smart-turn-v3` is pulled, by how they sound; `rules` by the words alone.',
  }),
  SPEECH_THREADS: withDefault(wholeNumber(1, 64), 2, {
    section: 'parts',
    meaning: 'Threads that a local model may use for one utterance or one sentence.',
  }),
  PRELOAD: withDefault(onOff(), false, {
    section: 'parts',
    meaning: 'Loads ears, voice and mind at the start instead of at first use; the same as `--preload`.',
  }),
  MODELS_IDLE_MINUTES: withDefault(wholeNumber(0, 10_080), 30, {
    section: 'parts',
    meaning: 'Minutes without use after which a local model gives its memory back; 0 for never.',
  }),
  MODELS_MIRROR: optional(web(), {
    section: 'parts',
    meaning:
      'Where `malbeot models pull` asks first, before the sources in `models.json`: the files lie at `MIRROR/MODEL/FILE`.',
    secret: 'url',
  }),
  MODELS_OFFLINE: optional(path(), {
    section: 'parts',
    meaning:
      'Folder that `malbeot models pull` takes files from instead of the network, at `FOLDER/MODEL/FILE`.',
  }),
  BROWSER_EARS: withDefault(onOff(), false, {
    section: 'parts',
    meaning:
      'Lets pages listen with the recogniser of the browser where the server has no real ears. Most browsers send the sound to their maker; the page says so before it listens.',
  }),
  COMMAND_STT: withDefault(programArguments(), [], {
    section: 'parts',
    meaning:
      'Ears: a program that prints what it hears, with its arguments; `{wav}` stands for the file (mono, 16 kHz, 16 bits), `{language}` for the language; without `{wav}` the file comes on standard input. It sees none of the settings; put `env NAME=value` in front of it for more. Such as `whisper-cli -nt -l {language} -f {wav}`.',
  }),
  COMMAND_STT_LANGUAGES: withDefault(names(), [], {
    section: 'parts',
    meaning: 'Languages that this program hears; all of them when none is named.',
  }),
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
  COMPANION_SESSION_IDLE_HOURS: withDefault(wholeNumber(1, 8_760), 24, {
    section: 'talk',
    meaning: 'Hours after the last turn at which a session of the companion is over.',
  }),
  TALK_RESUME_SECONDS: withDefault(wholeNumber(1, 600), 30, {
    section: 'talk',
    meaning: 'Seconds for which a live conversation waits for a connection that was lost.',
  }),
  TALK_MAX_CONVERSATIONS: withDefault(wholeNumber(1, 100_000), 1_000, {
    section: 'talk',
    meaning: 'Live conversations at once in one process.',
  }),
  TALK_MAX_PER_ADDRESS: withDefault(wholeNumber(1, 100_000), 64, {
    section: 'talk',
    meaning: 'Live conversations at once from one address.',
  }),
  TALK_MAX_PER_PERSON: withDefault(wholeNumber(1, 1_000), 8, {
    section: 'talk',
    meaning: 'Live conversations at once of one person. A kiosk has as many as its address.',
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
  ...providerSettings,
  COMFYUI_URL: optional(web(), {
    section: 'providers',
    meaning: 'ComfyUI, for pictures.',
    secret: 'url',
    ...later,
  }),
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
