import { describe, expect, it } from 'vitest';
import { addressKey, createOriginPolicy, isLocalRequest, isLoopbackAddress } from './origin.ts';

describe('createOriginPolicy', () => {
  const policy = createOriginPolicy(['https://shop.example']);

  it.each([
    ['no browser', undefined, 'localhost:8080', true],
    ['the same host', 'http://localhost:8080', 'localhost:8080', true],
    ['the same host in other letters', 'http://LocalHost:8080', 'localhost:8080', true],
    ['another port', 'http://localhost:3000', 'localhost:8080', false],
    ['another site', 'https://evil.example', 'localhost:8080', false],
    ['a site that only begins alike', 'http://localhost:8080.evil.example', 'localhost:8080', false],
    ['a sandboxed page', 'null', 'localhost:8080', false],
    ['an extension', 'chrome-extension://localhost:8080', 'localhost:8080', false],
    ['one on the list', 'https://shop.example', 'localhost:8080', true],
    ['no host', 'http://localhost:8080', undefined, false],
  ])('writing from %s', (_, origin, host, expected) => {
    expect(policy.mayWrite(origin === undefined ? {} : { origin }, host)).toBe(expected);
  });

  it('names only origins on the list', () => {
    expect(policy.allowed('https://shop.example')).toBe('https://shop.example');
    expect(policy.allowed('https://evil.example')).toBeNull();
    expect(policy.allowed(undefined)).toBeNull();
  });
});

describe('isLocalRequest', () => {
  it.each([
    ['localhost', '127.0.0.1', { host: 'localhost:8080' }, true],
    ['IPv6', '::1', { host: '[::1]:8080' }, true],
    ['IPv4 as IPv6', '::ffff:127.0.0.1', { host: '127.0.0.1' }, true],
    ['another address of this machine', '127.8.9.1', { host: '127.0.0.1' }, true],
    ['a name that was pointed here', '127.0.0.1', { host: 'evil.example:8080' }, false],
    ['a name that only begins alike', '127.0.0.1', { host: 'localhost.evil.example' }, false],
    ['no host', '127.0.0.1', {}, false],
    [
      'a proxy on this machine',
      '127.0.0.1',
      { host: 'localhost:8080', 'x-forwarded-for': '203.0.113.9' },
      false,
    ],
    [
      'a proxy of the newer kind',
      '127.0.0.1',
      { host: 'localhost:8080', forwarded: 'for=203.0.113.9' },
      false,
    ],
    ['another machine', '192.168.0.7', { host: 'localhost:8080' }, false],
  ])('%s', (_, address, headers, expected) => {
    expect(isLocalRequest(address, headers)).toBe(expected);
  });

  it('takes no text for an address', () => {
    expect(isLoopbackAddress('')).toBe(false);
    expect(isLoopbackAddress('localhost')).toBe(false);
  });
});

describe('addressKey', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
