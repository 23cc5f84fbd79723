export { ApiClient, type ApiClientOptions, type Me } from './api-client.ts';
export type { ConnectionOptions } from './http.ts';
export { MalbeotError, type ClientErrorCode, type MalbeotErrorOptions } from './malbeot-error.ts';
export { subscribeEvents, type EventsState, type SubscribeEventsOptions } from './subscribe-events.ts';
export { VoiceClient, type CallOptions, type VoiceClientOptions } from './voice-client.ts';
export type { Sleep } from './waiting.ts';
export type * from '@malbeot/protocol';
