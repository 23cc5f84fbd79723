import { describe, expect, it } from 'vitest';
import { securityHeaders } from './security-headers.ts';

const toObject = (flat: readonly string[]) =>
  Object.fromEntries(flat.flatMap((text, index) => (index % 2 === 0 ? [[text, flat[index + 1]!]] : [])));

describe('securityHeaders', () => {
  it('are those of helmet', () => {
    const { page, data } = securityHeaders({ encrypted: false });
    for (const headers of [toObject(page), toObject(data)]) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  it('let pages load from this server, and record, and nothing else', () => {
    const { 'content-security-policy': policy } = toObject(securityHeaders({ encrypted: false }).page);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';script-src-attr 'none';worker-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(policy).not.toContain('http');
  });

  it('let data load nothing', () => {
    const { 'content-security-policy': policy } = toObject(securityHeaders({ encrypted: false }).data);
    expect(policy).toBe("default-src 'none';frame-ancestors 'none'");
  });

  it('have HSTS only over TLS', () => {
    expect(toObject(securityHeaders({ encrypted: false }).page)).not.toHaveProperty(
      'strict-transport-security',
    );
    expect(toObject(securityHeaders({ encrypted: true }).page)).toHaveProperty('strict-transport-security');
  });

  it('name the origin of assets', () => {
    const { page } = securityHeaders({ encrypted: false, assetOrigin: 'https://cdn.example' });
    expect(toObject(page)['content-security-policy']).toContain(
      "img-src 'self' data: blob: https://cdn.example",
    );
  });
});
