export { formatMessage, type MessageValues } from './format.ts';
export { messages, type MessageKey } from './messages.ts';
