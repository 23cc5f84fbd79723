/** The slice of a WebSocket that a talk needs: the browser's own, or that of the package `ws`. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
}
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;
/** `readyState` of a WebSocket that is open. */
export declare const OPEN = 1;
/** @throws {TypeError} where the platform has none, as Node 20. */
export declare function platformWebSocket(): WebSocketConstructor;
