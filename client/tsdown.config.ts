import { existsSync } from 'node:fs';
import { defineConfig } from 'tsdown';

const commandLine = 'src/cli.ts';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    node: 'src/node/index.ts',
    ...(existsSync(new URL(commandLine, import.meta.url)) ? { cli: commandLine } : {}),
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  tsconfig: 'tsconfig.node.json',
  inputOptions: { resolve: { conditionNames: ['malbeot:source', 'import', 'default'] } },
  outputOptions: { chunkFileNames: '[name].js' },
  // The wire types live in a private package, so the published declarations must hold them themselves.
  dts: { resolver: 'tsc' },
  deps: {
    neverBundle: [/^node:/],
    alwaysBundle: ['@malbeot/protocol', 'eventsource-parser'],
    onlyBundle: ['eventsource-parser', '@malbeot/protocol'],
  },
  fixedExtension: false,
});
