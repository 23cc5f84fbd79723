import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  resolve: {
    // The built-in conditions are named too: the list replaces them.
    conditions: ['malbeot:source', 'module', 'browser', 'development|production'],
    alias: { '@malbeot/client': fileURLToPath(new URL('../client/src/index.ts', import.meta.url)) },
  },
  // Files, never data: URLs: the server's content policy lets fonts and pictures come from its own origin only.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022' },
  server: { port: 5173, proxy: { '/api': server, '/docs': server, '/ws': { target: server, ws: true } } },
});
