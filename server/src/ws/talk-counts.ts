import type { Metrics } from '../telemetry/metrics.ts';
import type { ByteCounts } from './connection.ts';

/** Running totals of the socket. */
export interface TalkCounts extends ByteCounts {
  connections: number;
  resumes: number;
  resyncs: number;
  /** Connections given up because the client took nothing. */
  tooSlow: number;
  /** Connections whose client stopped answering or broke off. */
  lost: number;
  badMessages: number;
  /** Sound of microphones that came faster than it can have been spoken, in milliseconds. */
  droppedSoundMs: number;
}

/** Totals at zero, readable at `/metrics`; `live` tells the conversations and connections of the moment. */
export function createTalkCounts(
  metrics: Metrics,
  live: { conversations(): number; connections(): number },
): TalkCounts {
  const counts: TalkCounts = {
    bytesIn: 0,
    bytesOut: 0,
    connections: 0,
    resumes: 0,
    resyncs: 0,
    tooSlow: 0,
    lost: 0,
    badMessages: 0,
    droppedSoundMs: 0,
  };
  metrics.gauge('malbeot_talk_conversations', 'Conversations held now.', live.conversations);
  metrics.gauge('malbeot_talk_connections', 'Connections of these.', live.connections);
  const total = (name: string, help: string, read: () => number) =>
    metrics.total(`malbeot_talk_${name}_total`, help, read);
  total('connections', 'Connections that were let in.', () => counts.connections);
  total('connections_lost', 'Connections that broke off.', () => counts.lost);
  total('connections_too_slow', 'Connections given up because nothing was taken.', () => counts.tooSlow);
  total('resumes', 'Connections that went on where they broke off.', () => counts.resumes);
  total('resyncs', 'Connections that came back too late for that.', () => counts.resyncs);
  total('bad_messages', 'Messages that could not be read.', () => counts.badMessages);
  total('received_bytes', 'Bytes of messages that came.', () => counts.bytesIn);
  total('sent_bytes', 'Bytes of messages that went.', () => counts.bytesOut);
  total(
    'dropped_sound_seconds',
    'Sound of microphones that came too fast.',
    () => counts.droppedSoundMs / 1000,
  );
  return counts;
}
