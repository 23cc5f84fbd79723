import type { SpeechProvider } from '@malbeot/protocol';
import { isWebMessageKey, type MessageValues, type WebMessageKey } from '@malbeot/protocol/messages';

type Tell = (key: WebMessageKey, values?: MessageValues) => string;

/** A provider's name for people: its own where that is a brand, an address or unknown to this page. */
export function providerName({ id, name }: Pick<SpeechProvider, 'id' | 'name'>, t: Tell): string {
  const key = `web.voices.name.${id}`;
  return isWebMessageKey(key) ? t(key) : name;
}

/** The model that a provider was set up with, where it says so behind its name. */
export function modelOf({ name }: Pick<SpeechProvider, 'name'>): string | null {
  return /\(([^()]+)\)$/.exec(name)?.[1] ?? null;
}

/** What to set or run for a provider that is not set up; null where this page knows nothing about it. */
export function setupText(id: string, t: Tell): string | null {
  const key = `web.voices.setup.${id}`;
  // The braces of a command's line are its own.
  return isWebMessageKey(key) ? t(key, { language: '{language}', wav: '{wav}' }) : null;
}

/** Why a provider was passed over, for people. */
export function skippedText(reason: string, t: Tell): string {
  const key = `web.voices.skipped.${reason.replaceAll(' ', '_')}`;
  return t(isWebMessageKey(key) ? key : 'web.voices.skipped.other');
}

/** True for one that nobody has set up, as opposed to one that is set up and fails. */
export function needsSetup({ available, circuit }: Pick<SpeechProvider, 'available' | 'circuit'>): boolean {
  return !available && circuit === null;
}
