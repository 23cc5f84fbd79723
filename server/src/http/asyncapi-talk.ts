import type { ClientMessageType, ServerMessageType } from '@malbeot/protocol';
import { clientMessageSchemas } from '../ws/client-messages.ts';
import { serverMessageSchemas } from '../ws/server-messages.ts';
import { schemaOf } from './openapi.ts';

const FROM_CLIENTS: Readonly<Record<ClientMessageType, string>> = {
  start: 'Opens the microphone, or changes how it is used. Again after every new connection.',
  text: 'Typed words.',
  played: 'How far the loudspeaker got in one sound, at least every 200 ms while it plays.',
  interrupt: 'Stops what is being said.',
  end: 'Push-to-talk: the button is let go.',
  ping: 'Asks for `pong`.',
  resume: 'The first message after a lost connection: where the client was.',
};

const FROM_SERVER: Readonly<Record<ServerMessageType, string>> = {
  ready: 'The conversation is open.',
  speech_started: 'Somebody speaks: at least 200 ms of it.',
  speech_stopped: 'They stopped.',
  transcript_partial: 'What was heard so far.',
  transcript_final: 'What was heard.',
  reply_delta: 'More of the reply, as text.',
  emotion: 'How the reply is meant.',
  action: 'What the screen should do, in the terms of the experience.',
  duck: 'Somebody may be cutting in: play quieter.',
  restore: 'Nobody cut in: play as before.',
  audio_start: 'A sentence begins; its sound follows as binary frames.',
  visemes: 'Shapes of the mouth for a sound.',
  audio_end: 'All of a sound was sent.',
  reply_done: 'All of a reply was sent.',
  interrupted: 'Stop playing now.',
  resumed: 'What was missed follows, with the numbers it had.',
  resync: 'What was missed is no longer kept: this is how the conversation stands.',
  pong: 'Answers `ping`.',
  error: 'Something can not be done.',
};

const CHANNEL = '#/channels/talk';

/** The parts of the AsyncAPI document that tell of realtime talk. */
export function talkDocument() {
  const up = Object.keys(clientMessageSchemas) as ClientMessageType[];
  const down = Object.keys(serverMessageSchemas) as ServerMessageType[];
  const names = [...up.map(upName), ...down.map(downName), 'microphone_audio', 'voice_audio'];
  const refs = (list: readonly string[]) => list.map((name) => ({ $ref: `${CHANNEL}/messages/${name}` }));
  return {
    channel: {
      address: '/ws/{user_id}/{session_id}',
      title: 'Realtime talk',
      description:
        'A WebSocket. Text messages are JSON, binary messages are sound. The token is the subprotocol ' +
        '`malbeot.token.<token>` (offer `malbeot` beside it, which is then the one chosen), `?token=`, or the header ' +
        '`Authorization`. Closed with 4000 when the session is over and with 4001 when another connection takes its place.',
      parameters: {
        user_id: { description: '`usr_…`; the first segment `chat` is reserved.' },
        session_id: { description: '`ses_…`' },
      },
      bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
      messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    },
    operations: {
      receiveTalk: {
        action: 'receive',
        channel: { $ref: CHANNEL },
        messages: refs([...up.map(upName), 'microphone_audio']),
      },
      sendTalk: {
        action: 'send',
        channel: { $ref: CHANNEL },
        messages: refs([...down.map(downName), 'voice_audio']),
      },
    },
    messages: {
      ...Object.fromEntries(
        up.map((type) => [
          upName(type),
          messageOf(type, FROM_CLIENTS[type], schemaOf(clientMessageSchemas[type], 'input'), {}),
        ]),
      ),
      ...Object.fromEntries(
        down.map((type) => [
          downName(type),
          messageOf(type, FROM_SERVER[type], schemaOf(serverMessageSchemas[type], 'output'), {
            seq: {
              type: 'integer',
              description: 'Grows with every message; `resume` names the last that arrived.',
            },
          }),
        ]),
      ),
      microphone_audio: soundMessage(
        'Sound of the microphone',
        'PCM16 mono at the rate of `start`, at most 200 ms, or one Opus packet. Missing sequences are heard as silence.',
      ),
      voice_audio: soundMessage('Sound of a sentence', 'PCM16 mono at the rate of its `audio_start`.'),
    },
  };
}

// Both sides may come to have a message of one name.
const upName = (type: ClientMessageType): string => `client_${type}`;
const downName = (type: ServerMessageType): string => `server_${type}`;

function messageOf(type: string, summary: string, data: unknown, more: Readonly<Record<string, unknown>>) {
  return {
    name: type,
    summary,
    payload: {
      type: 'object',
      required: ['type', ...Object.keys(more), 'data'],
      properties: { type: { const: type }, ...more, data },
    },
  };
}

function soundMessage(title: string, summary: string) {
  return {
    name: title,
    summary,
    contentType: 'application/octet-stream',
    payload: {
      type: 'string',
      format: 'binary',
      description: 'u8 1, u32 audio_id, u32 sequence, then the sound; all little-endian.',
    },
  };
}
