import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
  options: Record<string, unknown>;
};

/** A tree of files with one planted violation a rule: from → to, and the rule that has to notice. */
const planted: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['tier-1-looks-up', 'server/src/lib/retry.ts', 'server/src/storage/database.ts'],
  ['tier-2-looks-up', 'server/src/language/josa.ts', 'server/src/hub/hub.ts'],
  ['tier-3-looks-up', 'server/src/storage/migrate.ts', 'server/src/accounts/accounts.ts'],
  ['tier-4-looks-up', 'server/src/accounts/people.ts', 'server/src/experiences/kiosk/order.ts'],
  ['tier-5-looks-up', 'server/src/experiences/experience.ts', 'server/src/experiences/kiosk/order.ts'],
  ['tier-6-looks-up', 'server/src/experiences/kiosk/routes.ts', 'server/src/http/errors.ts'],
  ['tier-7-looks-up', 'server/src/http/server.ts', 'server/src/app.ts'],
  ['tier-8-looks-up', 'server/src/app.ts', 'server/src/compose.ts'],
  ['tier-9-looks-up', 'server/src/compose.ts', 'server/src/main.ts'],
  ['no-circles', 'server/src/lib/one.ts', 'server/src/lib/two.ts'],
  ['experiences-stay-apart', 'server/src/experiences/kiosk/menu.ts', 'server/src/experiences/desk/menu.ts'],
  ['vendors-stay-apart', 'server/src/providers/espeak/voice.ts', 'server/src/providers/sherpa/ears.ts'],
  ['conversation-knows-interfaces-only', 'server/src/conversation/a.ts', 'server/src/storage/database.ts'],
  ['vendors-in-adapters-only', 'server/src/hub/redis.ts', 'node_modules/pg/index.js'],
  ['fakes-stay-in-tests', 'server/src/app.ts', 'server/src/providers/fake/ears.ts'],
  ['production-knows-no-tests', 'server/src/hub/b.ts', 'server/src/hub/b.test.ts'],
  ['espeak-host-is-never-imported', 'server/src/providers/espeak/c.ts', 'espeak-host/src/main.ts'],
  ['web-and-client-never-know-the-server', 'web/src/d.ts', 'server/src/lib/retry.ts'],
  ['protocol-knows-nobody', 'protocol/src/e.ts', 'client/src/f.ts'],
  ['client-never-knows-web', 'client/src/f.ts', 'web/src/d.ts'],
  ['no-unresolvable', 'server/src/lib/g.ts', 'server/src/lib/gone.ts'],
];

describe('the rules of docs/architecture.md', () => {
  let folder: string;
  let violations: { rule: string; from: string }[];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'malbeot-imports-'));
    const imports = new Map<string, Set<string>>();
    const add = (from: string, to?: string) => {
      const targets = imports.get(from) ?? new Set();
      if (to !== undefined) targets.add(to);
      imports.set(from, targets);
    };
    for (const [rule, from, to] of planted) {
      add(from, to);
      if (rule !== 'no-unresolvable') add(to);
    }
    add('server/src/lib/two.ts', 'server/src/lib/one.ts');
    for (const [from, targets] of imports) {
      const file = path.join(folder, from);
      await mkdir(path.dirname(file), { recursive: true });
      const lines = [...targets].map((to) => {
        const relative = path.posix.relative(path.posix.dirname(from), to);
        const specifier = to.startsWith('node_modules/')
          ? to.split('/')[1]
          : relative.startsWith('.')
            ? relative
            : `./${relative}`;
        return `import '${specifier}';`;
      });
      await writeFile(file, `${lines.join('\n')}\nexport const here = 1;\n`);
    }
    await writeFile(path.join(folder, 'node_modules/pg/package.json'), '{"name":"pg","main":"index.js"}');
    const { tsConfig: _, ...options } = rules.options;
    const { output } = await cruise(['protocol', 'client', 'web', 'server', 'espeak-host'], {
      ...options,
      baseDir: folder,
      validate: true,
      ruleSet: { forbidden: rules.forbidden },
    } as Parameters<typeof cruise>[1]);
    violations = (output as ICruiseResult).summary.violations.map(({ rule, from }) => ({
      rule: rule.name,
      from,
    }));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(planted)('%s notices %s importing %s', (rule, from) => {
    expect(violations).toContainEqual({ rule, from });
  });

  it('has a planted violation for every rule', () => {
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(rules.forbidden.map(({ name }) => name)));
  });
});
