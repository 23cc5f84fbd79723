import type { Language } from '@malbeot/protocol';

import { settingNames, type Allowed } from './setting-table.ts';

/** One wrong setting. */
export interface SettingProblem {
  /** As it was given: `MALBEOT_SERVER`, `--server`, `server (/shop/malbeot-client.json)`, or a file. */
  readonly called: string;
  /** The value, or what is wrong where there is none to show. A secret is never shown. */
  readonly given: { readonly value: unknown } | keyof typeof findings;
  readonly allowed: Allowed | keyof typeof remedies;
}

const findings = {
  missing: { ko: '파일이 없어요', en: 'there is no such file' },
  unreadable: { ko: '파일을 읽지 못했어요', en: 'the file could not be read' },
  'not-json': { ko: 'JSON이 아니에요', en: 'it is not JSON' },
  unknown: { ko: '모르는 이름이에요', en: 'this name is not known' },
  both: { ko: '둘 다 있어요', en: 'both are given' },
  secret: {
    ko: '값이 맞지 않아요(비밀이라 보이지 않아요)',
    en: 'the value does not fit (a secret, not shown)',
  },
} as const;

const remedies = {
  file: { ko: '읽을 수 있는 파일', en: 'a file that can be read' },
  json: { ko: '{ }로 둘러싼 JSON 하나', en: 'one JSON object in { }' },
  names: { ko: settingNames.join(', '), en: settingNames.join(', ') },
  one: { ko: '둘 중 하나', en: 'one of the two' },
} as const;

const frame = {
  ko: { title: '설정이 맞지 않아요.', given: '받은 값', allowed: '쓸 수 있는 값' },
  en: { title: 'The settings are not right.', given: 'given', allowed: 'allowed' },
} as const;

/** Names every wrong setting, what was given and what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[], language: Language) {
    const { title, given, allowed } = frame[language];
    const lines = problems.map((problem) => {
      const { called } = problem;
      const shown =
        typeof problem.given === 'string'
          ? findings[problem.given][language]
          : (JSON.stringify(problem.given.value)?.slice(0, 120) ?? String(problem.given.value));
      const fits =
        typeof problem.allowed === 'string' ? remedies[problem.allowed][language] : problem.allowed[language];
      return `  ${called}: ${given} ${shown}; ${allowed} ${fits}`;
    });
    super([title, ...lines].join('\n'));
    this.problems = problems;
  }
}
