import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

export interface SecurityHeaderOptions {
  /** Adds HSTS: only for answers over TLS. */
  readonly encrypted: boolean;
  /** Another origin that pages may load pictures, sounds and fonts from (`ASSET_BASE_URL`). */
  readonly assetOrigin?: string | null;
}

/** Names and values in turn, as Node writes them fastest. */
export interface SecurityHeaders {
  /** For HTML. */
  readonly page: readonly string[];
  /** For all else: shown on its own, it may load and run nothing. */
  readonly data: readonly string[];
}

type Directives = Readonly<Record<string, readonly string[]>>;

/**
 * The headers of every answer. Helmet runs once for each kind, on a response that records, because running it for each
 * request costs more than the rest of a cached read.
 */
export function securityHeaders({ encrypted, assetOrigin = null }: SecurityHeaderOptions): SecurityHeaders {
  const assets = assetOrigin === null ? [] : [assetOrigin];
  return {
    page: [
      ...record(encrypted, {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        formAction: ["'self'"],
        // The microphone's worklet is a file of its own, so scripts need no blob.
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'", ...assets],
        imgSrc: ["'self'", 'data:', 'blob:', ...assets],
        mediaSrc: ["'self'", 'blob:', ...assets],
        fontSrc: ["'self'", 'data:', ...assets],
        connectSrc: ["'self'", ...assets],
      }),
      'permissions-policy',
      'microphone=(self), camera=(), geolocation=(), payment=(), usb=()',
    ],
    data: record(encrypted, { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }),
  };
}

function record(encrypted: boolean, directives: Directives): readonly string[] {
  const apply = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { ...directives } },
    strictTransportSecurity: encrypted ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  const recorded: string[] = [];
  const recorder = {
    setHeader: (name: string, value: string) => void recorded.push(name.toLowerCase(), value),
    removeHeader: () => {},
  };
  apply({} as IncomingMessage, recorder as unknown as ServerResponse, (error?: unknown) => {
    if (error !== undefined) throw error;
  });
  return recorded;
}
