import { describe, expect, it } from 'vitest';

import { isPublicAddress, PrivateAddressError, publicLookup } from './public-address.ts';

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'takes %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    'fe80::1',
    'fd00::1',
    'fc00::1',
    'ff02::1',
    '2002:a00:1::',
    '2001::1',
    'localhost',
    '',
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('publicLookup', () => {
  const answerOf = (addresses: readonly string[], all: boolean) =>
    new Promise((resolve) => {
      const lookup = publicLookup((_, answer) =>
        answer(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        ),
      );
      lookup('pictures.example', { all }, (error, address) => resolve(error ?? address));
    });

  it('gives public addresses, one or all', async () => {
    expect(await answerOf(['8.8.8.8', '1.1.1.1'], false)).toBe('8.8.8.8');
    expect(await answerOf(['8.8.8.8'], true)).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });

  it('refuses a name with one that is not, or with none', async () => {
    expect(await answerOf(['8.8.8.8', '10.0.0.1'], true)).toBeInstanceOf(PrivateAddressError);
    expect(await answerOf([], false)).toBeInstanceOf(PrivateAddressError);
  });
});
