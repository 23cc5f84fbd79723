#!/usr/bin/env node
// `npm run malbeot -- COMMAND` (and the `malbeot` bin): any command, with the server built if it is stale.
import { fail, makeReady } from './lib/bootstrap.mjs';

try {
  await makeReady(['server']);
} catch (error) {
  fail(error);
}
const { main } = await import('../server/dist/main.js');
await main(process.argv.slice(2));
