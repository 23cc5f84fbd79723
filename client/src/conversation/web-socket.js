/** `readyState` of a WebSocket that is open. */
export const OPEN = 1;
/** @throws {TypeError} where the platform has none, as Node 20. */
export function platformWebSocket() {
  const found = globalThis.WebSocket;
  if (found !== undefined) return found;
  throw new TypeError(
    'This platform has no WebSocket: install the package "ws" and pass its WebSocket as an option.',
  );
}
//# sourceMappingURL=web-socket.js.map
