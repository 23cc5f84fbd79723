import type { Language } from '@malbeot/protocol';
import type { KeySummary } from '../accounts/keys.ts';
import { sourceName } from '../config/config-error.ts';
import type { LoadedConfig } from '../config/load.ts';
import { tell, type Told } from '../config/told.ts';
import { byteText, languageText } from '../models/byte-text.ts';
import { licenceText } from '../models/licence-text.ts';
import type { ListedModel } from '../models/listed-model.ts';
import type { VerifiedModel } from '../models/verify-model.ts';
import type { MigrationState } from '../storage/migrator.ts';
import { textTable } from './text-table.ts';

/** What the commands print, in the language of the person at the terminal. */

/** Every setting in force, where it came from and what is worth knowing about it. */
export function describeConfig(
  { inForce, warnings }: Pick<LoadedConfig, 'inForce' | 'warnings'>,
  language: Language,
): string {
  const rows = inForce.map(({ name, shown, source, via, inUse }) => [
    name,
    shown === '' ? '-' : shown,
    tell(language, sourceName(source)) + (via === null ? '' : ` (${via})`),
    inUse || source === 'default' || source === 'made' ? '' : tell(language, { key: 'config.unused' }),
  ]);
  const headings = headers(
    language,
    'config.header.name',
    'config.header.value',
    'config.header.source',
    'config.header.note',
  );
  return [textTable(headings, rows), ...warnings.map((warning) => `! ${warning.told(language)}`)].join('\n');
}

export function describeKeys(keys: readonly KeySummary[], language: Language): string {
  if (keys.length === 0) return tell(language, { key: 'command.keys.none' });
  const rows = keys.map((key) => [
    key.id,
    tell(language, { key: `command.keys.kind.${key.kind}` }),
    key.name,
    `${key.prefix}…`,
    key.kioskId ?? '-',
    day(key.createdAt),
    day(key.lastUsedAt),
    tell(language, {
      key: key.revokedAt === null ? 'command.keys.state.valid' : 'command.keys.state.revoked',
    }),
  ]);
  const headings = headers(
    language,
    'command.header.id',
    'command.header.kind',
    'command.header.name',
    'command.header.prefix',
    'command.header.kiosk',
    'command.header.created',
    'command.header.used',
    'command.header.state',
  );
  return textTable(headings, rows);
}

/** A table of all models, those that can be pulled included. */
export function describeModels(models: readonly ListedModel[], language: Language): string {
  const rows = models.map(({ id, kind, languages, bytes, isExact, licence, nonCommercial, state }) => [
    id,
    tell(language, { key: `models.kind.${kind}` }),
    languageText(languages),
    `${isExact ? '' : '~'}${byteText(bytes)}`,
    tell(language, licenceText(licence, nonCommercial ?? false)),
    tell(language, { key: `models.state.${state}` }),
  ]);
  const headings = headers(
    language,
    'models.header.id',
    'models.header.kind',
    'models.header.languages',
    'models.header.size',
    'models.header.licence',
    'models.header.state',
  );
  return `${textTable(headings, rows)}\n\n${tell(language, { key: 'models.list.hint' })}`;
}

export function describeVerified(verified: readonly VerifiedModel[], language: Language): string {
  return verified
    .flatMap(({ id, builtIn, problems }) =>
      problems.length === 0
        ? [tell(language, { key: 'command.models.ok', values: { id } })]
        : [
            ...problems.map(({ problem, ...values }) =>
              tell(language, { key: `command.models.${problem}`, values }),
            ),
            `    → ${tell(language, builtIn ? { key: 'command.models.repair' } : { key: 'models.repair', values: { id } })}`,
          ],
    )
    .join('\n');
}

export function describeMigrations(states: readonly MigrationState[], language: Language): string {
  const rows = states.map(({ name, state, appliedAt }) => [
    name,
    tell(language, { key: `migration.state.${state}` }),
    moment(appliedAt),
  ]);
  return textTable(
    headers(language, 'command.header.migration', 'command.header.state', 'command.header.applied'),
    rows,
  );
}

function headers(language: Language, ...keys: readonly Told['key'][]): readonly string[] {
  return keys.map((key) => tell(language, { key }));
}

/** `2026-03-02`, in UTC. */
function day(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString().slice(0, 10);
}

/** `2026-03-02 09:00Z`. */
function moment(at: number | null): string {
  return at === null
    ? '-'
    : new Date(at)
        .toISOString()
        .replace('T', ' ')
        .replace(/:\d\d\.\d+Z$/, 'Z');
}
