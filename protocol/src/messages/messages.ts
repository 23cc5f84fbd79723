import { commandMessages } from './commands.ts';
import { companionMessages } from './companion.ts';
import { kioskMessages } from './kiosk.ts';
import type { Messages } from './message-table.ts';
import { modelMessages } from './models.ts';
import { operationMessages } from './operations.ts';
import { settingMessages } from './settings.ts';
import { talkMessages } from './talk.ts';
import { webMessages } from './web.ts';

/** Everything a person reads or hears, by key, in every language; the type makes a missing one fail the build. */
export const messages = {
  ...settingMessages,
  ...operationMessages,
  ...commandMessages,
  ...modelMessages,
  ...kioskMessages,
  ...companionMessages,
  ...talkMessages,
  ...webMessages,
} satisfies Messages;

export type MessageKey = keyof typeof messages;
