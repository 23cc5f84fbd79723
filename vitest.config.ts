import { defineConfig } from 'vitest/config';

const conditions = ['malbeot:source'];

export default defineConfig({
  test: {
    // Most files wait for processes, sockets and databases more than they compute.
    maxWorkers: '100%',
    // A machine that others share may starve a test of time. A fault fails twice.
    retry: process.env['CI'] === undefined ? 0 : 1,
    projects: [
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'protocol/src/**/*.test.ts',
            'client/src/**/*.test.ts',
            'client/test/**/*.test.ts',
            'server/src/**/*.test.ts',
            'server/test/**/*.test.ts',
            'test/**/*.test.ts',
            'evals/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { conditions },
        test: {
          name: 'web',
          environment: 'jsdom',
          include: ['web/src/**/*.test.{ts,tsx}'],
        },
      },
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: 'browser',
          environment: 'node',
          include: ['web/test/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          globalSetup: ['web/test/harness/build-pages.ts'],
          // A page on a busy machine answers late; what is right is there long before.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
