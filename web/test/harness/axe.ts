import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** `all`: everything axe knows of; `looks`: what a theme, the size of letters or the layout can change. */
export type Rules = 'all' | 'looks';

const run: Readonly<Record<Rules, string>> = {
  all: '{ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }',
  // Rules that axe leaves off by itself, such as the size of targets, run when they are named.
  looks:
    '{ runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"] } }',
};

/**
 * What axe finds wrong with the page as it stands, one line each: rule, element, reason. Empty when nothing is wrong.
 */
export async function accessibilityFaults(page: Page, rules: Rules = 'all'): Promise<string[]> {
  // Evaluated and not added as a script: the page's content policy refuses inline ones, as it should.
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(await source);
  const { violations } = await page.evaluate<Pick<AxeResults, 'violations'>>(
    // What passed is a long list that nobody reads.
    `axe.run(document, { ...${run[rules]}, resultTypes: ["violations"] }).then(({ violations }) => ({ violations }))`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
