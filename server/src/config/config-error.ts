import type { Language } from '@malbeot/protocol';
import { tell, type Told } from './told.ts';

/** Where a value came from, weakest first. */
export const sources = ['default', 'made', 'config-file', 'env-file', 'environment', 'flag'] as const;

export type Source = (typeof sources)[number];

/** Something wrong with the settings, or worth a warning. */
export interface ConfigIssue {
  /** Setting, or file, that it is about. */
  readonly name: string;
  /** One sentence: what was given and what is allowed. */
  readonly told: (language: Language) => string;
}

/** Everything that is wrong with the settings, found in one go. The message is in English; `explain` knows both. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    super(explainIssues(issues, 'en'));
    this.issues = issues;
  }

  /** The same in the language of the person who started the server. */
  explain(language: Language): string {
    return explainIssues(this.issues, language);
  }
}

function explainIssues(issues: readonly ConfigIssue[], language: Language): string {
  const lines = issues.map((issue) => `  - ${issue.told(language)}`);
  return [tell(language, { key: 'config.wrong', values: { count: issues.length } }), ...lines].join('\n');
}

/** An issue whose words are those of `key`; values may be told in both languages themselves. */
export function configIssue(
  name: string,
  key: Told['key'],
  values: Readonly<Record<string, string | Told>> = {},
): ConfigIssue {
  return {
    name,
    told: (language) => {
      const told = Object.entries(values).map(([place, value]) => [place, tell(language, value)]);
      return tell(language, { key, values: { name, ...Object.fromEntries(told) } });
    },
  };
}

/** The name of a source in people's words. */
export function sourceName(source: Source): Told {
  return { key: `setting.source.${source}` };
}
