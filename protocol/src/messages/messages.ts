import type { Language } from '../kiosk.ts';
import { kioskMessages } from './kiosk.ts';
import { platformMessages } from './platform.ts';
import { webMessages } from './web.ts';

/** Everything a person reads or hears, by key, in every language; the type makes a missing one fail the build. */
export const messages = {
  ...platformMessages,
  ...kioskMessages,
  ...webMessages,
} satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

export type MessageKey = keyof typeof messages;
