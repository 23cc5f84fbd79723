export { ApiClient, type ApiClientOptions, type Me } from './api-client.ts';
export {
  ConversationClient,
  type ConversationClientOptions,
  type ConversationEvents,
  type ConversationState,
  type HeardAudio,
} from './conversation/conversation-client.ts';
export { createSession, type CreateSessionOptions } from './conversation/create-session.ts';
export type { WebSocketConstructor, WebSocketLike } from './conversation/web-socket.ts';
export type { ConnectionOptions } from './http.ts';
export { MalbeotError, type ClientErrorCode, type MalbeotErrorOptions } from './malbeot-error.ts';
export type { ClientMetric, MetricHook } from './metrics.ts';
export type { PaymentWait } from './orders.ts';
export { createBrowserQueue, type BrowserQueueOptions } from './queue/browser-queue.ts';
export { createTurnQueue, type TurnQueueOptions } from './queue/create-turn-queue.ts';
export { createMemoryStore, type QueueStore } from './queue/queue-store.ts';
export {
  isQueued,
  type HeldConversation,
  type HoldReason,
  type QueuedTurn,
  type QueueStatus,
  type TurnDelivery,
  type TurnQueue,
  type TurnQueueHooks,
} from './queue/turn-queue.ts';
export { prepareUtterance } from './sound/prepare-utterance.ts';
export type { Sound } from './sound/read-wav.ts';
export {
  SpeechClient,
  type NewVoice,
  type SkippedProvider,
  type SpeechClientOptions,
  type SpokenSound,
} from './speech-client.ts';
export { subscribeEvents, type EventsState, type SubscribeEventsOptions } from './subscribe-events.ts';
export { createTrafficRing, type TrafficEntry, type TrafficLog } from './traffic.ts';
export {
  VoiceClient,
  type CallOptions,
  type SessionInHand,
  type TurnResult,
  type VoiceClientOptions,
} from './voice-client.ts';
export type { Sleep } from './waiting.ts';
export type * from '@malbeot/protocol';
