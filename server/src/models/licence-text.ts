import type { Words } from '../config/told.ts';

/** A licence for people: its name, and that it forbids to earn money where it does. */
export function licenceText(licence: string, nonCommercial: boolean): Words {
  return nonCommercial ? { key: 'models.licence.non_commercial', values: { licence } } : licence;
}
