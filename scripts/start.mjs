// `npm start`: installs and builds what is missing, then serves everything.
import { fail, makeReady } from './lib/bootstrap.mjs';

try {
  await makeReady(['server', 'web']);
} catch (error) {
  fail(error);
}
const { main } = await import('../server/dist/main.js');
await main(['serve', ...process.argv.slice(2)]);
