import type { Language } from '@malbeot/protocol';
import { resolve } from 'node:path';

/** The settings of a counter device, in force. */
export interface ClientSettings {
  /** Address of the server. */
  readonly server: string;
  readonly kioskId: string | null;
  readonly deviceKey: string | null;
  readonly language: Language;
  /** Limit of one try. */
  readonly timeoutMs: number;
  /** Tries in all, the first included. */
  readonly maxTries: number;
  /** Where turns wait while the server can't be reached; null: none are kept. */
  readonly queueFolder: string | null;
  /** Turns that the queue may hold. */
  readonly queueTurns: number;
  /** Megabytes that the queue may hold. */
  readonly queueMegabytes: number;
  /** Where the log of traffic is; null: none is written. */
  readonly logFolder: string | null;
}

/** What each setting is once it is read. */
export interface SettingValues {
  readonly server: string;
  readonly kioskId: string;
  readonly deviceKey: string;
  readonly deviceKeyFile: string;
  readonly language: Language;
  readonly timeoutMs: number;
  readonly maxTries: number;
  readonly queueFolder: string;
  readonly queueTurns: number;
  readonly queueMegabytes: number;
  readonly logFolder: string;
}

export type SettingName = keyof SettingValues;

/** What is allowed: for people, in both languages. */
export type Allowed = Readonly<Record<Language, string>>;

/** One setting: how it is called, what it means, and how a value is read. */
export interface Setting<Value> {
  readonly environment: string;
  /** Without the dashes. */
  readonly flag: string;
  readonly meaning: Readonly<Record<Language, string>>;
  readonly allowed: Allowed;
  /** True where a value is never shown. */
  readonly secret?: true;
  /** The value; undefined when it is not allowed. `folder` is what relative paths begin from. */
  readonly read: (given: unknown, folder: string) => Value | undefined;
}

const aServer: Allowed = {
  ko: 'http:// 또는 https://로 시작하고 경로가 없는 주소, 예: https://kiosk.example.com',
  en: 'an address that begins with http:// or https:// and has no path, such as https://kiosk.example.com',
};
const aFolder: Allowed = { ko: '폴더 경로', en: 'the path of a folder' };
const aFile: Allowed = { ko: '파일 경로', en: 'the path of a file' };
const aName: Allowed = { ko: '보이는 글자 1~80자', en: '1 to 80 visible characters' };
const aKey: Allowed = {
  ko: '빈칸 없는 ASCII 8~200자',
  en: '8 to 200 visible ASCII characters without spaces',
};
const aLanguage: Allowed = { ko: 'ko, en 중 하나', en: 'ko or en' };

/** Every setting; the README's table is held against it by a test. */
export const settingTable: { readonly [Name in SettingName]: Setting<SettingValues[Name]> } = {
  server: {
    environment: 'MALBEOT_SERVER',
    flag: 'server',
    meaning: { ko: '서버 주소', en: 'Address of the server' },
    allowed: aServer,
    read: readServer,
  },
  kioskId: {
    environment: 'MALBEOT_KIOSK_ID',
    flag: 'kiosk-id',
    meaning: { ko: '키오스크 이름', en: 'Which counter this is' },
    allowed: aName,
    read: (given) => readText(given, /^\S(.{0,78}\S)?$/u),
  },
  deviceKey: {
    environment: 'MALBEOT_DEVICE_KEY',
    flag: 'device-key',
    meaning: { ko: '기기 키', en: 'Key of this counter device' },
    allowed: aKey,
    secret: true,
    read: (given) => readText(given, /^[\x21-\x7e]{8,200}$/),
  },
  deviceKeyFile: {
    environment: 'MALBEOT_DEVICE_KEY_FILE',
    flag: 'device-key-file',
    meaning: { ko: '기기 키가 들어 있는 파일', en: 'File that holds the device key' },
    allowed: aFile,
    read: readPath,
  },
  language: {
    environment: 'MALBEOT_LANGUAGE',
    flag: 'language',
    meaning: { ko: '손님에게 쓰는 말', en: 'Language of the customer' },
    allowed: aLanguage,
    read: (given) => (given === 'ko' || given === 'en' ? given : undefined),
  },
  timeoutMs: {
    environment: 'MALBEOT_TIMEOUT_MS',
    flag: 'timeout-ms',
    meaning: { ko: '시도 하나의 제한(밀리초)', en: 'Limit of one try in milliseconds' },
    ...wholeNumber(100, 600_000),
  },
  maxTries: {
    environment: 'MALBEOT_MAX_TRIES',
    flag: 'max-tries',
    meaning: { ko: '모두 몇 번 시도할지', en: 'Tries in all' },
    ...wholeNumber(1, 10),
  },
  queueFolder: {
    environment: 'MALBEOT_QUEUE_FOLDER',
    flag: 'queue-folder',
    meaning: {
      ko: '연결이 끊긴 동안 말을 적어 두는 폴더',
      en: 'Where turns are kept while the server can’t be reached',
    },
    allowed: aFolder,
    read: readPath,
  },
  queueTurns: {
    environment: 'MALBEOT_QUEUE_TURNS',
    flag: 'queue-turns',
    meaning: { ko: '적어 둘 수 있는 말의 수', en: 'Turns that may be kept' },
    ...wholeNumber(1, 100_000),
  },
  queueMegabytes: {
    environment: 'MALBEOT_QUEUE_MEGABYTES',
    flag: 'queue-megabytes',
    meaning: { ko: '적어 둘 수 있는 크기(메가바이트)', en: 'Megabytes that may be kept' },
    ...wholeNumber(1, 100_000),
  },
  logFolder: {
    environment: 'MALBEOT_LOG_FOLDER',
    flag: 'log-folder',
    meaning: { ko: '통신 기록 폴더(말은 적지 않아요)', en: 'Where the log of traffic is (never the words)' },
    allowed: aFolder,
    read: readPath,
  },
};

export const settingNames = Object.keys(settingTable) as readonly SettingName[];

function readText(given: unknown, form: RegExp): string | undefined {
  return typeof given === 'string' && form.test(given) ? given : undefined;
}

function readPath(given: unknown, folder: string): string | undefined {
  return typeof given === 'string' && !given.includes('\0') ? resolve(folder, given) : undefined;
}

function readServer(given: unknown): string | undefined {
  if (typeof given !== 'string' || !URL.canParse(given)) return undefined;
  const { protocol, pathname, search, hash, username, origin } = new URL(given);
  const plain = pathname === '/' && search === '' && hash === '' && username === '';
  return plain && (protocol === 'http:' || protocol === 'https:') ? origin : undefined;
}

function wholeNumber(
  least: number,
  most: number,
): { readonly allowed: Allowed; readonly read: (given: unknown) => number | undefined } {
  return {
    allowed: { ko: `${least}부터 ${most}까지의 정수`, en: `a whole number from ${least} to ${most}` },
    read(given) {
      const text = typeof given === 'number' ? String(given) : given;
      if (typeof text !== 'string' || !/^\d{1,9}$/.test(text)) return undefined;
      const value = Number(text);
      return value >= least && value <= most ? value : undefined;
    },
  };
}
