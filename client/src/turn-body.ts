import type { KioskTurnRequest, Language } from '@malbeot/protocol';

import type { TurnContent } from './queue/turn-queue.ts';

/** What goes with every turn. */
export interface TurnContext {
  readonly sessionId: string | null;
  readonly kioskId: string | undefined;
  readonly language: Language;
}

/** A turn as it is sent: the same content in the same context gives the same body, so that a repeat is known as one. */
export function turnBody(
  content: TurnContent,
  { sessionId, kioskId, language }: TurnContext,
): { readonly json: KioskTurnRequest } | { readonly form: FormData } {
  const context = {
    ...(sessionId === null ? {} : { session_id: sessionId }),
    ...(kioskId === undefined ? {} : { kiosk_id: kioskId }),
    language,
  };
  switch (content.kind) {
    case 'text':
      return { json: { text: content.text, ...context } };
    case 'action':
      return { json: { action: content.action, ...context } };
    case 'audio': {
      const form = new FormData();
      for (const [name, value] of Object.entries(context)) form.set(name, value);
      // The file last: a server that reads as it streams then knows the session before the sound.
      form.set('audio_file', new Blob([content.wav.slice()], { type: 'audio/wav' }), 'utterance.wav');
      return { form };
    }
  }
}
