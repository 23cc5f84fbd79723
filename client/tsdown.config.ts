import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  inputOptions: { resolve: { conditionNames: ['malbeot:source', 'import', 'default'] } },
  // The wire types live in a private package, so the published declarations must hold them themselves.
  dts: { resolver: 'tsc' },
  deps: {
    alwaysBundle: ['@malbeot/protocol', 'eventsource-parser'],
    onlyBundle: ['eventsource-parser', '@malbeot/protocol'],
  },
  fixedExtension: false,
});
