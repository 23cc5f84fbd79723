import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../lib/ids.ts';
import { ConfigError } from './config-error.ts';
import { loadConfig, type LoadedConfig, type LoadOptions } from './load.ts';
import { createLocalSecrets } from './local-secrets.ts';
import { settingNames } from './schema.ts';

const strong = 'Zk3vQ9pLx7Rt2Wm8Yc5Nb1Hf6Jd4Gs0A';
const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString('base64');
const guarded = {
  MALBEOT_SECRET: strong,
  MALBEOT_ENCRYPTION_KEY: key,
  MALBEOT_API_KEYS: `till:mbk_${strong}`,
};

/** Loads with files that exist only here. */
function load(
  env: LoadOptions['env'] = {},
  { files = {}, flags = {} }: { files?: Record<string, string>; flags?: Record<string, string> } = {},
): LoadedConfig {
  return loadConfig({
    env,
    flags,
    cwd: '/shop',
    readFile: (path) => files[path] ?? null,
    localSecrets: createLocalSecrets({ random: systemRandom, write: false }),
  });
}

/** The messages with which loading fails, by setting. */
function problems(...given: Parameters<typeof load>): Record<string, string> {
  try {
    load(...given);
  } catch (error) {
    if (error instanceof ConfigError) {
      return Object.fromEntries(error.issues.map((issue) => [issue.name, issue.told('en')]));
    }
    throw error;
  }
  return {};
}

const sourceOf = (loaded: LoadedConfig, name: string) =>
  loaded.inForce.find((setting) => setting.name === name);

describe('sources', () => {
  it('starts with nothing given, on defaults', () => {
    const { config, warnings } = load();
    expect(config).toMatchObject({
      profile: 'local',
      server: { port: 8080, host: '127.0.0.1', trustProxy: false, corsOrigins: [] },
      data: { folder: '/shop/data' },
      database: { location: 'sqlite:/shop/data/malbeot.db', dialect: 'sqlite' },
      tls: { certFile: '/shop/data/certs/cert.pem', keyFile: '/shop/data/certs/key.pem', required: false },
      parts: { stt: true, llm: true, tts: true },
      limits: { enabled: true, turnsPerKiosk: 60, turnsPerAddress: 120, signIn: 10, runs: 120, reads: 600 },
      kiosk: { sessionIdleMs: 600_000 },
      milvus: { url: null, collection: 'voice_conversations' },
      embedding: { model: 'paraphrase-multilingual-MiniLM-L12-v2' },
      comfyui: { workflow: 'make_panel.json' },
      backup: { at: '03:00', keep: 7 },
    });
    expect(warnings).toEqual([]);
  });

  it('takes the strongest source and says which it was', () => {
    const files = {
      '/shop/malbeot.config.json': JSON.stringify({
        PORT: 1001,
        LOG_LEVEL: 'debug',
        HOST: '10.0.0.1',
        RATE_LIMIT: false,
      }),
      '/shop/.env': 'PORT=1002\nLOG_LEVEL="warn" # quiet\nHOST=10.0.0.2\n',
    };
    const loaded = load({ PORT: '1003', HOST: '10.0.0.3' }, { files, flags: { PORT: '1004' } });
    expect(loaded.config).toMatchObject({
      server: { port: 1004, host: '10.0.0.3' },
      log: { level: 'warn' },
      limits: { enabled: false },
    });
    const from = ['PORT', 'HOST', 'LOG_LEVEL', 'RATE_LIMIT', 'TTS_ENABLED'].map(
      (name) => sourceOf(loaded, name)?.source,
    );
    expect(from).toEqual(['flag', 'environment', 'env-file', 'config-file', 'default']);
  });

  it('treats an empty value as not given', () => {
    expect(load({ PORT: '', DB_HOST: '' }, { files: { '/shop/.env': 'PORT=1002' } }).config.server.port).toBe(
      1002,
    );
  });

  it('is frozen all the way down', () => {
    const { config } = load({ CORS_ORIGINS: 'https://a.example' });
    expect(() => Object.assign(config.server, { port: 1 })).toThrow(TypeError);
    expect(() => (config.server.corsOrigins as string[]).push('x')).toThrow(TypeError);
  });

  it('reads an environment of the older kind unchanged', () => {
    const loaded = load(
      {
        ENVIRONMENT: 'development',
        DB_HOST: 'db',
        DB_PORT: '3306',
        DB_USER: 'voice',
        DB_PASSWORD: 'p@ss/word',
        DB_NAME: 'voices',
        MILVUS_HOST: 'milvus',
        MILVUS_PORT: '19531',
        MILVUS_COLLECTION: 'talks',
        EMBEDDING_MODEL: 'sentence-transformers/all-MiniLM-L6-v2',
        SSL_CRT_FILE: 'tls/a.pem',
        SSL_KEY_FILE: 'tls/b.pem',
        STT_ENABLED: 'True',
        TTS_ENABLED: 'False',
        LOG_LEVEL: 'INFO',
      },
      { files: { '/shop/tls/a.pem': 'a', '/shop/tls/b.pem': 'b' } },
    );
    expect(loaded.config).toMatchObject({
      profile: 'local',
      database: { location: 'mariadb://voice:p%40ss%2Fword@db:3306/voices', dialect: 'mariadb' },
      milvus: { url: 'http://milvus:19531', collection: 'talks' },
      embedding: { model: 'sentence-transformers/all-MiniLM-L6-v2' },
      tls: { certFile: '/shop/tls/a.pem', keyFile: '/shop/tls/b.pem', required: true },
      parts: { stt: true, tts: false },
    });
    expect(sourceOf(loaded, 'TLS_CERT_FILE')).toMatchObject({ source: 'environment', via: 'SSL_CRT_FILE' });
  });

  it.each([
    [{ DATABASE_URL: 'postgres://a:b@h/d', DB_HOST: 'other' }, 'postgres://a:b@h/d', 'postgres'],
    [{ DATABASE_URL: 'mysql://a:b@h/d' }, 'mysql://a:b@h/d', 'mariadb'],
    [{ DB_HOST: 'h', DB_PORT: '5432' }, 'postgres://malbeot@h:5432/malbeot', 'postgres'],
    [{ DB_HOST: '::1' }, 'mariadb://malbeot@[::1]:3306/malbeot', 'mariadb'],
    [{ DATABASE_URL: 'sqlite:shop.db' }, 'sqlite:/shop/data/shop.db', 'sqlite'],
    [{ DATABASE_URL: 'sqlite:///var/shop.db' }, 'sqlite:/var/shop.db', 'sqlite'],
    [{ DATABASE_URL: 'sqlite::memory:' }, 'sqlite::memory:', 'sqlite'],
  ])('finds the database of %j', (env, location, dialect) => {
    expect(load(env).config.database).toEqual({ location, dialect });
  });
});

