// Who may know whom: docs/architecture.md, as rules. Low knows nothing of high; siblings stay apart where it says so.

/** Rooms of server/src from the lowest tier to the highest, as path patterns below `server/src/`. */
const tiers = [
  ['lib/', 'errors/', 'telemetry/', 'audio/', 'config/'],
  ['language/', 'providers/spec/'],
  ['storage/'],
  [
    'accounts/',
    'moderation/',
    'memory/',
    'character/',
    'hub/',
    'jobs/',
    'limits/',
    'ai-queue/',
    'voice-files/',
    'speech/',
    'models/',
    'providers/chain/',
    'conversation/',
  ],
  ['experiences/experience\\.ts$'],
  ['experiences/[^/]+/', 'providers/(?!spec/|chain/|contract/)[^/]+/'],
  ['http/', 'ws/', 'openai/', 'operations/'],
  ['app\\.ts$'],
  ['compose\\.ts$', 'compose/', 'speech-host/', 'vad-host/', 'turn-end-host/'],
  ['main\\.ts$', 'cli\\.ts$'],
];

const rooms = (list) => `^server/src/(${list.join('|')})`;
const tests = '\\.(test|suite)\\.tsx?$|/testing(\\.ts|/)';

const upwards = tiers.slice(0, -1).map((tier, index) => ({
  name: `tier-${index + 1}-looks-up`,
  comment: 'Arrows point down: this room is below the one it imports.',
  severity: 'error',
  from: { path: rooms(tier), pathNot: tests },
  to: { path: rooms(tiers.slice(index + 1).flat()) },
}));

/** Packages that talk to the outside: only adapters and the composition root may name them. */
const vendors =
  'node_modules/(better-sqlite3|pg|mysql2|ioredis|bullmq|sherpa-onnx-node|onnxruntime-node|ws)/';

module.exports = {
  forbidden: [
    ...upwards,
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'experiences-stay-apart',
      severity: 'error',
      from: { path: '^server/src/experiences/([^/]+)/' },
      to: { path: '^server/src/experiences/[^/]+/', pathNot: '^server/src/experiences/$1/' },
    },
    {
      name: 'vendors-stay-apart',
      severity: 'error',
      from: { path: '^server/src/providers/((?!spec|contract)[^/]+)/', pathNot: tests },
      to: { path: '^server/src/providers/[^/]+/', pathNot: '^server/src/providers/($1|spec)/' },
    },
    {
      name: 'conversation-knows-interfaces-only',
      severity: 'error',
      from: { path: '^server/src/conversation/', pathNot: tests },
      to: { path: '^server/src/(storage|providers/(?!spec/))/' },
    },
    {
      name: 'vendors-in-adapters-only',
      comment: 'Drivers and native models are constructed by their adapter, which compose.ts calls.',
      severity: 'error',
      from: {
        path: '^server/src/',
        pathNot: `^server/src/(storage|providers/[^/]+|speech-host|vad-host|turn-end-host|ws|compose|compose\\.ts)|${tests}`,
      },
      to: { path: vendors },
    },
    {
      name: 'fakes-stay-in-tests',
      severity: 'error',
      from: { path: '^server/src/', pathNot: `^server/src/providers/(fake|contract)/|${tests}` },
      to: { path: '^server/src/providers/(fake|contract)/|\\.suite\\.ts$|/testing(\\.ts|/)' },
    },
    {
      name: 'production-knows-no-tests',
      severity: 'error',
      from: { path: '^(server|web|client|protocol)/src/', pathNot: tests },
      to: { path: '\\.test\\.tsx?$' },
    },
    {
      name: 'espeak-host-is-never-imported',
      comment: 'It is GPL-3.0; the server runs it as a program of its own.',
      severity: 'error',
      from: { path: '^(server|web|client|protocol|evals|bench)/' },
      to: { path: '^espeak-host/|node_modules/@echogarden/espeak-ng-emscripten/' },
    },
    {
      name: 'web-and-client-never-know-the-server',
      severity: 'error',
      from: { path: '^(web|client|protocol)/' },
      to: { path: '^server/' },
    },
    {
      name: 'protocol-knows-nobody',
      severity: 'error',
      from: { path: '^protocol/src/' },
      to: { path: '^(server|web|client)/' },
    },
    {
      name: 'client-never-knows-web',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { path: '^web/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { pathNot: tests },
      to: { couldNotResolve: true, pathNot: '\\?|^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|dist-types)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['malbeot:source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
