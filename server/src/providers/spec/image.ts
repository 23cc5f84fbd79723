import type { Provider } from './provider.ts';

export interface ImageRequest {
  readonly prompt: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly seed?: number;
}

export interface GeneratedImage {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly width: number;
  readonly height: number;
}

/** Pictures from words. */
export interface ImageGenerator extends Provider {
  readonly kind: 'image';
  /** @throws {ProviderError} as mapped by the provider; `AbortedError` when `signal` aborts. */
  generate(request: ImageRequest, signal: AbortSignal): Promise<GeneratedImage>;
}