describe('wrong values', () => {
  it.each([
    ['PORT', '99999', 'PORT (environment): given "99999". Allowed: a whole number from 0 to 65535.'],
    ['PORT', '80a', 'a whole number'],
    ['PORT', '-1', 'a whole number'],
    ['PORT', '1e3', 'a whole number'],
    ['MALBEOT_PROFILE', 'prod-eu', 'one of local, docker, production'],
    ['TTS_ENABLED', 'maybe', 'on or off'],
    ['HOST', 'my host', 'a host name or an IP address'],
    ['DATABASE_URL', 'oracle://x/y', 'sqlite:PATH'],
    ['DATABASE_URL', 'postgres://user:pw@host', 'sqlite:PATH'],
    ['DATABASE_URL', 'sqlite:', 'sqlite:PATH'],
    ['REDIS_URL', 'http://x', 'redis://'],
    ['CORS_ORIGINS', '*', 'without *'],
    ['CORS_ORIGINS', 'https://a.example/path', 'without paths'],
    ['TRUST_PROXY', '11', 'number of proxies'],
    ['TRUST_PROXY', '10.0.0.0/33', 'CIDR'],
    ['BACKUP_AT', '24:00', '00:00 to 23:59'],
    ['ALERT_EMAIL', 'me', 'e-mail'],
    ['VOICE_CACHE_BYTES', '3 parsecs', '1MB'],
    ['VOICE_CACHE_BYTES', '10KB', 'a size from 1MB'],
    ['COMFYUI_WORKFLOW', '../x.json', 'without folders'],
    ['RATE_LIMIT_READS', '0', 'a whole number from 1'],
    ['MALBEOT_ENCRYPTION_KEY', 'dG9vIHNob3J0', 'base64'],
    ['MALBEOT_API_KEYS', 'short', 'keys separated by commas'],
  ])('refuses %s=%s', (name, value, words) => {
    expect(problems({ [name]: value })[name]).toContain(words);
  });

  it.each([
    [{ TRUST_PROXY: 'on' }, { server: { trustProxy: true } }],
    [{ TRUST_PROXY: '2' }, { server: { trustProxy: 2 } }],
    [{ TRUST_PROXY: '10.0.0.0/8, ::1' }, { server: { trustProxy: ['10.0.0.0/8', '::1'] } }],
    [
      { CORS_ORIGINS: 'https://A.example/,http://b.example:81' },
      { server: { corsOrigins: ['https://a.example', 'http://b.example:81'] } },
    ],
    [{ VOICE_CACHE_BYTES: '64 MiB' }, { voice: { cacheBytes: 67_108_864 } }],
    [
      { COMFYUI_ARGS: '--listen 127.0.0.1 "a b"' },
      { comfyui: { arguments: ['--listen', '127.0.0.1', 'a b'] } },
    ],
    [{ HOST: '[::1]' }, { server: { host: '::1' } }],
    [{ OLLAMA_URL: 'http://gpu:11434/' }, { minds: { ollama: { url: 'http://gpu:11434/v1', model: null } } }],
    [{ OLLAMA_URL: 'http://gpu/ollama/v1' }, { minds: { ollama: { url: 'http://gpu/ollama/v1' } } }],
    [
      { OPENAI_API_KEY: 'sk-12345678', OPENAI_LLM_MODEL: 'gpt-x' },
      { minds: { openai: { url: null, key: 'sk-12345678', model: 'gpt-x' } } },
    ],
    [
      { OPENAI_API_KEY: 'sk-12345678', OPENAI_LLM_URL: 'http://gpu:8000/v1' },
      { minds: { openai: { url: 'http://gpu:8000/v1', key: null } } },
    ],
  ])('reads %j', (env, expected) => {
    expect(load(env).config).toMatchObject(expected);
  });

  it('names everything that is wrong at once', () => {
    const files = { '/shop/malbeot.config.json': '{"PROT": 1, "LOG_LEVEL": "loud"}' };
    expect(problems({ PORT: 'x', REDIS_URL: 'y', MALBEOT_SECRET_FILE: '/gone' }, { files })).toEqual({
      PROT: 'PROT (malbeot.config.json): an unknown name; did you mean PORT?',
      MALBEOT_SECRET_FILE: 'MALBEOT_SECRET_FILE (environment): the file "/gone" can not be read.',
      PORT: expect.stringContaining('given "x"'),
      REDIS_URL: expect.stringContaining('redis://'),
      LOG_LEVEL: expect.stringContaining('(malbeot.config.json): given "loud"'),
    });
  });

  it('says it in Korean too', () => {
    const explained = (error: unknown) => (error instanceof ConfigError ? error.explain('ko') : error);
    let told: unknown;
    try {
      load({ PORT: 'x' });
    } catch (error) {
      told = explained(error);
    }
    expect(told).toBe(
      '설정을 고쳐야 시작할 수 있어요 (1군데):\n  - PORT (환경 변수): 받은 값 "x". 쓸 수 있는 값: 0부터 65535까지의 정수.',
    );
  });

  it.each(['[1]', '{', '"text"'])('refuses a config file that is %s', (text) => {
    const files = { '/shop/malbeot.config.json': text };
    expect(problems({}, { files })['malbeot.config.json']).toContain(
      'a JSON object of setting names and values',
    );
  });

  it('stays calm about foreign names in the environment, but not about our own', () => {
    const { warnings } = load({ PATH: '/bin', PROT: '1', MALBEOT_PROFIL: 'local' });
    expect(warnings.map((warning) => warning.told('en'))).toEqual([
      'MALBEOT_PROFIL (environment) is unknown and has no effect; did you mean MALBEOT_PROFILE?',
    ]);
  });

  it('refuses an unknown flag', () => {
    expect(problems({}, { flags: { PORTS: '1' } })['PORTS']).toContain('did you mean PORT?');
  });

  it('wants certificate and key together, and both readable', () => {
    expect(problems({ TLS_CERT_FILE: 'a.pem' })['TLS_CERT_FILE']).toBeDefined();
    const files = { '/shop/a.pem': 'a' };
    const found = problems({ TLS_CERT_FILE: 'a.pem', TLS_KEY_FILE: 'b.pem' }, { files });
    expect(found).toEqual({ TLS_KEY_FILE: 'TLS_KEY_FILE (environment): the file "b.pem" can not be read.' });
  });

  it('warns where DB_* have no effect', () => {
    expect(load({ DB_USER: 'x' }).warnings.map((warning) => warning.name)).toEqual(['DB_USER']);
    expect(
      load({ DATABASE_URL: 'sqlite:x.db', DB_HOST: 'x' }).warnings.map((warning) => warning.name),
    ).toEqual(['DATABASE_URL']);
  });
});

