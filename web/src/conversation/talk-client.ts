import type { ConversationClient } from '@malbeot/client';

/** The connection of a conversation, as far as a page needs it. */
export type TalkClient = Pick<
  ConversationClient,
  'lastSeq' | 'connect' | 'start' | 'sendAudio' | 'say' | 'played' | 'interrupt' | 'end' | 'close' | 'on'
>;
