import { isIP, type LookupFunction } from 'node:net';

import { readBytes } from '../../lib/http-client/body.ts';
import { sendRequest } from '../../lib/http-client/send-request.ts';
import { isPublicAddress, publicLookup } from '../../lib/http-client/public-address.ts';

/** Thrown for an address that is not fetched from, and for an answer that is none. Its message does not name the address. */
export class NoPictureError extends Error {
  override readonly name = 'NoPictureError';
}

export interface FetchPictureOptions {
  /** Address of the server that gave the picture's: whatever has the same origin may be fetched. */
  readonly baseUrl: string;
  readonly mostBytes: number;
  /** For tests; the system's names, public addresses only. */
  readonly lookup?: LookupFunction;
}

/**
 * The bytes at an address that a server gave as its answer: at the server itself, or at a public address over HTTPS. No key is
 * sent, and no other address is followed.
 *
 * @throws {NoPictureError} for every other address and status; `TooLongError`; what a failed connection throws.
 */
export async function fetchPicture(
  address: string,
  { baseUrl, mostBytes, lookup = publicLookup() }: FetchPictureOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (!URL.canParse(address)) throw new NoPictureError('It gives an address of the picture that is none.');
  const url = new URL(address);
  const isOwn = url.origin === new URL(baseUrl).origin && /^https?:$/.test(url.protocol);
  if (!isOwn && !isAllowed(url)) {
    throw new NoPictureError(
      'It gives an address of the picture that is neither its own nor a public one over HTTPS.',
    );
  }
  const headers = { accept: 'image/*' };
  const { status, body } = await sendRequest(address, { headers, ...(isOwn ? {} : { lookup }) }, signal);
  try {
    if (status === 200) return await readBytes(body as AsyncIterable<Uint8Array>, mostBytes);
    throw new NoPictureError(`The address of the picture answers with status ${status}.`);
  } finally {
    body.destroy();
  }
}

function isAllowed({ protocol, hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  // Connections to a bare address ask for no name: it is looked at here.
  return protocol === 'https:' && (isIP(host) === 0 || isPublicAddress(host));
}
