import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Thrown, or given to who asked, for an address that lies inside a network of ours. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  constructor() {
    super('The address is not a public one.');
  }
}

/** Networks that are not the public internet, as IANA lists them (special-purpose address registries). */
const notPublic = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv4');
}
/** Of IPv6, 2000::/3 is given out at all; these parts of it lead elsewhere. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv6');
}

/** True for an address of the public internet; false for every other and for what is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Asks for all addresses of a name, as `dns.lookup` does with `all`. */
export type LookupAll = (
  host: string,
  answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const lookupAll: LookupAll = (host, answer) => systemLookup(host, { all: true }, answer);

/**
 * For `lookup` of a connection: names that lead to public addresses only. The connection goes to the very address that was
 * looked at, so a name that changes meanwhile gains nothing. Fails with {@link PrivateAddressError}.
 */
export function publicLookup(ask: LookupAll = lookupAll): LookupFunction {
  return (host, { all }, answer) => {
    ask(host, (error, addresses) => {
      if (error !== null) return answer(error, '');
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return answer(new PrivateAddressError(), '');
      }
      if (all === true) answer(null, addresses);
      else answer(null, first.address, first.family);
    });
  };
}