describe('nonsense', () => {
  const nonsense = [
    '%',
    '%zz',
    '://',
    'a://%',
    'postgres://%zz:%@h/%',
    'postgres://u:%ff@h/d',
    '\u0000',
    '\u{1f954}',
    ',,,',
    '"',
    '-',
    '..',
    '[',
    ' ',
    '9'.repeat(400),
  ];

  it('of any kind in any setting is told as wrong, or taken, and never breaks the start', () => {
    for (const profile of ['local', 'production']) {
      for (const name of settingNames) {
        for (const value of [...nonsense, 'x'.repeat(10_000)]) {
          const found = problems({ ...guarded, MALBEOT_PROFILE: profile, [name]: value });
          expect(Object.keys(found).length).toBeLessThanOrEqual(2);
        }
      }
    }
  });

  it('of any JSON kind in the file is told as wrong, or taken', () => {
    for (const name of settingNames) {
      for (const value of [{}, [], [1], null, true, 1.5, -1, [['a']], { a: 1 }]) {
        const files = { '/shop/malbeot.config.json': JSON.stringify({ [name]: value }) };
        expect(Object.keys(problems({}, { files })).length).toBeLessThanOrEqual(2);
      }
    }
  });
});

describe('secrets', () => {
  it('come from files too, of every source, without the line end', () => {
    const files = {
      '/run/secret': `${strong}\n`,
      '/shop/groq': 'gsk_12345678',
      '/shop/.env': 'GROQ_API_KEY_FILE=groq',
      '/shop/db': 'postgres://u:p@h/d',
      '/shop/malbeot.config.json': '{"DATABASE_URL_FILE": "db"}',
    };
    const loaded = load({ MALBEOT_SECRET_FILE: '/run/secret' }, { files });
    expect(loaded.config.secrets.signing).toBe(strong);
    expect(loaded.config.minds.groq.key).toBe('gsk_12345678');
    expect(loaded.config.database.location).toBe('postgres://u:p@h/d');
    expect(sourceOf(loaded, 'MALBEOT_SECRET')).toMatchObject({ via: 'MALBEOT_SECRET_FILE' });
  });

  it('may not be given twice by one source', () => {
    const files = { '/run/secret': strong };
    const found = problems({ MALBEOT_SECRET_FILE: '/run/secret', MALBEOT_SECRET: strong }, { files });
    expect(found['MALBEOT_SECRET']).toContain('MALBEOT_SECRET_FILE is given as well');
  });

  it('never show, neither in force nor in an error', () => {
    const env = {
      ...guarded,
      DATABASE_URL: 'postgres://till:hunter2@db/shop?sslkey=hunter2',
      SMTP_URL: 'smtp://me:hunter2@mail',
      ALERT_WEBHOOK_URL: 'https://hooks.example/hunter2',
      OPENAI_API_KEY: 'sk-hunter2',
      COMFYUI_URL: 'http://me:hunter2@gpu',
      DB_PASSWORD: 'hunter2',
    };
    const shown = JSON.stringify(load(env).inForce);
    for (const secret of ['hunter2', strong, key]) expect(shown).not.toContain(secret);
    expect(shown).toContain('postgres://till:********@db/shop?********');

    const wrong = problems({
      OPENAI_API_KEY: 'hunter2',
      MALBEOT_ENCRYPTION_KEY: 'hunter2',
      DATABASE_URL: 'db:hunter2',
    });
    expect(Object.keys(wrong)).toEqual(['MALBEOT_ENCRYPTION_KEY', 'DATABASE_URL', 'OPENAI_API_KEY']);
    expect(JSON.stringify(wrong)).not.toContain('hunter2');
    expect(wrong['MALBEOT_ENCRYPTION_KEY']).toContain('hidden text of length 7');
  });

  it('are named API keys', () => {
    const { config } = load({ MALBEOT_API_KEYS: 'till:0123456789abcdef, fedcba9876543210' });
    expect(config.secrets.apiKeys).toEqual([
      { name: 'till', key: '0123456789abcdef' },
      { name: 'configured-2', key: 'fedcba9876543210' },
    ]);
  });
});

