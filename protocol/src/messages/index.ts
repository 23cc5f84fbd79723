export type { MessageValues } from './fill-message.ts';
export { formatMessage } from './format.ts';
export { messages, type MessageKey } from './messages.ts';
export { formatWebMessage, isWebMessageKey, type WebMessageKey } from './web-format.ts';
