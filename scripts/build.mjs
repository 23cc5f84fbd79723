// `npm run build`: server, client package and pages, as far as they are stale.
import { fail, makeReady } from './lib/bootstrap.mjs';

await makeReady(['server', 'client', 'web']).catch(fail);
