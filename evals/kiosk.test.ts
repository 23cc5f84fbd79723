import { describe, expect, it } from 'vitest';
import { runKioskScenarios, shareRight } from './kiosk.ts';

describe('kiosk scenarios', async () => {
  it.each(await runKioskScenarios())('$file reaches its bar', (score) => {
    const faults = score.outcomes.filter((outcome) => outcome.faults.length > 0);
    expect(shareRight(score), JSON.stringify(faults, null, 2)).toBeGreaterThanOrEqual(score.bar);
  });
});
