import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  modelFamilyNames,
  modelKinds,
  rolesProblem,
  type ModelFamily,
  type ModelKind,
} from './model-families.ts';
import { isInnerPath, MODEL_ID, SHA256 } from './model-path.ts';

/** A file as it has to be. */
export interface ModelFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A model that is in place. */
export interface InstalledModel {
  readonly id: string;
  readonly kind: ModelKind;
  readonly languages: readonly string[];
  /** Name of its licence. */
  readonly licence: string;
  /** True for one that comes with the server. */
  readonly builtIn: boolean;
  /** All of them, with absolute paths. */
  readonly files: readonly ModelFile[];
}

/** A model that was pulled, with what the speech host has to know of it. */
export interface PulledModel extends InstalledModel {
  /** For people. */
  readonly name: string;
  /** True where it may not be used to earn money. */
  readonly nonCommercial: boolean;
  readonly family: ModelFamily;
  /** Files by role. */
  readonly roles: Readonly<Record<string, ModelFile>>;
  /** Folders by role, each with its files. */
  readonly folders: Readonly<Record<string, { readonly path: string; readonly files: readonly ModelFile[] }>>;
  readonly pulledAt: string;
  /** Where its files came from. */
  readonly sources: readonly string[];
}

/** The name of the file that makes a folder a model. It is written last. */
export const MODEL_RECORD = 'model.json';
const MAX_RECORD_BYTES = 4 * 1024 ** 2;

const innerPath = z.string().refine(isInnerPath);
const recordSchema = z.object({
  format: z.literal(1),
  id: z.string().regex(MODEL_ID),
  name: z.string().min(1).optional(),
  kind: z.enum(modelKinds),
  family: z.enum(modelFamilyNames),
  languages: z.array(z.string()),
  licence: z.object({ name: z.string(), url: z.string(), nonCommercial: z.boolean().optional() }),
  pulledAt: z.string(),
  sources: z.array(z.string()),
  files: z.array(z.object({ path: innerPath, size: z.int().min(0), sha256: z.string().regex(SHA256) })),
  roles: z.record(z.string(), innerPath),
  folders: z.record(z.string(), innerPath),
});

/** What `model.json` says, with paths within the folder of the model. */
export type ModelRecord = Readonly<z.output<typeof recordSchema>>;

/**
 * The pulled models in `folder`, in the order of their ids. A folder without a valid `model.json`, or where a file that has a
 * role is missing or has another size, is no model. Nothing is hashed: the speech host does that before it loads a file.
 */
export function readInstalledModels(folder: string): readonly PulledModel[] {
  return listFolder(folder)
    .filter((id) => MODEL_ID.test(id))
    .toSorted()
    .flatMap((id) => readInstalledModel(folder, id) ?? []);
}

/** The model `id` in `folder`, or null where there is none that is whole at a glance. */
export function readInstalledModel(folder: string, id: string): PulledModel | null {
  const home = join(folder, id);
  const record = readRecord(home);
  if (record === null || record.id !== id) return null;
  if (rolesProblem(record.family, Object.keys(record.roles), Object.keys(record.folders)) !== null)
    return null;
  const files = new Map(
    record.files.map((file) => [file.path, { ...file, path: join(home, ...file.path.split('/')) }]),
  );
  const roles: Record<string, ModelFile> = {};
  for (const [role, path] of Object.entries(record.roles)) {
    const file = files.get(path);
    if (file === undefined || sizeOf(file.path) !== file.size) return null;
    roles[role] = file;
  }
  const folders: Record<string, { path: string; files: readonly ModelFile[] }> = {};
  for (const [role, path] of Object.entries(record.folders)) {
    const within = [...files].filter(([inner]) => inner.startsWith(`${path}/`)).map(([, file]) => file);
    if (within.length === 0) return null;
    folders[role] = { path: join(home, ...path.split('/')), files: within };
  }
  const { name = id, kind, family, languages, licence, pulledAt, sources } = record;
  return {
    id,
    name,
    kind,
    family,
    languages,
    licence: licence.name,
    nonCommercial: licence.nonCommercial ?? false,
    builtIn: false,
    files: [...files.values()],
    roles,
    folders,
    pulledAt,
    sources,
  };
}

function readRecord(home: string): ModelRecord | null {
  const path = join(home, MODEL_RECORD);
  const size = sizeOf(path);
  if (size === null || size > MAX_RECORD_BYTES) return null;
  try {
    return recordSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Bytes of the file at `path`; null where there is none. */
function sizeOf(path: string): number | null {
  try {
    const found = statSync(path);
    return found.isFile() ? found.size : null;
  } catch {
    return null;
  }
}

/** Bytes of all files of a model. */
export function modelBytes(model: Pick<InstalledModel, 'files'>): number {
  return model.files.reduce((sum, file) => sum + file.size, 0);
}
