import type { Language } from '../kiosk.ts';

/** Texts by key, in every language; the type makes a missing one fail the build. */
export type Messages = Readonly<Record<string, Readonly<Record<Language, string>>>>;
