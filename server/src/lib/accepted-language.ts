import type { Language } from '@malbeot/protocol';

/**
 * The language of an `Accept-Language` header that is wanted most among those spoken here; Korean when it names none of
 * them or is absent.
 */
export function acceptedLanguage(header: unknown): Language {
  if (typeof header !== 'string') return 'ko';
  let wanted: Language = 'ko';
  let most = 0;
  for (const range of header.split(',', 20)) {
    const [tag = '', ...parameters] = range.split(';');
    const language = tag.trim().split('-', 1)[0]!.toLowerCase();
    if (language !== 'ko' && language !== 'en') continue;
    const weight = weightIn(parameters);
    if (weight > most) [wanted, most] = [language, weight];
  }
  return wanted;
}

function weightIn(parameters: readonly string[]): number {
  const given = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
  const weight = given === undefined ? 1 : Number(given);
  return Number.isFinite(weight) ? weight : 0;
}