describe('profiles', () => {
  it.each([
    ['docker', ['MALBEOT_SECRET', 'MALBEOT_ENCRYPTION_KEY']],
    ['production', ['MALBEOT_SECRET', 'MALBEOT_ENCRYPTION_KEY', 'MALBEOT_API_KEYS']],
  ])('%s refuses missing secrets', (profile, names) => {
    const found = problems({ MALBEOT_PROFILE: profile });
    expect(Object.keys(found)).toEqual(names);
    expect(found['MALBEOT_SECRET']).toContain(`needed in the ${profile} profile`);
  });

  it.each([
    ['MALBEOT_SECRET', 'too-short'],
    ['MALBEOT_SECRET', 'a'.repeat(64)],
    ['MALBEOT_SECRET', 'change-me-change-me-0123456789-abcdefgh'],
    ['MALBEOT_ENCRYPTION_KEY', Buffer.alloc(32).toString('base64')],
    ['MALBEOT_API_KEYS', 'till:0123456789abcdef'],
  ])('docker and production refuse a weak %s', (name, value) => {
    for (const profile of ['docker', 'production']) {
      const found = problems({ ...guarded, MALBEOT_PROFILE: profile, [name]: value });
      expect(Object.keys(found)).toEqual([name]);
      expect(found[name]).toContain('too weak');
    }
    expect(problems({ ...guarded, [name]: value })).toEqual({});
  });

  it.each([
    [{ DB_HOST: 'db' }, 'DB_PASSWORD'],
    [{ DB_HOST: 'db', DB_PASSWORD: 'root' }, 'DB_PASSWORD'],
    [{ DATABASE_URL: 'postgres://u:postgres@h/d' }, 'DATABASE_URL'],
  ])('production refuses the database password of %j', (env, name) => {
    expect(Object.keys(problems({ ...guarded, ENVIRONMENT: 'production', ...env }))).toEqual([name]);
    expect(problems(env)).toEqual({});
  });

  it('limits can be switched off in the local profile only', () => {
    expect(load({ RATE_LIMIT: 'off' }).config.limits.enabled).toBe(false);
    for (const profile of ['docker', 'production']) {
      expect(Object.keys(problems({ ...guarded, MALBEOT_PROFILE: profile, RATE_LIMIT: 'off' }))).toEqual([
        'RATE_LIMIT',
      ]);
    }
  });

  it('production starts when all is given', () => {
    const { config } = load({ ...guarded, MALBEOT_PROFILE: 'production', HOST: '0.0.0.0' });
    expect(config.profile).toBe('production');
  });

  it('docker on loopback warns', () => {
    const { warnings } = load({ ...guarded, MALBEOT_PROFILE: 'docker' });
    expect(warnings.map((warning) => warning.name)).toEqual(['HOST']);
  });
});

describe('secrets of the local profile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'malbeot-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (env: LoadOptions['env'] = {}, write = true) =>
    loadConfig({
      env: { MALBEOT_DATA: join(folder, 'data'), ...env },
      cwd: folder,
      readFile: () => null,
      localSecrets: createLocalSecrets({ random: systemRandom, write }),
    });

  it('are made once and kept where only the owner can read them', () => {
    const first = start();
    const path = join(folder, 'data', 'secrets.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(sourceOf(first, 'MALBEOT_SECRET')).toMatchObject({ source: 'made', via: path });
    expect(first.config.secrets.signing.length).toBeGreaterThanOrEqual(43);
    expect(first.config.secrets.apiKeys).toEqual([{ name: 'local', key: expect.stringMatching(/^mbk_/) }]);
    expect(start().config.secrets).toEqual(first.config.secrets);
  });

  it('give way to those that were given', () => {
    const { config } = start({ MALBEOT_SECRET: 'mine' });
    expect(config.secrets.signing).toBe('mine');
    expect(config.secrets.encryptionKey).toHaveLength(44);
  });

  it('are not written by a command that only looks', () => {
    start({}, false);
    expect(() => statSync(join(folder, 'data'))).toThrow('ENOENT');
  });

  it('are never replaced when the file is damaged', () => {
    start();
    const path = join(folder, 'data', 'secrets.json');
    writeFileSync(path, '{"MALBEOT_SECRET": ');
    expect(() => start()).toThrow(/secrets\.json does not hold the secrets/);
    expect(readFileSync(path, 'utf8')).toBe('{"MALBEOT_SECRET": ');
  });
});
